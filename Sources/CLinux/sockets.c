#define _GNU_SOURCE
#include "include/kith_sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un address_of(int folder, const char *name) {
    struct sockaddr_un address;
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder, name);
    return address;
}

static int open_socket(void) {
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0 || descriptor > 2) return descriptor < 0 ? -errno : descriptor;
    int lifted = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    int failure = errno;
    close(descriptor);
    return lifted < 0 ? -failure : lifted;
}

static int give_up(int descriptor) {
    int failure = errno;
    close(descriptor);
    return -failure;
}

int kith_listen(int folder, const char *name) {
    int listener = open_socket();
    if (listener < 0) return listener;
    struct sockaddr_un address = address_of(folder, name);
    unlink(address.sun_path);
    if (bind(listener, (struct sockaddr *)&address, sizeof address)) return give_up(listener);
    if (chmod(address.sun_path, 0600) || listen(listener, 1024)) return give_up(listener);
    return listener;
}

int kith_connect(int folder, const char *name) {
    int connection = open_socket();
    if (connection < 0) return connection;
    struct sockaddr_un address = address_of(folder, name);
    while (connect(connection, (struct sockaddr *)&address, sizeof address)) {
        if (errno != EINTR) return give_up(connection);
    }
    return connection;
}

int kith_accept(int listener) {
    int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection < 0) return -errno;
    struct ucred other;
    socklen_t length = sizeof other;
    if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &other, &length) || other.uid != geteuid()) {
        close(connection);
        return -EPERM;
    }
    return connection;
}

pid_t kith_other_process(int connection) {
    struct ucred other;
    socklen_t length = sizeof other;
    return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &other, &length) ? -1 : other.pid;
}

ssize_t kith_send_file(int socket, int file, off_t at, size_t count) {
    ssize_t sent = sendfile(socket, file, &at, count);
    return sent < 0 ? -errno : sent;
}

ssize_t kith_send(int socket, const void *bytes, size_t count) {
    ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? -errno : sent;
}

void kith_widen_socket(int socket, int bytes) { setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes); }

void kith_widen_pipe(int pipe, int bytes) { fcntl(pipe, F_SETPIPE_SZ, bytes); }
