#include <catch2/catch_test_macros.hpp>

#include "tests/host/library_bytes.hpp"

using namespace posterior;
using namespace posterior::host_tests;

namespace {

std::string_view fault_of(const std::string& bytes) {
  return host::judge_library(read_bytes(bytes), {}).fault;
}

} // namespace

TEST_CASE("a detector's library is taken") {
  CHECK(fault_of(bytes_of("good")) == "");
}

TEST_CASE("what is no detector's library is refused with a sentence of its own") {
  auto bytes = bytes_of("good");
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
    CHECK(fault_of(bytes_of("no_symbol")) == "The detector's library does not define posterior_plugin_v1.");
  }
  SECTION("a symbol that it only needs") {
    CHECK(fault_of(bytes_of("borrowed_symbol")) ==
          "The detector's library does not define posterior_plugin_v1.");
  }
  SECTION("a second half of zeros") {
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), bytes.end(), '\0');
    CHECK(fault_of(bytes) != "");
  }
}

TEST_CASE("a library that was cut short inside what is loaded is refused at every length") {
  const auto bytes = bytes_of("good");
  const std::size_t mapped = mapped_bytes(bytes);
  REQUIRE(mapped < bytes.size());
  for (std::size_t length = 0; length < mapped; length += 97)
    CHECK(fault_of(bytes.substr(0, length)) != "");
  CHECK(fault_of(bytes.substr(0, mapped - 1)) == "The detector's file is cut short.");
}

TEST_CASE("a library that would load what nobody checked, or change itself, is refused") {
  host::elf_reading read = read_bytes(bytes_of("noted"));
  host::elf_facts& facts = read.facts;
  std::string fault, reason;
  SECTION("RPATH") {
    facts.rpath = "$ORIGIN";
    fault = "The detector's library names a folder to load other libraries from.";
    reason = "RPATH was `$ORIGIN`, must not be there";
  }
  SECTION("RUNPATH") {
    facts.runpath = "/tmp\x1b[31m";
    fault = "The detector's library names a folder to load other libraries from.";
    reason = "RUNPATH was `/tmp?[31m`, must not be there";
  }
  SECTION("a needed library by path") {
    facts.needed.push_back("/tmp/evil.so");
    fault = "The detector's library needs another one by its path.";
    reason = "needs `/tmp/evil.so`, must be a name that the system's loader finds";
  }
  SECTION("text relocations") {
    facts.textrel = true;
    fault = "The detector's library has its code changed while it is loaded.";
    reason = "text relocations were found, must be built with -fPIC";
  }
  SECTION("an executable stack") {
    facts.exec_stack = true;
    fault = "The detector's library asks for a stack that can be executed.";
    reason = "an executable stack was asked for, must be linked with -z noexecstack";
  }
  SECTION("a note about another plugin") {
    facts.note->id = "org.example.other";
    fault = "The note in the detector's library is about another plugin or version.";
    reason = "the note's id was `org.example.other`, must be `org.example.good` as in plugin.toml";
  }
  SECTION("a note about another version") {
    facts.note->version = "0.0.9";
    fault = "The note in the detector's library is about another plugin or version.";
    reason = "the note's version was `0.0.9`, must be `0.1.0` as in plugin.toml";
  }
  SECTION("a note about another ABI") {
    facts.note->abi = "2.0";
    fault = "The note in the detector's library names another major version of the ABI.";
    reason = "the note's abi was `2.0`, must be 1.x";
  }
  const auto verdict = host::judge_library(read, {"org.example.good", "0.1.0"});
  CHECK_FALSE(verdict);
  CHECK(verdict.fault == fault);
  CHECK(verdict.reason == reason);
}

TEST_CASE("what matters only to a process that unloads or shares libraries is no reason to refuse one") {
  host::elf_reading read = read_bytes(bytes_of("noted"));
  read.facts.unique = 14;
  read.facts.nodelete = true;
  read.facts.defined.push_back("another");
  CHECK(host::judge_library(read, {"org.example.good", "0.1.0"}));
}
