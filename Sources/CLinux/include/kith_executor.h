#pragma once
#include <stdbool.h>

/* Lets `run` have every task of Swift's concurrency that is ready and bound to no executor of its own, instead of the
 * runtime's pool. False, and nothing is changed, where somebody else has done so. To be called once, before the first
 * task. The runtime shows this hook to dlsym(3) only as a shared library; linked into the program it is still there. */
bool kith_run_tasks_with(void (*run)(void *job));

/* Runs such a task on this thread until it waits. As it is bound to no executor, it enters an actor that is free, and
 * leaves it again, without waiting for another turn. */
void kith_run_task(void *job);
