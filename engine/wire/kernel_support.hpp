// What this kernel offers for confining a process. The worker asks before it confines itself, the host to
// explain. Any thread.
#pragma once

#include <string>

namespace posterior::wire {

struct kernel_support {
  std::string release;        // "6.1.0-18-amd64"
  int landlock_abi = 0;       // 0: none, or switched off
  bool filters_calls = false; // seccomp with filters that can end a process
};

kernel_support ask_kernel();

} // namespace posterior::wire
