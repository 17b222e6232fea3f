#pragma once

/* Sends `text` to the datagram socket that a service manager named in NOTIFY_SOCKET: a path, or `@` and a name in the
 * abstract namespace. Does not wait. 0 or a negative errno. */
int kith_notify(const char *socket_name, const char *text);
