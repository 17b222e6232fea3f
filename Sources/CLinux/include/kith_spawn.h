#pragma once

#include <sys/types.h>

/* Starting a process and learning how it ended. vfork() shares the address space until exec, as glibc's
 * posix_spawn does, so the cost does not grow with the parent; unlike it, it sets limits, a controlling
 * terminal and a signal for the parent's death in the child. Every function returns 0 or an errno. */

/* A pipe whose ends are closed on exec and never stand at 0, 1 or 2. */
int kith_pipe(int ends[2]);

/* What a new process gets. `input` below 0 means /dev/null. The descriptors stay the caller's. */
struct kith_spawn_request {
    const char *program; /* absolute path */
    char *const *arguments; /* ends with NULL */
    char *const *environment; /* ends with NULL */
    const char *folder;
    int input;
    int output;
    int error;
    int has_terminal;    /* `input` is a terminal, which becomes the session's own */
    int dies_with_thread; /* KILL when the thread that starts it ends, and so when our process does */
    unsigned long memory;     /* bytes of address space; 0: as ours */
    unsigned long processes;  /* processes of this user in all; 0: as ours */
    unsigned long open_files; /* soft limit; 0: as ours */
};

/* Starts a process in a session and group of its own (its id is both), with default signals, an empty
 * mask and no descriptor above 2. `*handle` is a pidfd, closed on exec. */
int kith_spawn(const struct kith_spawn_request *request, pid_t *process, int *handle);

/* Whether the process behind `handle` has ended: EAGAIN while it runs. With `reap` it is gone
 * afterwards; without, its id stays taken. Exactly one of `*code` and `*signal` is set, the other -1. */
int kith_wait(int handle, int reap, int *code, int *signal);

/* A pidfd of a process that somebody else has started, closed on exec; or a negative errno. */
int kith_open_process(pid_t process);

/* Sends a signal to the process behind `handle`, never to one that has got its id since. */
int kith_signal_handle(int handle, int signal);

/* How many processes of `group` are alive (the dead that nobody has reaped do not count); -1 if /proc
 * cannot be read. */
int kith_group_count(pid_t group);

/* `TERM` for 15; NULL for a number that has no name. */
const char *kith_signal_name(int signal);
