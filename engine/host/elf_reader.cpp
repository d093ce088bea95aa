// Tests: tests/host/elf_reader_test.cpp.
#include "engine/host/elf_reader.hpp"

#include <elf.h>
#include <posterior/abi.h>

#include <algorithm>

namespace posterior::host {
namespace {

constexpr std::size_t text_bytes_max = 512;

std::string quoted(std::string_view text) {
  return "`" + plain_text(text.substr(0, 128)) + "`";
}

std::string name_of(std::uint16_t machine) {
  switch (machine) {
  case EM_X86_64:
    return "x86-64";
  case EM_AARCH64:
    return "arm64";
  case EM_386:
    return "i386";
  case EM_RISCV:
    return "RISC-V";
  default:
    return "machine " + std::to_string(machine);
  }
}

elf_verdict judge_kind(const elf_facts& facts) {
  if (facts.is_64_bit_little_endian && facts.machine != this_machine())
    return {"The detector's file was built for another machine.",
            "was built for " + name_of(facts.machine) + ", must be for " + name_of(this_machine())};
  if (facts.is_64_bit_little_endian && facts.type != ET_DYN)
    return {"The detector's file is no shared library.", "ELF type was " + std::to_string(facts.type) +
                                                             ", must be " + std::to_string(ET_DYN) +
                                                             " (ET_DYN)"};
  return {};
}

// Code that would come from where nobody checked it.
elf_verdict judge_sources(const elf_facts& facts) {
  if (!facts.rpath.empty() || !facts.runpath.empty())
    return {
        "The detector's library names a folder to load other libraries from.",
        (facts.rpath.empty() ? "RUNPATH was " + quoted(facts.runpath) : "RPATH was " + quoted(facts.rpath)) +
            ", must not be there"};
  for (const std::string& one : facts.needed)
    if (one.empty() || one.find('/') != std::string::npos)
      return {"The detector's library needs another one by its path.",
              "needs " + quoted(one) + ", must be a name that the system's loader finds"};
  return {};
}

elf_verdict judge_memory(const elf_facts& facts) {
  if (facts.textrel)
    return {"The detector's library has its code changed while it is loaded.",
            "text relocations were found, must be built with -fPIC"};
  if (facts.exec_stack)
    return {"The detector's library asks for a stack that can be executed.",
            "an executable stack was asked for, must be linked with -z noexecstack"};
  return {};
}

elf_verdict differs(std::string_view what, std::string_view found, std::string_view needed) {
  return {"The note in the detector's library is about another plugin or version.",
          "the note's " + std::string{what} + " was " + quoted(found) + ", must be " + quoted(needed) +
              " as in plugin.toml"};
}

elf_verdict judge_note(const elf_facts& facts, const wanted_library& wanted) {
  if (!facts.note_fault.empty())
    return {facts.note_fault, "must be lines of key=value, each key once"};
  if (!facts.note)
    return {};
  if (!wanted.plugin.empty() && facts.note->id != wanted.plugin)
    return differs("id", facts.note->id, wanted.plugin);
  if (!wanted.version.empty() && facts.note->version != wanted.version)
    return differs("version", facts.note->version, wanted.version);
  const std::string major = std::to_string(POSTERIOR_ABI_MAJOR) + ".";
  if (facts.note->abi.compare(0, major.size(), major) != 0)
    return {"The note in the detector's library names another major version of the ABI.",
            "the note's abi was " + quoted(facts.note->abi) + ", must be " + major + "x"};
  return {};
}

elf_verdict judge_symbol(const elf_facts& facts) {
  if (std::find(facts.defined.begin(), facts.defined.end(), POSTERIOR_PLUGIN_SYMBOL) != facts.defined.end())
    return {};
  return {"The detector's library does not define posterior_plugin_v1.",
          "defines " + std::to_string(facts.defined.size()) +
              " symbols, one must be " POSTERIOR_PLUGIN_SYMBOL};
}

} // namespace

elf_verdict judge_library(const elf_reading& library, const wanted_library& wanted) {
  if (auto verdict = judge_kind(library.facts); !verdict)
    return verdict;
  if (!library)
    return {library.fault, "must be a whole shared library"};
  if (auto verdict = judge_symbol(library.facts); !verdict)
    return verdict;
  if (auto verdict = judge_sources(library.facts); !verdict)
    return verdict;
  if (auto verdict = judge_memory(library.facts); !verdict)
    return verdict;
  return judge_note(library.facts, wanted);
}

std::string plain_text(std::string_view text) {
  std::string out{text.substr(0, text_bytes_max)};
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E)
      c = '?';
  return out;
}

} // namespace posterior::host
