#define _GNU_SOURCE
#include "include/kith_files.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

const unsigned int kith_resolve_beneath = RESOLVE_BENEATH;
const unsigned int kith_resolve_no_magiclinks = RESOLVE_NO_MAGICLINKS;
const unsigned int kith_resolve_no_symlinks = RESOLVE_NO_SYMLINKS;
const int kith_o_path = O_PATH;
const int kith_o_tmpfile = O_TMPFILE;
const int kith_seek_data = SEEK_DATA;
const int kith_seek_hole = SEEK_HOLE;

int kith_openat2(int folder, const char *path, int flags, unsigned int mode, unsigned int resolve) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (unsigned int)flags;
    how.mode = mode;
    how.resolve = resolve;
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

int kith_syncfs(int file) { return syncfs(file); }

void kith_begin_writing(int file, long long offset, long long count) {
    (void)sync_file_range(file, offset, count, SYNC_FILE_RANGE_WRITE);
}
