#include "engine/wire/kernel_support.hpp"

#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>

namespace posterior::wire {

kernel_support ask_kernel() {
  kernel_support out;
  utsname names{};
  if (uname(&names) == 0)
    out.release = names.release;
  const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  out.landlock_abi = static_cast<int>(std::max(abi, 0L));
  const unsigned end_process = SECCOMP_RET_KILL_PROCESS;
  out.filters_calls = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &end_process) == 0;
  return out;
}

} // namespace posterior::wire
