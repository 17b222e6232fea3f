#pragma once

#include <sys/types.h>

/* Other processes, as /proc tells of them, and those that lost their parents to us. */

/* One process. `job` is what KITH_JOB says in its environment, or empty. */
struct kith_process {
    pid_t id, parent, group, session;
    unsigned long long start; /* clock ticks after boot; with the id, unlike any other process */
    int is_dead;              /* ended, not reaped */
    int is_ours;              /* of this user */
    char job[16];
};

/* All processes, at most `limit`; how many, or -1 where /proc cannot be read. Costs some 20 µs each. */
int kith_processes(struct kith_process *processes, int limit);

/* When a process was started, as in kith_process; 0 if there is none of this id. */
unsigned long long kith_process_start(pid_t id);

/* Sends a signal to just this process, not to one that has its id by now. 0 or an errno. */
int kith_signal_process(pid_t id, unsigned long long start, int signal);

/* Makes orphans below us our children. */
void kith_adopt_orphans(void);

/* Has the kernel keep the news of ended children for `kith_child_bell` instead of waking a thread for each. For the
 * start of a program, while it has but one thread. */
void kith_hold_child_signals(void);

/* A descriptor that is readable when children have ended: a signalfd, or -1 and errno. */
int kith_child_bell(void);

/* Makes the bell unreadable until the next child ends. */
void kith_silence_child_bell(int bell);

/* A child that has ended and is not reaped, the first that the kernel finds; 0 if there is none. */
pid_t kith_ended_child(void);

/* Reaps this child if it has ended. */
void kith_reap(pid_t child);
