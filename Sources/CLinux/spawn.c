#define _GNU_SOURCE
#include "include/kith_spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* P_PIDFD of waitid(2), which older headers lack. */
enum { by_handle = 3 };

static int lift(int *descriptor) {
    if (*descriptor > 2) return 0;
    int lifted = fcntl(*descriptor, F_DUPFD_CLOEXEC, 3);
    if (lifted < 0) return errno;
    close(*descriptor);
    *descriptor = lifted;
    return 0;
}

int kith_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC)) return errno;
    int failure = lift(&ends[0]);
    if (!failure) failure = lift(&ends[1]);
    if (!failure) return 0;
    close(ends[0]);
    close(ends[1]);
    return failure;
}

static int set_limit(int resource, rlim_t soft, rlim_t hard) {
    struct rlimit limit;
    if (getrlimit(resource, &limit)) return errno;
    limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
    if (hard < limit.rlim_max) limit.rlim_max = hard;
    return setrlimit(resource, &limit) ? errno : 0;
}

static int set_limits(const struct kith_spawn_request *request) {
    int failure = 0;
    if (request->memory) failure = set_limit(RLIMIT_AS, request->memory, request->memory);
    if (!failure && request->processes) failure = set_limit(RLIMIT_NPROC, request->processes, request->processes);
    if (!failure && request->open_files) failure = set_limit(RLIMIT_NOFILE, request->open_files, RLIM_INFINITY);
    return failure;
}

/* Also those that glibc keeps for itself are asked; it refuses. */
static void reset_signals(void) {
    struct sigaction usual;
    memset(&usual, 0, sizeof usual);
    usual.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++) sigaction(number, &usual, NULL);
}

static int place_descriptors(const struct kith_spawn_request *request) {
    int input = request->input < 0 ? open("/dev/null", O_RDONLY | O_CLOEXEC) : request->input;
    if (input < 0 || dup2(input, 0) < 0 || dup2(request->output, 1) < 0 || dup2(request->error, 2) < 0) return errno;
    if (request->has_terminal && ioctl(0, TIOCSCTTY, 0)) return errno;
    return close_range(3, ~0U, 0) ? errno : 0;
}

/* In the child, which still runs in its parent's memory: nothing here allocates or locks. Returns why the
 * program does not run. */
static int become(const struct kith_spawn_request *request, pid_t parent) {
    sigset_t none;
    reset_signals();
    if (setsid() < 0) return errno;
    if (request->dies_with_thread && prctl(PR_SET_PDEATHSIG, SIGKILL)) return errno;
    if (request->dies_with_thread && getppid() != parent) return ESRCH;
    int failure = set_limits(request);
    if (!failure && chdir(request->folder)) failure = errno;
    if (!failure) failure = place_descriptors(request);
    if (failure) return failure;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(request->program, request->arguments, request->environment);
    return errno;
}

/* A process that cannot be held by a handle is not kept. */
static int open_handle(pid_t process, int *handle) {
    *handle = (int)syscall(SYS_pidfd_open, process, 0);
    if (*handle >= 0) return 0;
    int failure = errno;
    kill(-process, SIGKILL);
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
    return failure;
}

int kith_spawn(const struct kith_spawn_request *request, pid_t *process, int *handle) {
    sigset_t all, before;
    volatile int failure = 0;
    pid_t parent = getpid();
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pid_t child = vfork();
    if (child == 0) {
        failure = become(request, parent);
        _exit(127);
    }
    int refusal = child < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (refusal) return refusal;
    if (failure) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        return failure;
    }
    *process = child;
    return open_handle(child, handle);
}

int kith_wait(int handle, int reap, int *code, int *signal) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int options = WEXITED | WNOHANG | (reap ? 0 : WNOWAIT);
    while (waitid((idtype_t)by_handle, (id_t)handle, &info, options)) {
        if (errno != EINTR) return errno;
    }
    if (info.si_pid == 0) return EAGAIN;
    *code = info.si_code == CLD_EXITED ? info.si_status : -1;
    *signal = info.si_code == CLD_EXITED ? -1 : info.si_status;
    return 0;
}

int kith_open_process(pid_t process) {
    int handle = (int)syscall(SYS_pidfd_open, process, 0);
    return handle >= 0 ? handle : -errno;
}

int kith_signal_handle(int handle, int signal) {
    return syscall(SYS_pidfd_send_signal, handle, signal, NULL, 0) ? errno : 0;
}

/* The name in /proc/N/stat may hold anything; the state and the group follow its last parenthesis. */
static int is_alive_in(const char *id, pid_t group) {
    char path[300], line[512];
    snprintf(path, sizeof path, "/proc/%s/stat", id);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, line, sizeof line - 1);
    close(file);
    if (length <= 0) return 0;
    line[length] = 0;
    const char *rest = strrchr(line, ')');
    char state;
    int parent, its_group;
    if (!rest || sscanf(rest + 1, " %c %d %d", &state, &parent, &its_group) != 3) return 0;
    return its_group == group && state != 'Z' && state != 'X';
}

int kith_group_count(pid_t group) {
    DIR *processes = opendir("/proc");
    if (!processes) return -1;
    int count = 0;
    const struct dirent *entry;
    while ((entry = readdir(processes))) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        count += is_alive_in(entry->d_name, group);
    }
    closedir(processes);
    return count;
}

const char *kith_signal_name(int signal) { return sigabbrev_np(signal); }
