#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int limit(int what, uint64_t value) {
  struct rlimit both = {.rlim_cur = value, .rlim_max = value};
  return setrlimit(what, &both);
}

int csandbox_limit(uint64_t bytes, uint64_t seconds, uint64_t descriptors) {
  return limit(RLIMIT_AS, bytes) || limit(RLIMIT_CPU, seconds) || limit(RLIMIT_FSIZE, 0) ||
         limit(RLIMIT_NOFILE, descriptors) || limit(RLIMIT_CORE, 0) ||
         prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

// ---------------------------------------------------------------- the filter

// Calls without conditions: memory, what is open already, time, own signals and threads.
static const int allowed[] = {
    SYS_read,         SYS_readv,           SYS_pread64,       SYS_write,           SYS_writev,
    SYS_lseek,        SYS_close,           SYS_dup,           SYS_fstat,           SYS_mmap,
    SYS_munmap,       SYS_mremap,          SYS_mprotect,      SYS_madvise,         SYS_brk,
    SYS_futex,        SYS_set_robust_list, SYS_rseq,          SYS_sched_yield,     SYS_sched_getaffinity,
    SYS_clock_gettime, SYS_clock_getres,   SYS_clock_nanosleep, SYS_nanosleep,     SYS_gettimeofday,
    SYS_getpid,       SYS_gettid,          SYS_getuid,        SYS_geteuid,         SYS_getgid,
    SYS_getegid,      SYS_uname,           SYS_sysinfo,       SYS_getrandom,       SYS_getrusage,
    SYS_rt_sigaction, SYS_rt_sigprocmask,  SYS_rt_sigreturn,  SYS_sigaltstack,     SYS_restart_syscall,
    SYS_exit,         SYS_exit_group,
};

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
// The lower and the upper half of an argument, on little-endian processors.
#define LOW(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[n]))
#define HIGH(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[n]) + 4)
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, value)
// Skips `count` instructions unless the value is this one.
#define UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count)
#define REFUSE(error) RETURN(SECCOMP_RET_ERRNO | (error))

int csandbox_lock(void) {
  const uint32_t self = (uint32_t)getpid();
  struct sock_filter before[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
      RETURN(SECCOMP_RET_KILL_PROCESS),
      LOAD(nr),
      // The calls of x32 have numbers of their own.
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
      RETURN(SECCOMP_RET_KILL_PROCESS),
      // Threads, never processes; clone3 hides its flags from filters, and libc falls back to clone.
      UNLESS(SYS_clone3, 1),
      REFUSE(ENOSYS),
      UNLESS(SYS_clone, 4),
      LOW(0),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
      RETURN(SECCOMP_RET_ALLOW),
      REFUSE(EPERM),
      // abort() signals its own process.
      UNLESS(SYS_tgkill, 4),
      LOW(0),
      UNLESS(self, 1),
      RETURN(SECCOMP_RET_ALLOW),
      REFUSE(EPERM),
      // A limit may be read; another value for it may not be given.
      UNLESS(SYS_prlimit64, 6),
      LOW(2),
      UNLESS(0, 3),
      HIGH(2),
      UNLESS(0, 1),
      RETURN(SECCOMP_RET_ALLOW),
      REFUSE(EPERM),
      // Flags of descriptors may be asked for and set, not who is signaled.
      UNLESS(SYS_fcntl, 8),
      LOW(1),
      UNLESS(F_GETFD, 1),
      RETURN(SECCOMP_RET_ALLOW),
      UNLESS(F_SETFD, 1),
      RETURN(SECCOMP_RET_ALLOW),
      UNLESS(F_GETFL, 1),
      RETURN(SECCOMP_RET_ALLOW),
      REFUSE(EPERM),
      // glibc asks for the facts of an open descriptor by this flag; a path beside it would give its facts, no content.
      UNLESS(SYS_newfstatat, 4),
      LOW(3),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1000 /* AT_EMPTY_PATH */, 0, 1),
      RETURN(SECCOMP_RET_ALLOW),
      REFUSE(EPERM),
  };
  enum { head = sizeof before / sizeof before[0], count = sizeof allowed / sizeof allowed[0] };
  struct sock_filter filter[head + 2 * count + 1];
  memcpy(filter, before, sizeof before);
  size_t length = head;
  for (size_t i = 0; i < count; i++) {
    filter[length++] = (struct sock_filter)UNLESS((uint32_t)allowed[i], 1);
    filter[length++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
  }
  filter[length++] = (struct sock_filter)REFUSE(EPERM);
  struct sock_fprog program = {.len = (unsigned short)length, .filter = filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -1;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

int csandbox_attempt(int act) {
  int descriptor = -1;
  struct rlimit none = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  switch (act) {
    case 0: descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC); break;
    case 1: descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); break;
    case 2: {
      const pid_t child = fork();
      if (child == 0) _exit(0);
      return child > 0;
    }
    case 3: {
      // What could be run takes this process's place: it could, if this never returns.
      char *const words[] = {(char *)"true", NULL};
      execv("/proc/self/exe", words);
      return errno != EPERM;
    }
    case 4: return kill(getppid(), 0) == 0;
    case 5: return setrlimit(RLIMIT_CPU, &none) == 0;
    default: return 1;
  }
  return descriptor >= 0;
}

