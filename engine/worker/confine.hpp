// Takes from this process what a detector does not need. Called once, on the only thread, before any foreign
// code is loaded: static constructors run confined.
//
// In this order: limits of the process, no new privileges, no core dump and no tracing by others; then no
// files but the system's libraries (landlock.hpp); then no system calls but those of computing
// (syscalls.hpp). The last would forbid the setting up of the others.
#pragma once

#include <cstdint>
#include <string>

#include "engine/wire/frames.hpp"
#include "engine/wire/kernel_support.hpp"

namespace posterior::worker {

// Ends this process when the one that started it does, and makes sure that it still lives. False if it does
// not, or if `connection` is no socket of that process.
bool bind_to_parent(int connection);

// Sets all that the kernel offers, and returns wire::confinement_bit values for what holds. `memory_mib`
// bounds the address space beyond what the process has at the call.
std::uint32_t confine(const wire::kernel_support& kernel, std::uint32_t memory_mib);

// Which of the required bits do not hold, and at which step of loading they are missed; in words for the
// operator. Call only if one is missing.
wire::refusal_step step_of_missing(std::uint32_t missing);
std::string name_missing(std::uint32_t missing, const wire::kernel_support& kernel);

// True once this process has used half of the processor time that it may use in its life.
bool is_spent();

} // namespace posterior::worker
