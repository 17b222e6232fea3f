#pragma once

/* What Swift's Glibc module does not show of Linux' file calls. */

/* openat2(2): opens `path` below `folder` and obeys `resolve`; -1 and errno as open(2). */
int kith_openat2(int folder, const char *path, int flags, unsigned int mode, unsigned int resolve);

extern const unsigned int kith_resolve_beneath;       /* never leaves `folder` */
extern const unsigned int kith_resolve_no_magiclinks; /* never follows /proc/self/root and its like */
extern const unsigned int kith_resolve_no_symlinks;   /* never follows any link */

extern const int kith_o_path;    /* a place, not its content: opens nothing that could block */
extern const int kith_o_tmpfile; /* a file without a name */
