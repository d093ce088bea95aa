// Takes the place of the C library's allocation functions in posterior-trial-worker, and hands on to them.
// What is freed goes straight to the library.
#include "engine/worker/failing_memory.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/auxv.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define POSTERIOR_OWN_MEMORY 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define POSTERIOR_OWN_MEMORY 0
#endif
#endif
#ifndef POSTERIOR_OWN_MEMORY
#define POSTERIOR_OWN_MEMORY 1
#endif

namespace {

thread_local std::int64_t failing_from = 0;
thread_local std::int64_t asked = 0;

struct range {
  std::uintptr_t begin = 0, end = 0;
};

// Where the dynamic loader lies. What it needs (storage of thread-local variables) it gets: without it would
// end the process, which is no fault of the plugin.
range loader() noexcept {
  range out{getauxval(AT_BASE), 0};
  dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t, void* found) {
        auto& r = *static_cast<range*>(found);
        if (object->dlpi_addr != r.begin)
          return 0;
        for (int i = 0; i < object->dlpi_phnum; ++i)
          if (object->dlpi_phdr[i].p_type == PT_LOAD)
            r.end = r.begin + object->dlpi_phdr[i].p_vaddr + object->dlpi_phdr[i].p_memsz;
        return 1;
      },
      &out);
  return out;
}

range loader_lies;

[[maybe_unused]] bool runs_out(void* caller) noexcept {
  const auto from = reinterpret_cast<std::uintptr_t>(caller);
  if (failing_from == 0 || (from >= loader_lies.begin && from < loader_lies.end) || ++asked < failing_from)
    return false;
  errno = ENOMEM;
  return true;
}

} // namespace

namespace posterior::worker {

bool memory_can_fail() noexcept {
  return POSTERIOR_OWN_MEMORY == 1;
}

void fail_memory_from(std::int64_t nth) noexcept {
  if (loader_lies.end == 0)
    loader_lies = loader();
  failing_from = nth;
  asked = 0;
}

std::int64_t allocations_asked() noexcept {
  return asked;
}

std::int64_t bytes_in_use() noexcept {
  const struct mallinfo2 now = mallinfo2();
  return static_cast<std::int64_t>(now.uordblks + now.hblkhd);
}

} // namespace posterior::worker

#if POSTERIOR_OWN_MEMORY
extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

__attribute__((visibility("default"))) void* malloc(std::size_t size) {
  return runs_out(__builtin_return_address(0)) ? nullptr : __libc_malloc(size);
}
__attribute__((visibility("default"))) void* calloc(std::size_t count, std::size_t size) {
  return runs_out(__builtin_return_address(0)) ? nullptr : __libc_calloc(count, size);
}
__attribute__((visibility("default"))) void* realloc(void* old, std::size_t size) {
  return runs_out(__builtin_return_address(0)) ? nullptr : __libc_realloc(old, size);
}
__attribute__((visibility("default"))) void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return runs_out(__builtin_return_address(0)) ? nullptr : __libc_memalign(alignment, size);
}
__attribute__((visibility("default"))) int posix_memalign(void** out, std::size_t alignment,
                                                          std::size_t size) {
  void* made = runs_out(__builtin_return_address(0)) ? nullptr : __libc_memalign(alignment, size);
  if (made == nullptr)
    return ENOMEM;
  *out = made;
  return 0;
}
}
#endif
