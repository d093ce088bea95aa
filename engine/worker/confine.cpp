#include "engine/worker/confine.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "engine/wire/frames.hpp"

namespace posterior::worker {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool bound_memory = false; // shadow memory takes terabytes of address space
#else
constexpr bool bound_memory = true;
#endif

constexpr rlim_t open_files = 32; // the loader needs a few; numbers from here on cannot be opened

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

std::optional<std::uint32_t> confine(std::uint32_t memory_mib) {
  const bool limits = limit_memory(memory_mib) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
                      limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_MSGQUEUE, 0) &&
                      limit(RLIMIT_NOFILE, open_files);
  const bool privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  const bool dumping = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
  if (!limits || !privileges || !dumping)
    return std::nullopt;
  return wire::confined_limits | wire::confined_privileges | wire::confined_dumping;
}

} // namespace posterior::worker
