// Finds the knowledge that is in force at the places of this installation. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/service/local/generation.hpp"
#include "engine/service/places.hpp"
#include "kb/bundle.hpp"
#include "kb/snapshot.hpp"

namespace posterior::service {

struct opened_knowledge {
  std::shared_ptr<const kb::snapshot> snapshot; // empty: `problems` say why
  std::vector<kb::bundle> refused;              // found, but without effect
  diagnostics problems;
  std::vector<std::string> notes;
};

opened_knowledge open_knowledge(const places& at, bool with_plugin_path, const build_checks& checks);

} // namespace posterior::service
