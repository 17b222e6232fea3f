#define _GNU_SOURCE
#include "include/kith_confine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Landlock as of its version 6; older headers lack the later parts, so they are written down here. */
enum {
    fs_execute = 1 << 0, fs_write = 1 << 1, fs_read = 1 << 2, fs_list = 1 << 3, fs_remove_folder = 1 << 4,
    fs_remove = 1 << 5, fs_make_char = 1 << 6, fs_make_folder = 1 << 7, fs_make_file = 1 << 8, fs_make_socket = 1 << 9,
    fs_make_fifo = 1 << 10, fs_make_block = 1 << 11, fs_make_link = 1 << 12, fs_refer = 1 << 13, fs_truncate = 1 << 14,
    fs_device = 1 << 15,
    fs_all = (1 << 16) - 1,
};
enum { scope_abstract_sockets = 1 << 0, scope_signals = 1 << 1 };
enum { create_version = 1 << 0, rule_path_beneath = 1 };

struct landlock_rules {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

struct landlock_place {
    uint64_t access;
    int32_t place;
} __attribute__((packed));

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

const uint64_t kith_landlock_read = fs_execute | fs_read | fs_list | fs_device;
const uint64_t kith_landlock_change = fs_write | fs_remove_folder | fs_remove | fs_make_folder | fs_make_file
    | fs_make_socket | fs_make_fifo | fs_make_link | fs_refer | fs_truncate;
const uint64_t kith_landlock_file = fs_execute | fs_write | fs_read | fs_truncate | fs_device;

int kith_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, create_version);
    return version < 0 ? 0 : (int)version;
}

int kith_landlock_create(void) {
    struct landlock_rules rules = {fs_all, 0, scope_abstract_sockets | scope_signals};
    long descriptor = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    return descriptor < 0 ? -errno : (int)descriptor;
}

int kith_landlock_open(int rules, int place, uint64_t access) {
    struct landlock_place rule = {access, place};
    return syscall(SYS_landlock_add_rule, rules, rule_path_beneath, &rule, 0) ? errno : 0;
}

int kith_landlock_close(int rules) { return syscall(SYS_landlock_restrict_self, rules, 0) ? errno : 0; }

/* The bounding set first, which takes a capability; then those that are held. */
int kith_take_privileges(void) {
    for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) && errno != EPERM) return errno;
    }
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)) return errno;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2];
    memset(none, 0, sizeof none);
    if (syscall(SYS_capset, &header, none)) return errno;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? errno : 0;
}

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "The filter is written for x86_64 and aarch64."
#endif

/* The lower half of an argument; both architectures are little-endian. */
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, value)
#define REFUSE(number) ANSWER(SECCOMP_RET_ERRNO | (number))
#define ALLOW ANSWER(SECCOMP_RET_ALLOW)

int kith_refuse_sockets(void) {
    struct sock_filter filter[] = {
        LOAD(arch),
        IS(OWN_ARCHITECTURE, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
        /* x32, which has the architecture of x86_64 and other numbers. */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        REFUSE(ENOSYS),
        IS(SYS_socket, 0, 0),
        IS(SYS_socketpair, 0, 0),
        IS(SYS_io_uring_setup, 0, 0),
        ALLOW,
        /* socket */
        LOAD(args[0]),
        IS(AF_UNIX, 0, 0),
        ALLOW,
        /* socketpair: a pair of datagram sockets can still be connected elsewhere, a pair of streams cannot. */
        LOAD(args[0]),
        IS(AF_UNIX, 1, 0),
        ALLOW,
        LOAD(args[1]),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf),
        IS(SOCK_STREAM, 0, 0),
        IS(SOCK_SEQPACKET, 0, 0),
        REFUSE(EACCES),
        ALLOW,
    };
    /* Where the jumps lead that are left open above: counted from the instruction behind the jump. */
    enum { to_socket = 10, to_pair = 13, refuse = 20, allow = 21 };
    filter[6].jt = to_socket - 7;
    filter[7].jt = to_pair - 8;
    filter[8].jt = refuse - 9;
    filter[11].jt = refuse - 12;
    filter[18].jt = allow - 19;
    filter[19].jt = allow - 20;
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) ? errno : 0;
}

int kith_bound_memory(uint64_t bytes) {
    struct rlimit limit = {bytes, bytes};
    return setrlimit(RLIMIT_AS, &limit) ? errno : 0;
}

int kith_bound_processes(uint64_t count) {
    struct rlimit limit = {count, count};
    return setrlimit(RLIMIT_NPROC, &limit) ? errno : 0;
}

/* Threads of one process, if it is ours: what the kernel counts for RLIMIT_NPROC. */
static int64_t threads_of(const char *id, uid_t user) {
    char path[300], text[4096];
    snprintf(path, sizeof path, "/proc/%s/status", id);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0) return 0;
    text[length] = 0;
    const char *owner = strstr(text, "\nUid:"), *threads = strstr(text, "\nThreads:");
    if (!owner || !threads || strtoul(owner + 5, NULL, 10) != user) return 0;
    return strtol(threads + 9, NULL, 10);
}

int64_t kith_count_processes(void) {
    DIR *processes = opendir("/proc");
    if (!processes) return -1;
    int64_t count = 0;
    uid_t user = getuid();
    const struct dirent *entry;
    while ((entry = readdir(processes))) {
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') count += threads_of(entry->d_name, user);
    }
    closedir(processes);
    return count;
}

int kith_become(int descriptor, char *const arguments[]) {
    syscall(SYS_execveat, descriptor, "", arguments, environ, AT_EMPTY_PATH);
    return errno;
}

static int empty_folder(int folder) {
    DIR *entries = fdopendir(folder);
    if (!entries) {
        int failure = errno;
        close(folder);
        return failure;
    }
    int failure = 0;
    const struct dirent *entry;
    while ((entry = readdir(entries))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        int problem = kith_remove_tree(dirfd(entries), entry->d_name);
        if (problem) failure = problem;
    }
    closedir(entries);
    return failure;
}

/* Opens a folder to empty it; one that was closed to its owner is opened first, and never through a link. */
static int open_folder(int parent, const char *name) {
    int place = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (place < 0) return -1;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", place);
    chmod(path, 0700);
    int folder = openat(place, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    close(place);
    return folder;
}

int kith_remove_tree(int parent, const char *name) {
    if (!unlinkat(parent, name, 0) || errno == ENOENT) return 0;
    if (errno != EISDIR && errno != EPERM) return errno;
    int folder = open_folder(parent, name);
    if (folder < 0) return errno;
    int failure = empty_folder(folder);
    if (failure) return failure;
    return unlinkat(parent, name, AT_REMOVEDIR) && errno != ENOENT ? errno : 0;
}
