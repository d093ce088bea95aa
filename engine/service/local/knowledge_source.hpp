// Finds the knowledge that is in force at the places of this installation. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/service/local/generation.hpp"
#include "engine/service/places.hpp"
#include "kb/bundle.hpp"
#include "kb/snapshot.hpp"

namespace posterior::service {

struct opened_knowledge {
  std::shared_ptr<const kb::snapshot> snapshot; // empty: `problems` say why
  kb::overlay_document overlay;                 // of the home, with what became of each entry
  std::optional<std::int64_t> valid_until_day;  // as kb::opened has it
  std::vector<kb::bundle> refused;              // found, but without effect
  diagnostics problems;
  std::vector<std::string> notes;
};

// With drafts nothing is judged and nothing stored.
opened_knowledge open_knowledge(const places& at, bool with_plugin_path, bool with_drafts,
                                const build_checks& checks);

// What opening would find, with the builds that are in force; nothing is judged, imported or written.
kb::opened open_in_memory(kb::file_system& files, const places& at, bool with_plugin_path);

} // namespace posterior::service
