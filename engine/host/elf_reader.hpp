// Says whether a shared library may be loaded as a detector, from what stands in it (elf_facts.hpp). Pure;
// any thread.
//
// Refused is what would crash the loader, or would bring code that nobody checked: another machine, segments
// outside of the file, no posterior_plugin_v1 of its own, a folder to look for libraries in (RPATH, RUNPATH),
// a needed library by path, code that is changed while loading, a stack that can be executed, and a note
// about another plugin. Not refused, because a worker holds one detector and never unloads it: further
// exported symbols, UNIQUE symbols, NODELETE. `posterior plugin check` names those.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "engine/host/elf_facts.hpp"

namespace posterior::host {

// What the manifest says. Empty texts are not compared.
struct wanted_library {
  std::string_view plugin, version;
};

struct elf_verdict {
  std::string_view fault; // a fixed sentence; empty: may be loaded
  std::string reason;     // for the operator: found and needed; foreign text in it is made plain

  explicit operator bool() const noexcept { return fault.empty(); }
};

elf_verdict judge_library(const elf_reading& library, const wanted_library& wanted);

// Foreign text for an operator's eyes: at most 512 bytes, and without what a terminal would obey.
std::string plain_text(std::string_view text);

} // namespace posterior::host
