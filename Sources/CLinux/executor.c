#include "include/kith_executor.h"
#include <stddef.h>
#include <stdint.h>

/* swift/Runtime/Concurrency.h, which the toolchain does not install. */
typedef __attribute__((swiftcall)) void (*original_enqueue)(void *job);
typedef __attribute__((swiftcall)) void (*enqueue_hook)(void *job, original_enqueue original);
extern enqueue_hook swift_task_enqueueGlobal_hook;
extern __attribute__((swiftcall)) void swift_job_run(void *job, void *identity, uintptr_t implementation);

static void (*run_job)(void *job);

static __attribute__((swiftcall)) void enqueue(void *job, original_enqueue original) {
    (void)original;
    run_job(job);
}

bool kith_run_tasks_with(void (*run)(void *job)) {
    if (swift_task_enqueueGlobal_hook != NULL) return false;
    run_job = run;
    swift_task_enqueueGlobal_hook = enqueue;
    return true;
}

void kith_run_task(void *job) {
    swift_job_run(job, NULL, 0);
}