// ---------------------------------------------------------------- processes

pid_t csandbox_fork(void) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    // Where memory runs out, this copy goes first.
    const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
      if (write(file, "1000", 4) != 4) errno = 0;
      close(file);
    }
  }
  return child;
}

void csandbox_begin(void) {
  close_range(3, ~0U, 0);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigprocmask(SIG_BLOCK, &signals, NULL);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return 1000 * (int64_t)time.tv_sec + time.tv_nsec / 1000000;
}

int csandbox_wait(pid_t child, int64_t milliseconds, int *status) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  const int64_t end = now() + milliseconds;
  int is_late = 0;
  for (;;) {
    const pid_t ended = waitpid(child, status, is_late ? 0 : WNOHANG);
    if (ended == child) return is_late;
    if (ended < 0 && errno != EINTR) return -1;
    const int64_t left = end - now();
    if (left <= 0) {
      kill(child, SIGKILL);
      is_late = 1;
      continue;
    }
    const struct timespec time = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
    sigtimedwait(&signals, NULL, &time);
  }
}

// ---------------------------------------------------------------- messages

int csandbox_pipe(int *ends) {
  if (pipe2(ends, O_CLOEXEC)) return -1;
  // Pixels come in megabytes: fewer turns between the two processes. Where it can't be had, it is slower.
  fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
  return 0;
}

enum { most = 4 };

int csandbox_send(
    int socket, const void *bytes, size_t count, const int *descriptors, size_t number) {
  union {
    struct cmsghdr head;
    char space[CMSG_SPACE(most * sizeof(int))];
  } control = {0};
  if (number > most) return -1;
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (number > 0) {
    message.msg_control = control.space;
    message.msg_controllen = CMSG_SPACE(number * sizeof(int));
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(number * sizeof(int));
    memcpy(CMSG_DATA(head), descriptors, number * sizeof(int));
  }
  ssize_t sent;
  do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == (ssize_t)count ? 0 : -1;
}

ssize_t csandbox_receive(
    int socket, void *bytes, size_t capacity, int *descriptors, size_t number) {
  union {
    struct cmsghdr head;
    char space[CMSG_SPACE(most * sizeof(int))];
  } control = {0};
  if (number > most) return -1;
  for (size_t i = 0; i < number; i++) descriptors[i] = -1;
  struct iovec part = {.iov_base = bytes, .iov_len = capacity};
  struct msghdr message = {
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = number > 0 ? control.space : NULL,
      .msg_controllen = number > 0 ? CMSG_SPACE(number * sizeof(int)) : 0};
  ssize_t count;
  do count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (count < 0 && errno == EINTR);
  if (count < 0 || message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) return -1;
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
    memcpy(descriptors, CMSG_DATA(head), head->cmsg_len - CMSG_LEN(0));
  return count;
}
