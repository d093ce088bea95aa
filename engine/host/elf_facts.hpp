// What stands in a shared library, read without loading it. Pure; any thread; every offset is checked against
// the bytes, and every list has a limit, so that damaged or hostile bytes cost little and crash nothing.
//
// Rationale: the loader dies of SIGBUS on a truncated file and calls a foreign machine "no such file", and
// libraries that read symbols can be made to eat gigabytes. Only what the loader itself reads is read (head,
// program headers, dynamic segment and what that points to); section headers may be stripped or false.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace posterior::host {

// The note of a detector's library: section `.note.posterior`, owner "Posterior", type 1, and as its content
// the lines `id=...`, `version=...`, `abi=1.0` and `knowledge=<SHA-256 of the knowledge files>`. A key that
// is missing is empty here.
struct plugin_note {
  std::string id, version, abi, knowledge;

  bool operator==(const plugin_note&) const = default;
};

// A version of symbols that a library must bring: ("libc.so.6", "GLIBC_2.34").
struct needed_version {
  std::string library, version;

  bool operator==(const needed_version&) const = default;
};

struct elf_facts {
  bool is_64_bit_little_endian = false;
  std::uint16_t machine = 0; // EM_X86_64, EM_AARCH64 ...
  std::uint16_t type = 0;    // ET_DYN for a shared library
  bool segments_inside = false;
  std::string soname; // these four as they stand in the file; empty: none
  std::string rpath;
  std::string runpath;
  std::string build_id;                    // hexadecimal
  std::vector<std::string> needed;         // libraries, in order
  std::vector<needed_version> versions;    // in order
  std::vector<std::string> defined;        // dynamic symbols that others can see, in order
  std::vector<std::string> undefined;      // those that others must define
  std::vector<std::string> weak_undefined; // those that others may define
  std::size_t unique = 0;                  // defined symbols that are one for the whole process
  bool nodelete = false;                   // asks never to be unloaded
  bool textrel = false;                    // asks to have its code changed while loading
  bool exec_stack = false;                 // asks for a stack that can be executed
  bool relro = false;                      // tables are write-protected after loading
  bool bind_now = false;                   // every symbol is looked up while loading
  std::optional<plugin_note> note;
  std::string_view
      note_fault; // a fixed sentence: why the note cannot be read; empty: it can, or is not there
};

// Facts, and why the bytes are no library that can be read: a fixed sentence, empty if they are one. With a
// fault, the facts are those that were read before it.
struct elf_reading {
  elf_facts facts;
  std::string_view fault;

  explicit operator bool() const noexcept { return fault.empty(); }
};

// The machine that this program runs on: what `machine` must be.
std::uint16_t this_machine() noexcept;

// Reads 64-bit little-endian libraries of any machine; of others only that they are others. At most 65,536
// symbols, 512 dynamic entries and 4 MiB of names are read; more is a fault.
elf_reading read_elf(std::span<const std::byte> file);

} // namespace posterior::host
