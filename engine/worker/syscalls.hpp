// Leaves this process the system calls that a computing library needs (seccomp). For good; all threads.
#pragma once

namespace posterior::worker {

// From here on each system call is of one of four kinds (the lists stand in syscalls.cpp):
//   let through   memory, threads, clocks, signals to itself, reading files that Landlock leaves, the talk
//   with
//                 the host
//   EPERM         what ordinary libraries try and can do without: sockets, processes, writing, folders
//   ends it       what no library does by itself: exec, signals to others, looking into other processes,
//                 mounting, loading kernel code. SIGSYS, so that the answer names it.
//   ENOSYS        everything else, clone3 and what later kernels bring: a C library then falls back to older
//                 calls, where EPERM would make it give up (std::thread on clone3)
//
// True if it holds.
bool restrict_calls();

} // namespace posterior::worker
