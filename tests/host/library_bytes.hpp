// The bytes of built fixtures, and what one changes in them, for the tests that read libraries.
#pragma once

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>

#include "engine/host/elf_reader.hpp"

namespace posterior::host_tests {

inline std::string bytes_of(const std::string& fixture) {
  std::ifstream in{std::string{POSTERIOR_FAULTS} + "/" + fixture + "/detector.so", std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
inline host::elf_reading read_bytes(const std::string& bytes) {
  return host::read_elf(std::as_bytes(std::span{bytes}));
}
template <class T>
T get(const std::string& bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}
template <class T>
void put(std::string& bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

// Calls with the offset of each program header, and with the header.
template <class Call>
void for_each_segment(const std::string& bytes, Call call) {
  const auto head = get<Elf64_Ehdr>(bytes, 0);
  for (unsigned i = 0; i < head.e_phnum; ++i) {
    const std::size_t at = head.e_phoff + i * sizeof(Elf64_Phdr);
    call(at, get<Elf64_Phdr>(bytes, at));
  }
}

// Where the last byte lies that the loader maps.
inline std::size_t mapped_bytes(const std::string& bytes) {
  std::size_t end = 0;
  for_each_segment(bytes, [&](std::size_t, const Elf64_Phdr& segment) {
    if (segment.p_type == PT_LOAD)
      end = std::max<std::size_t>(end, segment.p_offset + segment.p_filesz);
  });
  return end;
}

// Where the dynamic entry with this tag lies in the file.
inline std::size_t dynamic_entry(const std::string& bytes, std::int64_t tag) {
  std::size_t found = 0;
  for_each_segment(bytes, [&](std::size_t, const Elf64_Phdr& segment) {
    for (std::size_t at = segment.p_offset; segment.p_type == PT_DYNAMIC; at += sizeof(Elf64_Dyn)) {
      const auto entry = get<Elf64_Dyn>(bytes, at);
      if (entry.d_tag == tag)
        found = at;
      if (entry.d_tag == tag || entry.d_tag == DT_NULL)
        return;
    }
  });
  if (found == 0)
    throw std::runtime_error{"no such dynamic entry"};
  return found;
}

} // namespace posterior::host_tests
