// What is let through is what the loader and the C and C++ libraries need in order to compute: memory,
// threads, time, chance, reading. Tried on tests/host/faults/ordinary.cpp and on every toolchain of
// tests/abi/toolchains; the lists are a judgement beyond that, and what is missing is answered, not ended.
#include "engine/worker/syscalls.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

namespace posterior::worker {
namespace {

// clang-format off
constexpr int let_through[] = {
  // memory
  SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise),
  // threads and waiting; a wait that never ends meets the deadline
  SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
  SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(restart_syscall),
  SCMP_SYS(pause), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6),
  // its own signals
  SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigsuspend),
  SCMP_SYS(rt_sigtimedwait), SCMP_SYS(rt_sigpending), SCMP_SYS(sigaltstack),
  // clocks, chance, and what it is
  SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(times),
  SCMP_SYS(getrusage), SCMP_SYS(getrlimit), SCMP_SYS(sysinfo), SCMP_SYS(getcpu), SCMP_SYS(getrandom),
  SCMP_SYS(getpid), SCMP_SYS(getppid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
  // what is open; opening is judged below
  SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(lseek),
  SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx),
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  // what a sanitizer's program is called, and, through a pipe, whether an address can be read
  SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(pipe), SCMP_SYS(pipe2),
#endif
};

constexpr int denied[] = {
  // processes
  SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(setsid), SCMP_SYS(setpgid),
  SCMP_SYS(getpgrp), SCMP_SYS(getpgid), SCMP_SYS(getsid), SCMP_SYS(tkill), SCMP_SYS(setpriority),
  SCMP_SYS(sched_setscheduler), SCMP_SYS(sched_setparam), SCMP_SYS(sched_setaffinity), SCMP_SYS(setrlimit),
  SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid), SCMP_SYS(setregid), SCMP_SYS(setresuid),
  SCMP_SYS(setresgid), SCMP_SYS(setgroups), SCMP_SYS(capset), SCMP_SYS(personality), SCMP_SYS(seccomp),
  SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_add_rule), SCMP_SYS(landlock_restrict_self),
  SCMP_SYS(alarm), SCMP_SYS(setitimer), SCMP_SYS(timer_create), SCMP_SYS(timerfd_create),
  // the network, and what passes data on
  SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept),
  SCMP_SYS(accept4), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg),
  SCMP_SYS(setsockopt), SCMP_SYS(getsockopt), SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(shutdown),
  SCMP_SYS(eventfd2), SCMP_SYS(signalfd4), SCMP_SYS(epoll_create1),
  SCMP_SYS(inotify_init1), SCMP_SYS(memfd_create), SCMP_SYS(splice), SCMP_SYS(tee), SCMP_SYS(vmsplice),
  SCMP_SYS(sendfile), SCMP_SYS(copy_file_range), SCMP_SYS(shmget), SCMP_SYS(shmat), SCMP_SYS(msgget),
  SCMP_SYS(semget), SCMP_SYS(mq_open),
  // files and folders
  SCMP_SYS(creat), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(unlink),
  SCMP_SYS(unlinkat), SCMP_SYS(rmdir), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(link),
  SCMP_SYS(linkat), SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(fchmodat),
  SCMP_SYS(chown), SCMP_SYS(fchown), SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(truncate),
  SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(utime), SCMP_SYS(utimes), SCMP_SYS(utimensat),
  SCMP_SYS(setxattr), SCMP_SYS(fsetxattr), SCMP_SYS(chdir), SCMP_SYS(fchdir), SCMP_SYS(getcwd), SCMP_SYS(umask),
  SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(getdents), SCMP_SYS(getdents64), SCMP_SYS(statfs),
  SCMP_SYS(fstatfs), SCMP_SYS(flock), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(pwrite64), SCMP_SYS(uname),
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(pipe), SCMP_SYS(pipe2),
#endif
};

constexpr int deadly[] = {
  // other processes
  SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
  SCMP_SYS(process_madvise), SCMP_SYS(kcmp), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd),
  SCMP_SYS(pidfd_send_signal), SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo),
  // ways into the kernel
  SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup),
  SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register), SCMP_SYS(keyctl), SCMP_SYS(add_key),
  SCMP_SYS(request_key), SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module),
  SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load), SCMP_SYS(iopl), SCMP_SYS(ioperm), SCMP_SYS(syslog),
  // the whole system
  SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen),
  SCMP_SYS(fsconfig), SCMP_SYS(fsmount), SCMP_SYS(fspick), SCMP_SYS(mount_setattr), SCMP_SYS(pivot_root),
  SCMP_SYS(chroot), SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(open_by_handle_at), SCMP_SYS(reboot),
  SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(acct), SCMP_SYS(quotactl), SCMP_SYS(settimeofday),
  SCMP_SYS(clock_settime), SCMP_SYS(adjtimex), SCMP_SYS(clock_adjtime), SCMP_SYS(sethostname),
  SCMP_SYS(setdomainname)
};
// clang-format on

constexpr std::uint32_t let = SCMP_ACT_ALLOW;
constexpr std::uint32_t deny = SCMP_ACT_ERRNO(EPERM);
constexpr std::uint32_t end = SCMP_ACT_KILL_PROCESS;

