// The loaded picture of a library's file: its program headers, and where an address of it lies in the file.
// Used by the reader of facts only. Borrows the bytes; pure; any thread.
#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace posterior::host {

using file_bytes = std::span<const std::byte>;

// A copy of a T at the offset; nothing if it does not lie in the file.
template <class T>
std::optional<T> value_at(file_bytes file, std::uint64_t offset) {
  if (offset > file.size() || file.size() - offset < sizeof(T))
    return std::nullopt;
  T value;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

struct elf_image {
  file_bytes file;
  Elf64_Ehdr head{};
  std::vector<Elf64_Phdr> loads;
  std::vector<Elf64_Phdr> notes;
  std::optional<Elf64_Phdr> dynamic;
  std::optional<Elf64_Phdr> stack;
  bool relro = false;

  // Where an address of the loaded library lies in the file.
  std::optional<std::uint64_t> offset_of(std::uint64_t address) const;
  template <class T>
  std::optional<T> value(std::uint64_t address) const {
    const auto offset = offset_of(address);
    return offset ? value_at<T>(file, *offset) : std::nullopt;
  }
};

// Each reads one part, and gives a fixed sentence if it cannot be: the head, then the program headers. A
// segment that reaches past the end means a file that was cut short.
std::string_view read_head(elf_image& out);
std::string_view read_segments(elf_image& out);

} // namespace posterior::host
