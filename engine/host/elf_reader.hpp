// Looks into a shared library without loading it. Pure; any thread; every offset is checked against the
// bytes.
//
// Rationale: the loader dies of SIGBUS on a truncated file and calls a foreign machine "no such file", and
// libraries that read symbols can be made to eat gigabytes. This reader needs no memory beyond the file's.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace posterior::host {

// A fixed sentence that says why the bytes are no detector for this machine; empty if they are one: an ELF
// shared object for this machine whose segments lie inside the file, with `symbol` defined in its dynamic
// symbols.
std::string_view elf_fault(std::span<const std::byte> file, std::string_view symbol);

} // namespace posterior::host
