// A worker that takes the kernel for one with the first Landlock, as Linux 5.13 has it.
#include "engine/worker/run.hpp"

int main() {
  const auto real = posterior::wire::ask_kernel();
  return posterior::worker::run({real.release, real.landlock_abi > 0 ? 1 : 0, real.filters_calls});
}
