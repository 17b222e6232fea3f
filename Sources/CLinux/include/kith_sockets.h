#pragma once

#include <sys/types.h>

/* Unix sockets in a folder however deep: its path goes through /proc/self/fd and is always short. Both
 * are non-blocking and closed on exec; a result below 0 is a negative errno. */

/* Listens at `name` in `folder`, for this user alone. What stood there is removed. */
int kith_listen(int folder, const char *name);

/* The process that listens at the other end of a connection; -1 and errno. */
pid_t kith_other_process(int connection);

/* Connects to `name` in `folder`. */
int kith_connect(int folder, const char *name);

/* The next connection, if it comes from our own user; -EAGAIN when none waits, -EPERM for another user's. */
int kith_accept(int listener);

/* sendfile(2), from `at` on; does not move the file's own offset. Bytes or a negative errno. */
ssize_t kith_send_file(int socket, int file, off_t at, size_t count);

/* send(2) without SIGPIPE and without waiting. Bytes or a negative errno. */
ssize_t kith_send(int socket, const void *bytes, size_t count);

/* Makes a socket hold `bytes` that nobody has read yet, as far as this user may. */
void kith_widen_socket(int socket, int bytes);

/* Makes a pipe hold `bytes`, as far as this user may. */
void kith_widen_pipe(int pipe, int bytes);
