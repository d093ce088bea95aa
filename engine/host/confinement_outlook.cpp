#include "engine/host/confinement_outlook.hpp"

namespace posterior::host {

confinement_outlook foresee_confinement(const wire::kernel_support& kernel) {
  const std::string release =
      "kernel " + (kernel.release.empty() ? std::string{"of unknown version"} : kernel.release);
  if (!kernel.filters_calls)
    return {confinement_level::none,
            release +
                " filters no system calls (seccomp), so no plugin's code runs; knowledge answers without it",
            "use a kernel with CONFIG_SECCOMP_FILTER=y; in a container, let the runtime's own filter pass "
            "the call "
            "`seccomp`"};
  if (kernel.landlock_abi == 0)
    return {confinement_level::partial,
            release + " cannot keep code from files (no Landlock), so detectors that come with Posterior run "
                      "in partial "
                      "confinement, and nobody else's run",
            "use Linux 5.13 or newer with CONFIG_SECURITY_LANDLOCK=y, and add landlock to the kernel's "
            "`lsm=` line "
            "(/sys/kernel/security/lsm shows the list in use); in a container, let the runtime's own filter "
            "pass the "
            "calls whose names begin with `landlock_`"};
  return {confinement_level::full,
          release + " filters system calls and keeps code from files (Landlock " +
              std::to_string(kernel.landlock_abi) + "), so plugin code runs in full confinement",
          {}};
}

} // namespace posterior::host
