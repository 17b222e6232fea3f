#define _GNU_SOURCE
#include "include/kith_spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static int prepare_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failure = posix_spawnattr_setsigmask(attributes, &none);
    if (!failure) failure = posix_spawnattr_setsigdefault(attributes, &all);
    if (failure) return failure;
    return posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int prepare_actions(posix_spawn_file_actions_t *actions, const struct kith_spawn_request *request) {
    int failure = posix_spawn_file_actions_addchdir_np(actions, request->folder);
    if (!failure) {
        failure = request->input < 0
            ? posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0)
            : posix_spawn_file_actions_adddup2(actions, request->input, 0);
    }
    if (!failure) failure = posix_spawn_file_actions_adddup2(actions, request->output, 1);
    if (!failure) failure = posix_spawn_file_actions_adddup2(actions, request->error, 2);
    if (!failure) failure = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    return failure;
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
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int failure = posix_spawnattr_init(&attributes);
    if (failure) return failure;
    failure = posix_spawn_file_actions_init(&actions);
    if (failure) {
        posix_spawnattr_destroy(&attributes);
        return failure;
    }
    failure = prepare_attributes(&attributes);
    if (!failure) failure = prepare_actions(&actions, request);
    if (!failure) {
        failure = posix_spawn(
            process, request->program, &actions, &attributes, request->arguments, request->environment);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure ? failure : open_handle(*process, handle);
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
