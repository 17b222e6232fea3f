#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Fencing this process in before it becomes another program: Landlock, seccomp, capabilities, limits.
 * Every function returns 0 or an errno unless it says otherwise. Nothing can be taken back. */

/* Which version of Landlock the kernel has; 0 for none. */
int kith_landlock_version(void);

/* What a file rule may open. */
extern const uint64_t kith_landlock_read;     /* files and folders: read, list, execute, ask devices */
extern const uint64_t kith_landlock_change;   /* everything else below a folder, but for devices */
extern const uint64_t kith_landlock_file;     /* what of both makes sense for what is no folder */

/* A set of rules that closes all file accesses that are not opened, and signals and abstract sockets beyond
 * the fence. A descriptor that is closed on exec, or minus an errno. */
int kith_landlock_create(void);

/* Opens `access` to the place behind `place` and, if it is a folder, to all below it. */
int kith_landlock_open(int rules, int place, uint64_t access);

/* Fences this process in with `rules`. Needs kith_take_privileges before. */
int kith_landlock_close(int rules);

/* No capability, and none to come: not by a set-user-id program, not for root. */
int kith_take_privileges(void);

/* Refuses sockets of the Unix family but for connected pairs, rings of requests to the kernel (which the filter
 * would not see), and every call of another architecture. */
int kith_refuse_sockets(void);

/* Bounds the address space, in bytes. */
int kith_bound_memory(uint64_t bytes);

/* Bounds how many processes and threads the user of this process may have when it starts another. */
int kith_bound_processes(uint64_t count);

/* How many processes and threads the user of this process has now; -1 if /proc cannot be read. */
int64_t kith_count_processes(void);

/* Becomes the program behind `descriptor`, which is no script. Returns only an errno. */
int kith_become(int descriptor, char *const arguments[]);

/* Removes the folder `name` in `parent` with all below it, following no link. */
int kith_remove_tree(int parent, const char *name);
