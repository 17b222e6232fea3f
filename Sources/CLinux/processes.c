#define _GNU_SOURCE
#include "include/kith_processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What of an environment is looked through; the keeper puts its mark first. */
enum { environment_limit = 64 << 10 };

static ssize_t read_file(int folder, const char *name, char *bytes, size_t limit) {
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    size_t length = 0;
    ssize_t count;
    while (length < limit && (count = read(file, bytes + length, limit - length)) > 0) length += (size_t)count;
    close(file);
    return (ssize_t)length;
}

/* The name in /proc/N/stat may hold anything; the rest follows its last parenthesis. */
static int read_stat(int folder, struct kith_process *process) {
    char line[1024], state;
    ssize_t length = read_file(folder, "stat", line, sizeof line - 1);
    if (length <= 0) return -1;
    line[length] = 0;
    const char *rest = strrchr(line, ')');
    if (!rest) return -1;
    int found = sscanf(
        rest + 1, " %c %d %d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &state,
        &process->parent, &process->group, &process->session, &process->start);
    process->is_dead = state == 'Z' || state == 'X';
    return found == 5 ? 0 : -1;
}

static void read_mark(int folder, struct kith_process *process, char *room) {
    static const char mark[] = "KITH_JOB=";
    ssize_t length = read_file(folder, "environ", room, environment_limit);
    if (length <= 0) return;
    room[length] = 0;
    for (const char *entry = room; entry < room + length; entry += strlen(entry) + 1) {
        if (strncmp(entry, mark, sizeof mark - 1)) continue;
        const char *value = entry + sizeof mark - 1;
        if (strlen(value) < sizeof process->job) strcpy(process->job, value);
        return;
    }
}

static int read_process(int all, const char *name, struct kith_process *process, char *room) {
    int folder = openat(all, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -1;
    memset(process, 0, sizeof *process);
    process->id = atoi(name);
    int failure = read_stat(folder, process);
    struct stat owner;
    process->is_ours = !failure && fstat(folder, &owner) == 0 && owner.st_uid == geteuid();
    if (process->is_ours && !process->is_dead) read_mark(folder, process, room);
    close(folder);
    return failure;
}

int kith_processes(struct kith_process *processes, int limit) {
    DIR *all = opendir("/proc");
    if (!all) return -1;
    char *room = malloc(environment_limit + 1);
    int count = 0;
    const struct dirent *entry;
    while (room && count < limit && (entry = readdir(all))) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        if (read_process(dirfd(all), entry->d_name, &processes[count], room) == 0) count += 1;
    }
    free(room);
    closedir(all);
    return count;
}

unsigned long long kith_process_start(pid_t id) {
    char path[32];
    snprintf(path, sizeof path, "/proc/%d", id);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return 0;
    struct kith_process process;
    int failure = read_stat(folder, &process);
    close(folder);
    return failure ? 0 : process.start;
}

int kith_signal_process(pid_t id, unsigned long long start, int number) {
    int handle = (int)syscall(SYS_pidfd_open, id, 0);
    if (handle < 0) return errno;
    int failure = ESRCH;
    if (kith_process_start(id) == start) failure = syscall(SYS_pidfd_send_signal, handle, number, NULL, 0) ? errno : 0;
    close(handle);
    return failure;
}

void kith_adopt_orphans(void) { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

static sigset_t end_of_child(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    return signals;
}

void kith_hold_child_signals(void) {
    struct sigaction usual;
    memset(&usual, 0, sizeof usual);
    usual.sa_handler = SIG_DFL;
    usual.sa_flags = SA_NOCLDSTOP;
    sigaction(SIGCHLD, &usual, NULL);
    sigset_t signals = end_of_child();
    sigprocmask(SIG_BLOCK, &signals, NULL);
}

int kith_child_bell(void) {
    sigset_t signals = end_of_child();
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

void kith_silence_child_bell(int bell) {
    struct signalfd_siginfo heard;
    while (read(bell, &heard, sizeof heard) > 0) {}
}

pid_t kith_ended_child(void) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) ? 0 : info.si_pid;
}

void kith_reap(pid_t child) { waitpid(child, NULL, WNOHANG); }
