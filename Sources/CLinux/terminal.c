#define _GNU_SOURCE
#include "include/kith_terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int lift(int *descriptor) {
    if (*descriptor > 2) return 0;
    int lifted = fcntl(*descriptor, F_DUPFD_CLOEXEC, 3);
    if (lifted < 0) return errno;
    close(*descriptor);
    *descriptor = lifted;
    return 0;
}

static int prepare(int ours, unsigned short columns, unsigned short rows) {
    struct termios settings;
    if (grantpt(ours) || unlockpt(ours) || tcgetattr(ours, &settings)) return errno;
    settings.c_iflag |= IUTF8;
    if (tcsetattr(ours, TCSANOW, &settings)) return errno;
    if (fcntl(ours, F_SETFL, O_NONBLOCK)) return errno;
    return kith_terminal_resize(ours, columns, rows);
}

int kith_terminal_resize(int ours, unsigned short columns, unsigned short rows) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(ours, TIOCSWINSZ, &size) ? errno : 0;
}

int kith_terminal_open(int ends[2], unsigned short columns, unsigned short rows) {
    ends[1] = -1;
    ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (ends[0] < 0) return errno;
    int failure = lift(&ends[0]);
    if (!failure) failure = prepare(ends[0], columns, rows);
    char name[64];
    if (!failure) failure = ptsname_r(ends[0], name, sizeof name);
    if (!failure) {
        ends[1] = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
        failure = ends[1] < 0 ? errno : lift(&ends[1]);
    }
    if (!failure) return 0;
    close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
    return failure;
}
