#pragma once

/* What Swift's Glibc module does not show of Linux' file calls. */

/* openat2(2): opens `path` below `folder` and obeys `resolve`; -1 and errno as open(2). */
int kith_openat2(int folder, const char *path, int flags, unsigned int mode, unsigned int resolve);

extern const unsigned int kith_resolve_beneath;       /* never leaves `folder` */
extern const unsigned int kith_resolve_no_magiclinks; /* never follows /proc/self/root and its like */
extern const unsigned int kith_resolve_no_symlinks;   /* never follows any link */

extern const int kith_o_path;    /* a place, not its content: opens nothing that could block */
extern const int kith_o_tmpfile; /* a file without a name */

extern const int kith_seek_data; /* lseek(2): where the next data begin */
extern const int kith_seek_hole; /* lseek(2): where the next hole begins */

/* syncfs(2): everything of the file system of `file` is on disk; -1 and errno. */
int kith_syncfs(int file);

/* sync_file_range(2): begins to write what is dirty of `file` in the range; does not wait. */
void kith_begin_writing(int file, long long offset, long long count);
