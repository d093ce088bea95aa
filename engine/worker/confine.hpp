// Takes from this process what a detector does not need. Called once, on the only thread, before any foreign
// code is loaded.
//
// What is done here works on every Linux and as any user: the limits of the process, no new privileges, no
// core dump, no tracing by others. It does not stop foreign code from reading files, opening sockets or
// starting processes; keeping it from those belongs here too (Landlock, seccomp), and until then the engine
// reports confinement as partial.
#pragma once

#include <cstdint>
#include <optional>

namespace posterior::worker {

// Ends this process when the one that started it does, and makes sure that it still lives. False if it does
// not, or if `connection` is no socket of that process.
bool bind_to_parent(int connection);

// Sets all of the limits and returns wire::confinement_bit values for what holds, or nothing if a step
// failed: then nothing foreign may be loaded. `memory_mib` bounds the address space beyond what the process
// has at the call.
std::optional<std::uint32_t> confine(std::uint32_t memory_mib);

} // namespace posterior::worker
