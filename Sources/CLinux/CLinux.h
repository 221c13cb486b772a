// What Linux offers and Swift's Glibc module lacks. A thing belongs here if
//   1. its header is not part of the Glibc module, and can be imported beside it; or
//   2. it is a GNU extension, hidden unless _GNU_SOURCE is defined (defining that here would clash with the Glibc
//      module's own idea of fd_set), so its prototype is written out by hand; or
//   3. it is a macro, a variadic function or a global that Swift cannot reach.
// SwiftPM does not notice an edit of this file: `make build` does.
#pragma once

#include <getopt.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <unistd.h>

// GNU extensions: see each one's manual page.
int unshare(int flags);
int setns(int fd, int nstype);
int pipe2(int pipefd[2], int flags);
int dup3(int oldfd, int newfd, int flags);
int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags);
int execvpe(const char *file, char *const argv[], char *const envp[]);
int close_range(unsigned int first, unsigned int last, int flags);
int memfd_create(const char *name, unsigned int flags);
ssize_t splice(int fd_in, off_t *off_in, int fd_out, off_t *off_out, size_t len, unsigned int flags);
const char *strerrorname_np(int errnum);
void *memmem(const void *haystack, size_t haystacklen, const void *needle, size_t needlelen);

enum {
  CLINUX_CLONE_NEWNS = 0x00020000,
  CLINUX_CLONE_NEWUTS = 0x04000000,
  CLINUX_CLONE_NEWIPC = 0x08000000,
  CLINUX_CLONE_NEWUSER = 0x10000000,
  CLINUX_CLONE_NEWPID = 0x20000000,
  CLINUX_CLONE_NEWNET = 0x40000000,
  CLINUX_POLLRDHUP = 0x2000,
  CLINUX_SPLICE_F_MOVE = 1,
  CLINUX_SPLICE_F_NONBLOCK = 2,
  CLINUX_SPLICE_F_MORE = 4,
  CLINUX_F_SETPIPE_SZ = 1031,
};

// fork(2) is hidden from Swift because a threaded program must not call it; this one has one thread.
static inline pid_t clinux_fork(void) { return fork(); }

// A child within this process's memory, which stands still until the child has its program or is gone (clone(2), with
// CLONE_VM and CLONE_VFORK). `stack_end` is the upper end of a stack of its own.
int clone(int (*body)(void *), void *stack_end, int flags, void *argument, ...);
static inline pid_t clinux_clone_within(int (*body)(void *), void *stack_end, void *argument) {
  return clone(body, stack_end, 0x00000100 | 0x00004000 | SIGCHLD, argument);
}

// pidfd_open(2): glibc has a wrapper only from 2.36 on.
static inline int clinux_pidfd_open(pid_t pid, unsigned int flags) { return (int)syscall(SYS_pidfd_open, pid, flags); }

// finit_module(2) has no wrapper.
static inline int clinux_finit_module(int fd, const char *parameters, int flags) {
  return (int)syscall(SYS_finit_module, fd, parameters, flags);
}

// A frame of a packet ring changes hands by its status word, which the kernel writes at any time, see packet(7).
static inline unsigned int clinux_load_acquire(const void *word) {
  return __atomic_load_n((const unsigned int *)word, __ATOMIC_ACQUIRE);
}
static inline void clinux_store_release(void *word, unsigned int value) {
  __atomic_store_n((unsigned int *)word, value, __ATOMIC_RELEASE);
}

static inline unsigned long long clinux_load_acquire_long(const void *word) {
  return __atomic_load_n((const unsigned long long *)word, __ATOMIC_ACQUIRE);
}
static inline void clinux_store_release_long(void *word, unsigned long long value) {
  __atomic_store_n((unsigned long long *)word, value, __ATOMIC_RELEASE);
}

// bpf(2) and perf_event_open(2) have no wrappers in glibc.
static inline int clinux_bpf(int command, void *attributes, unsigned int size) {
  return (int)syscall(SYS_bpf, command, attributes, size);
}
static inline int clinux_perf_event_open(void *attributes, pid_t pid, int cpu, int group, unsigned long flags) {
  return (int)syscall(SYS_perf_event_open, attributes, pid, cpu, group, flags);
}

// getopt_long's results are globals, which Swift 6 refuses to read.
static inline char *clinux_optarg(void) { return optarg; }
static inline int clinux_optind(void) { return optind; }
static inline int clinux_optopt(void) { return optopt; }
static inline void clinux_set_optind(int value) { optind = value; }
static inline void clinux_set_opterr(int value) { opterr = value; }

// Variadic functions.
static inline int clinux_ioctl_int(int fd, unsigned long request, int *value) { return ioctl(fd, request, value); }
static inline int clinux_ioctl_value(int fd, unsigned long request, unsigned long value) {
  return ioctl(fd, request, value);
}
static inline int clinux_prctl(int option, unsigned long argument) { return prctl(option, argument, 0, 0, 0); }

// wait(2)'s macros.
static inline int clinux_exited(int status) { return (status & 0x7f) == 0; }
static inline int clinux_exit_status(int status) { return (status >> 8) & 0xff; }
static inline int clinux_term_signal(int status) { return status & 0x7f; }
