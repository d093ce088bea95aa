// What a detector may not have, and a hostile one would try. Each gives true if it got it. The names of files
// are those that the tests lay out and look at afterwards.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace attempts {

inline constexpr const char* secret = "/tmp/posterior-fault-secret";
inline constexpr const char* mark = "/tmp/posterior-fault-was-here";

[[noreturn]] inline void stay() {
  while (true)
    pause();
}
// Asked past the C library, which may know no such call, or do other things in its place.
template <class... Arguments>
long ask(long number, Arguments... arguments) {
  return syscall(number, arguments...);
}

// --- files ---

inline bool reads_secret() {
  const int file = open(secret, O_RDONLY | O_CLOEXEC);
  char first = 0;
  return file >= 0 && read(file, &first, 1) == 1;
}
inline bool lists_folder() {
  return opendir("/tmp") != nullptr;
}
inline bool writes_file() {
  const int file = open(mark, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  return file >= 0 && write(file, "secret", 6) == 6;
}
inline bool appends_to_secret() {
  return open(secret, O_WRONLY | O_APPEND | O_CLOEXEC) >= 0;
}
inline bool truncates_secret() {
  return truncate(secret, 0) == 0;
}
inline bool removes_secret() {
  return unlink(secret) == 0;
}
inline bool makes_folder() {
  return mkdir(mark, 0700) == 0;
}
inline bool makes_link() {
  return symlink(secret, mark) == 0;
}
inline bool changes_directory() {
  return chdir("/tmp") == 0;
}
inline bool changes_umask() {
  return ask(SYS_umask, 0) >= 0;
}

// Beyond the first four, and the library's own.
inline bool has_descriptors() {
  for (int i = 5; i < 4096; ++i)
    if (fcntl(i, F_GETFD) >= 0)
      return true;
  return false;
}

// --- the network ---

inline bool opens_socket() {
  return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}
inline bool makes_socket_pair() {
  int ends[2];
  return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0;
}
// With the only socket that it has.
inline bool connects_by_name() {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strcpy(name.sun_path + 1, "posterior-fault");
  return connect(3, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 || errno != EPERM;
}

// --- processes ---

inline bool forks() {
  bool any = false;
  for (int i = 0; i < 50; ++i) {
    const pid_t child = fork();
    if (child == 0)
      stay();
    any = any || child > 0;
  }
  return any;
}
inline bool clones_process() {
  const long child = ask(SYS_clone, long{CLONE_PARENT | SIGCHLD}, 0L, 0L, 0L, 0L);
  if (child == 0)
    stay();
  return child > 0;
}
inline bool clones_anew() {
  std::uint64_t arguments[8] = {0, 0, 0, 0, SIGCHLD};
  const long child = ask(SYS_clone3, arguments, sizeof arguments);
  if (child == 0)
    stay();
  return child > 0;
}
inline bool executes() {
  execl("/bin/true", "true", nullptr);
  return false;
}
inline bool spawns() {
  char name[] = "true";
  char* const arguments[] = {name, nullptr};
  pid_t child = -1;
  return posix_spawn(&child, "/bin/true", nullptr, nullptr, arguments, nullptr) == 0;
}
inline bool kills_parent() {
  return kill(getppid(), SIGKILL) == 0;
}
inline bool looks_for_parent() {
  return kill(getppid(), 0) == 0;
}
inline bool signals_group() {
  return kill(0, SIGTERM) == 0;
}
inline bool signals_all() {
  return kill(-1, SIGTERM) == 0;
}
inline bool traces_parent() {
  return ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr) == 0;
}
inline bool reads_parent() {
  char here[16];
  const iovec local{here, sizeof here};
  const iovec remote{reinterpret_cast<void*>(std::uintptr_t{0x400000}), sizeof here};
  return process_vm_readv(getppid(), &local, 1, &remote, 1, 0) > 0;
}
inline bool limits_parent() {
  const rlimit none{0, 0};
  return prlimit(getppid(), RLIMIT_FSIZE, &none, nullptr) == 0;
}
inline bool raises_limits() {
  const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
  return setrlimit(RLIMIT_FSIZE, &all) == 0 || setrlimit(RLIMIT_NOFILE, &all) == 0;
}
// The kernel would signal the owner of a socket when something comes in.
inline bool owns_signals() {
  return fcntl(3, F_SETOWN, getppid()) == 0;
}

// --- the kernel ---

inline bool makes_memory_file() {
  return memfd_create("program", 0) >= 0;
}
inline bool uses_ring() {
  char parameters[120] = {};
  return ask(SYS_io_uring_setup, 4, parameters) >= 0;
}
inline bool loads_bpf() {
  bpf_attr none{};
  return ask(SYS_bpf, BPF_PROG_LOAD, &none, sizeof none) >= 0;
}
inline bool asks_for_keys() {
  return ask(SYS_keyctl, 0, -3, 0) >= 0;
}
inline bool mounts() {
  return mount("none", "/tmp", "tmpfs", 0, nullptr) == 0;
}
inline bool unshares() {
  return unshare(CLONE_NEWUSER) == 0;
}
inline bool becomes_dumpable() {
  return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}
// The 32-bit entry of a 64-bit kernel has numbers of its own, which a filter that forgets them lets through.
inline bool calls_32_bit() {
#if defined(__x86_64__)
  long result = 20; // getpid
  __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
  return result > 0;
#else
  ask(SYS_ptrace, 0, 0, 0, 0);
  return true;
#endif
}

} // namespace attempts
