// What the checks of the knowledge in force share. Pure; any thread. Private to engine/check.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "kb/snapshot.hpp"

namespace posterior::check {

inline bool lists(const std::vector<std::string>& all, std::string_view id) {
  return std::find(all.begin(), all.end(), id) != all.end();
}

inline std::string joined(const std::vector<std::string>& all, std::string_view between = ", ") {
  std::string out;
  for (const std::string& one : all)
    out += (out.empty() ? "" : std::string(between)) + one;
  return out;
}

// "the cause \"x\"".
inline std::string naming(std::string_view kind, std::string_view id) {
  return "the " + std::string(kind) + " \"" + std::string(id) + "\"";
}

// Whether what sleeps for want of something lacks a precaution.
inline bool names_precaution(const kb::dormant& d) {
  return std::string_view(d.missing).substr(d.missing.find(':') + 1).starts_with("pc-");
}

// Calls act(kind, id, basis, origin) for every statement that has a basis, kind by kind.
template <typename F>
void each_basis(const kb::snapshot& k, F act) {
  const auto by_id = [&](std::string_view kind, const auto& list) {
    for (const auto& s : list)
      if constexpr (requires { s.id(); })
        act(kind, s.id(), s.rests_on, s.from);
      else
        act(kind, s.id, s.rests_on, s.from);
  };
  by_id("state", k.all.states);
  by_id("prior", k.all.priors);
  by_id("finding", k.all.findings);
  by_id("observes", k.all.readings);
  by_id("link", k.all.links);
  by_id("rule", k.all.rules);
  by_id("exercise", k.all.exercises);
  by_id("indication", k.all.indications);
  by_id("precaution", k.all.precautions);
  by_id("sequence", k.all.sequences);
  by_id("tension", k.all.tensions);
  for (const kb::theory& t : k.all.theories)
    act("theory", "theory." + t.from.plugin, t.rests_on, t.from);
}

} // namespace posterior::check
