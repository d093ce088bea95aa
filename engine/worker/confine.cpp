#include "engine/worker/confine.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <ctime>

#include "engine/worker/landlock.hpp"
#include "engine/worker/syscalls.hpp"

namespace posterior::worker {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool bound_memory = false; // shadow memory takes terabytes of address space
#else
constexpr bool bound_memory = true;
#endif

constexpr rlim_t open_files = 32; // the loader needs a few; numbers from here on cannot be opened
// Only if the host that ends late answers is gone or stopped. Cases take milliseconds each.
constexpr rlim_t processor_seconds = 600;

bool limit(__rlimit_resource what, rlim_t most) {
  const rlimit both{most, most};
  return setrlimit(what, &both) == 0;
}

// Bytes of address space in use, or 0 if it cannot be read.
rlim_t address_space_used() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr)
    return 0;
  unsigned long pages = 0;
  const bool read = std::fscanf(file, "%lu", &pages) == 1;
  std::fclose(file);
  return read ? static_cast<rlim_t>(pages) * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) : 0;
}

bool limit_memory(std::uint32_t memory_mib) {
  if (!bound_memory)
    return true;
  const rlim_t used = address_space_used();
  return used > 0 && limit(RLIMIT_AS, used + static_cast<rlim_t>(memory_mib) * 1024 * 1024);
}

// Rationale for no RLIMIT_NPROC: it counts all threads of the user, the daemon's and the other workers' too,
// so any bound tight enough to matter would stop those. Processes are denied altogether, and each thread
// takes its stack from the bounded memory.
bool limit_all(std::uint32_t memory_mib) {
  const rlimit processor{processor_seconds,
                         processor_seconds + 5}; // SIGXCPU, which can be ignored; then SIGKILL
  return limit_memory(memory_mib) && setrlimit(RLIMIT_CPU, &processor) == 0 && limit(RLIMIT_CORE, 0) &&
         limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_MSGQUEUE, 0) &&
         limit(RLIMIT_SIGPENDING, 64) && limit(RLIMIT_NOFILE, open_files);
}

} // namespace

bool bind_to_parent(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
    return false;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return false;
  return getppid() == peer.pid; // otherwise it ended before the line above
}

std::uint32_t confine(const wire::kernel_support& kernel, std::uint32_t memory_mib) {
  std::uint32_t held = 0;
  if (limit_all(memory_mib))
    held |= wire::confined_limits;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
    held |= wire::confined_privileges;
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
    held |= wire::confined_dumping;
  if (restrict_files(kernel.landlock_abi))
    held |= wire::confined_landlock;
  if (kernel.filters_calls && restrict_calls())
    held |= wire::confined_seccomp;
  return held;
}

wire::refusal_step step_of_missing(std::uint32_t missing) {
  return missing == wire::confined_landlock ? wire::refusal_step::confine_files : wire::refusal_step::confine;
}

std::string name_missing(std::uint32_t missing, const wire::kernel_support& kernel) {
  const std::string of_kernel = " of kernel " + kernel.release + " was not available, must be";
  if ((missing & wire::confined_seccomp) != 0)
    return "seccomp" + of_kernel + " for any detector's code to run";
  if ((missing & wire::confined_landlock) != 0)
    return "Landlock" + of_kernel + " for code that does not come with Posterior to run";
  return "a limit of the process could not be set, all must be";
}

bool is_spent() {
  timespec used{};
  return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0 &&
         static_cast<rlim_t>(used.tv_sec) >= processor_seconds / 2;
}

} // namespace posterior::worker
