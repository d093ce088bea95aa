// The plugins of a knowledge base, and what reading a case found. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/report/sheet.hpp"
#include "kb/bundle.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// By whose word the code of a plugin may run, or why it may not.
struct code_standing {
  std::string plugin;
  std::string
      trust; // "bundled", "pinned", "signed", "unpinned", "unsigned", "unknown-key", "tampered", "revoked"
  std::string text;  // one sentence
  std::string hint;  // what to type; may be empty
  std::string key;   // base64 of who signed it; empty if nobody did
  std::string store; // the folder that it is loaded from; empty if it does not run, or from where it lies
  std::string quarantine; // why it does not run all the same; empty: it is in none
};

// `refused` are bundles that were found and contribute nothing (errors, or shadowed). Schema
// posterior.plugins/1. `places` (where on this machine a bundle lies) are shown only if asked for.
std::string plugins_json(const kb::snapshot& knowledge, const std::vector<kb::bundle>& refused,
                         const std::vector<code_standing>& code);
sheet plugins_sheet(const kb::snapshot& knowledge, const std::vector<kb::bundle>& refused,
                    const std::vector<code_standing>& code);

// What one plugin defines and what it says about others' items. Schema posterior.plugin/1.
std::string plugin_json(const kb::plugin_entry& p, const kb::snapshot& knowledge,
                        const std::vector<code_standing>& code);
sheet plugin_sheet(const kb::plugin_entry& p, const kb::snapshot& knowledge,
                   const std::vector<code_standing>& code);

// What `case check` found. `label` is what the asker called the case. Schema posterior.case-check/1.
std::string check_json(const diagnostics& problems, bool readable, std::size_t observations);
sheet check_sheet(const std::string& label, const diagnostics& problems, bool readable,
                  std::size_t observations);

} // namespace posterior::report
