#define _GNU_SOURCE
#include "include/kith_notify.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int kith_notify(const char *socket_name, const char *text) {
    size_t length = strlen(socket_name);
    struct sockaddr_un address;
    if (length < 2 || length >= sizeof address.sun_path) return -EINVAL;
    if (socket_name[0] != '/' && socket_name[0] != '@') return -EINVAL;
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, socket_name, length);
    if (socket_name[0] == '@') address.sun_path[0] = 0;
    /* The name in the abstract namespace is exactly so long; a path may have its zero. */
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (socket_name[0] == '/'));

    int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (sender < 0) return -errno;
    ssize_t sent = sendto(sender, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&address, size);
    int failure = sent < 0 ? errno : 0;
    close(sender);
    return -failure;
}
