// Memory that runs out on order. Any thread; the order belongs to the thread that gave it.
#pragma once

#include <cstdint>

namespace posterior::worker {

// False in builds whose own allocator cannot be replaced (sanitizers).
bool memory_can_fail() noexcept;
// From now on this thread's allocation number `nth` (from 1) and all later ones fail; 0: none does.
void fail_memory_from(std::int64_t nth) noexcept;
// How many allocations this thread asked for since then.
std::int64_t allocations_asked() noexcept;
// Bytes that are allocated in this process.
std::int64_t bytes_in_use() noexcept;

} // namespace posterior::worker
