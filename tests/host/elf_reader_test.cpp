#include <catch2/catch_test_macros.hpp>

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "engine/host/elf_reader.hpp"

using namespace posterior;

namespace {

constexpr std::string_view wanted = "posterior_plugin_v1";

std::string read(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
std::string good() {
  return read(std::string{POSTERIOR_FAULTS} + "/good/detector.so");
}
std::string_view fault_of(const std::string& bytes, std::string_view symbol = wanted) {
  return host::elf_fault(std::as_bytes(std::span{bytes}), symbol);
}
template <class T>
void put(std::string& bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}
// Where the last byte lies that the loader maps.
std::size_t mapped_bytes(const std::string& bytes) {
  Elf64_Ehdr head;
  std::memcpy(&head, bytes.data(), sizeof head);
  std::size_t end = 0;
  for (unsigned i = 0; i < head.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, bytes.data() + head.e_phoff + i * sizeof segment, sizeof segment);
    if (segment.p_type == PT_LOAD)
      end = std::max<std::size_t>(end, segment.p_offset + segment.p_filesz);
  }
  return end;
}

} // namespace

TEST_CASE("a detector's library is taken") {
  CHECK(fault_of(good()) == "");
}

TEST_CASE("what is no detector's library is refused with a sentence of its own") {
  auto bytes = good();
  SECTION("empty") {
    CHECK(fault_of("") == "The detector's file is empty.");
  }
  SECTION("text") {
    CHECK(fault_of("#!/bin/sh\necho hello\n") == "The detector's file is no ELF library.");
  }
  SECTION("a head without the rest") {
    CHECK(fault_of(bytes.substr(0, 40)) == "The detector's file is cut short.");
  }
  SECTION("32 bits") {
    bytes[EI_CLASS] = ELFCLASS32;
    CHECK(fault_of(bytes) == "The detector's file is not a 64-bit little-endian library.");
  }
  SECTION("another machine") {
    put<std::uint16_t>(bytes, offsetof(Elf64_Ehdr, e_machine), EM_PPC64);
    CHECK(fault_of(bytes) == "The detector's file was built for another machine.");
  }
  SECTION("an object file") {
    put<std::uint16_t>(bytes, offsetof(Elf64_Ehdr, e_type), ET_REL);
    CHECK(fault_of(bytes) == "The detector's file is no shared library.");
  }
  SECTION("no program headers") {
    put<std::uint16_t>(bytes, offsetof(Elf64_Ehdr, e_phnum), 0);
    CHECK(fault_of(bytes) == "The detector's file has no usable program headers.");
  }
  SECTION("program headers beyond the end") {
    put<std::uint64_t>(bytes, offsetof(Elf64_Ehdr, e_phoff), ~std::uint64_t{0} - 8);
    CHECK(fault_of(bytes) == "The detector's file is cut short.");
  }
  SECTION("another symbol") {
    CHECK(fault_of(bytes, "posterior_plugin_v2") ==
          "The detector's library does not define posterior_plugin_v1.");
  }
  SECTION("a symbol that it only needs") {
    CHECK(fault_of(bytes, "memcmp") == "The detector's library does not define posterior_plugin_v1.");
  }
}

TEST_CASE("a library that was cut short inside what is loaded is refused at every length") {
  const auto bytes = good();
  const std::size_t mapped = mapped_bytes(bytes);
  REQUIRE(mapped < bytes.size());
  for (std::size_t length = 0; length < mapped; length += 97)
    CHECK(fault_of(bytes.substr(0, length)) != "");
  CHECK(fault_of(bytes.substr(0, mapped - 1)) == "The detector's file is cut short.");
}

TEST_CASE("mutated libraries never crash the reader") {
  std::mt19937 random{20'261'121};
  const auto whole = good();
  std::size_t refused = 0;
  for (int round = 0; round < 4'000; ++round) {
    std::string bytes = whole;
    for (unsigned n = 1 + random() % 8; n > 0; --n) { // half of the hits go into head and tables
      const std::size_t range = random() % 2 == 0 ? 4096 : bytes.size();
      bytes[random() % std::min(range, bytes.size())] = static_cast<char>(random());
    }
    if (random() % 8 == 0)
      bytes.resize(random() % bytes.size());
    refused += fault_of(bytes).empty() ? 0 : 1;
  }
  CHECK(refused > 400);
  CHECK(refused < 4'000);
}
