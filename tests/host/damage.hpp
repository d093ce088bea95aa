// Damaged copies of the good detector's library, and the sentence that each is refused with.
#pragma once

#include <random>
#include <vector>

#include "tests/host/library_bytes.hpp"

namespace posterior::host_tests {

struct damage {
  std::string name, bytes, detail;
};

inline std::string noise(std::size_t bytes) {
  std::mt19937 random{20'261'121};
  std::string out(bytes, '\0');
  for (char& c : out)
    c = static_cast<char>(random());
  return out;
}

template <class T>
std::string changed(std::string bytes, std::size_t at, T value) {
  put(bytes, at, value);
  return bytes;
}

inline std::string half_zero(std::string bytes) {
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), bytes.end(), '\0');
  return bytes;
}

inline std::vector<damage> damages() {
  const std::string whole = bytes_of("good");
  const std::string loaded = whole.substr(0, mapped_bytes(whole));
  const std::string cut = "The detector's file is cut short.";
  const std::string no_elf = "The detector's file is no ELF library.";
  const std::string other = "The detector's file is not the one that its manifest names.";
  return {
      {"1000 bytes", whole.substr(0, 1000), cut},
      {"half", loaded.substr(0, loaded.size() / 2), cut},
      {"three quarters", loaded.substr(0, loaded.size() / 4 * 3), cut},
      {"second half zero", half_zero(loaded), "The detector's library does not define posterior_plugin_v1."},
      {"last byte missing", whole.substr(0, whole.size() - 1), other},
      {"last 2000 bytes missing", whole.substr(0, whole.size() - 2000), other},
      {"empty", "", "The detector's file is empty."},
      {"10 bytes", whole.substr(0, 10), cut},
      {"64 bytes", whole.substr(0, 64), cut},
      {"text", "not a library\n", no_elf},
      {"random", noise(20'000), no_elf},
      {"32 bits", changed(whole, EI_CLASS, char{ELFCLASS32}),
       "The detector's file is not a 64-bit little-endian library."},
      {"big endian", changed(whole, EI_DATA, char{ELFDATA2MSB}),
       "The detector's file is not a 64-bit little-endian library."},
      {"another machine", changed(whole, offsetof(Elf64_Ehdr, e_machine), std::uint16_t{EM_S390}),
       "The detector's file was built for another machine."},
      {"a program", changed(whole, offsetof(Elf64_Ehdr, e_type), std::uint16_t{ET_EXEC}),
       "The detector's file is no shared library."}};
}

} // namespace posterior::host_tests
