// The notes of a library: the linker's build-id, and what the SDK wrote about the plugin. Part of the reader
// of facts. Pure; any thread.
#pragma once

#include "engine/host/elf_facts.hpp"
#include "engine/host/elf_image.hpp"

namespace posterior::host {

// Puts build_id, note and note_fault into `out`. A segment of notes that cannot be followed ends there.
void read_notes(const elf_image& from, elf_facts& out);

} // namespace posterior::host