// A filter under construction. Owns libseccomp's. A step that fails makes load() fail.
class filter {
public:
  filter()
      : raw_{seccomp_init(SCMP_ACT_ERRNO(ENOSYS))} {
    check(seccomp_attr_set(raw_, SCMP_FLTATR_ACT_BADARCH, end)); // 32-bit calls of a 64-bit process
    check(seccomp_attr_set(raw_, SCMP_FLTATR_CTL_TSYNC, 1));
    check(seccomp_attr_set(raw_, SCMP_FLTATR_CTL_OPTIMIZE, 2)); // a tree: a call passes about 8 steps
  }
  ~filter() { seccomp_release(raw_); }
  filter(const filter&) = delete;
  filter& operator=(const filter&) = delete;

  template <std::size_t N>
  void all(std::uint32_t action, const int (&calls)[N]) {
    for (const int call : calls)
      check(seccomp_rule_add_array(raw_, action, call, 0, nullptr));
  }
  void when(std::uint32_t action, int call, std::initializer_list<scmp_arg_cmp> conditions) {
    check(seccomp_rule_add_array(raw_, action, call, static_cast<unsigned>(conditions.size()),
                                 conditions.begin()));
  }
  bool load() { return sound_ && seccomp_load(raw_) == 0; }

private:
  void check(int result) { sound_ = sound_ && result == 0; }

  scmp_filter_ctx raw_;
  bool sound_ = true;
};

scmp_arg_cmp equal(unsigned argument, scmp_datum_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}
scmp_arg_cmp other_than(unsigned argument, scmp_datum_t value) {
  return {argument, SCMP_CMP_NE, value, 0};
}
scmp_arg_cmp bits(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

// A new thread is let through, a new process is not. The flags of clone3 lie in memory, where no filter can
// read them, so it is left out: ENOSYS.
void judge_clone(filter& out) {
  out.when(let, SCMP_SYS(clone), {bits(0, CLONE_THREAD, CLONE_THREAD)});
  out.when(deny, SCMP_SYS(clone), {bits(0, CLONE_THREAD, 0)});
}

// Files are opened for reading only; which, Landlock says. openat2 is left out as clone3 is.
void judge_opening(filter& out) {
  constexpr scmp_datum_t temporary = O_TMPFILE & ~O_DIRECTORY;
  constexpr scmp_datum_t changes[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND, temporary};
  scmp_datum_t any = 0;
  for (const scmp_datum_t one : changes)
    any |= one;
  for (const auto& [call, flags] : {std::pair{SCMP_SYS(open), 1U}, std::pair{SCMP_SYS(openat), 2U}}) {
    out.when(let, call, {bits(flags, any, 0)});
    for (const scmp_datum_t one : changes)
      out.when(deny, call, {bits(flags, one, one)});
  }
}

// raise() and abort() signal the process itself. Asking whether another one lives is harmless and denied; all
// else is an attack on others, on process groups (0 and below) too.
void judge_signals(filter& out) {
  const auto self = static_cast<scmp_datum_t>(getpid());
  out.when(let, SCMP_SYS(tgkill), {equal(0, self)});
  out.when(end, SCMP_SYS(tgkill), {other_than(0, self)});
  out.when(let, SCMP_SYS(kill), {equal(0, self)});
  out.when(deny, SCMP_SYS(kill), {other_than(0, self), equal(1, 0)});
  out.when(end, SCMP_SYS(kill), {other_than(0, self), other_than(1, 0)});
}

// Messages on what is open, to nobody else by name. F_SETOWN and F_SETSIG would make the kernel signal
// others.
void judge_descriptors(filter& out) {
  out.when(let, SCMP_SYS(sendto), {equal(4, 0)});
  out.when(deny, SCMP_SYS(sendto), {other_than(4, 0)});
  out.when(let, SCMP_SYS(recvfrom), {equal(4, 0)});
  out.when(deny, SCMP_SYS(recvfrom), {other_than(4, 0)});
  for (const scmp_datum_t command : {F_GETFD, F_SETFD, F_GETFL})
    out.when(let, SCMP_SYS(fcntl), {equal(1, command)});
  out.when(SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl),
           {}); // as for every file: printf asks whether it is a terminal
}

// Names of threads may be set; limits may be read.
void judge_settings(filter& out) {
  out.when(let, SCMP_SYS(prctl), {equal(0, PR_SET_NAME)});
  out.when(let, SCMP_SYS(prctl), {equal(0, PR_GET_NAME)});
  out.when(let, SCMP_SYS(prlimit64), {equal(0, 0), equal(2, 0)});
  out.when(deny, SCMP_SYS(prlimit64), {equal(0, 0), other_than(2, 0)});
  out.when(deny, SCMP_SYS(prlimit64), {other_than(0, 0)});
}

} // namespace

bool restrict_calls() {
  filter out;
  out.all(let, let_through);
  out.all(deny, denied);
  out.all(end, deadly);
  judge_clone(out);
  judge_opening(out);
  judge_signals(out);
  judge_descriptors(out);
  judge_settings(out);
  return out.load();
}

} // namespace posterior::worker
