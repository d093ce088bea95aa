#include "engine/service/narrowing.hpp"

#include "engine/service/answer.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

std::string given(const call& c, std::string_view name) {
  const std::string* text = c.where.find(name);
  return text == nullptr ? std::string() : *text;
}

std::string hint_of(std::string_view id, const std::vector<std::string_view>& known) {
  return did_you_mean(nearest(id, known));
}

response unknown_source_problem(const kb::snapshot& knowledge, std::string_view id) {
  std::vector<std::string_view> known;
  for (const kb::source& s : knowledge.all.sources)
    known.push_back(s.id);
  for (const kb::claim& one : knowledge.all.claims)
    known.push_back(one.id);
  return unknown_problem("the source", id, hint_of(id, known));
}

response grade_problem(const std::string& word) {
  return usage_problem("grade", word, "high, moderate, low, very-low or opinion",
                       hint_of(word, {"high", "moderate", "low", "very-low", "opinion"}));
}

} // namespace

std::string singular(std::string_view asked, const std::vector<std::string_view>& known) {
  for (std::string_view kind : known) {
    const std::string plural =
        kind.ends_with('y') ? std::string(kind.substr(0, kind.size() - 1)) + "ies" : std::string(kind) + "s";
    if (asked == plural)
      return std::string(kind);
  }
  return std::string(asked);
}

response unknown_kind_problem(const std::string& kind, const std::vector<std::string_view>& known) {
  std::string all;
  for (const std::string_view one : known)
    (all += all.empty() ? "" : ", ") += one;
  return usage_problem("kind", kind, "one of " + all, hint_of(kind, known));
}

const kb::plugin_entry* plugin_meant(const kb::snapshot& knowledge, std::string_view id) {
  const kb::plugin_entry* p = knowledge.find_plugin(id);
  return p != nullptr ? p : knowledge.find_plugin("org.posterior." + std::string(id));
}

response unknown_plugin_problem(const kb::snapshot& knowledge, std::string_view id) {
  constexpr std::string_view house = "org.posterior.";
  std::vector<std::string_view> known;
  for (const kb::plugin_entry& one : knowledge.plugins) {
    const std::string_view full = one.about.id;
    known.push_back(full);
    if (full.starts_with(house))
      known.push_back(full.substr(house.size()));
  }
  return unknown_problem("the plugin", id, hint_of(id, known));
}

response unknown_state_problem(const kb::snapshot& knowledge, std::string_view what, std::string_view id) {
  std::vector<std::string_view> known;
  for (const kb::state& s : knowledge.all.states)
    known.push_back(s.id);
  return unknown_problem(what, id, hint_of(id, known));
}

narrowing_read read_narrowing(const call& c) {
  const kb::snapshot& k = *c.now.knowledge;
  kb::narrowing out{given(c, "plugin"), given(c, "source"), given(c, "cause"), {}, false};
  if (!out.plugin.empty()) {
    const kb::plugin_entry* p = plugin_meant(k, out.plugin);
    if (p == nullptr)
      return {{}, unknown_plugin_problem(k, out.plugin)};
    out.plugin = p->about.id;
  }
  if (!out.source.empty() && k.find_source(out.source) == nullptr && k.find_claim(out.source) == nullptr)
    return {{}, unknown_source_problem(k, out.source)};
  if (!out.cause.empty() && k.find_state(out.cause) == nullptr)
    return {{}, unknown_state_problem(k, "the cause", out.cause)};
  if (const std::string word = given(c, "grade"); !word.empty()) {
    out.level = kb::grade_of(word);
    if (!out.level)
      return {{}, grade_problem(word)};
  }
  out.contested = given(c, "contested") == "1";
  return {std::move(out), {}};
}

} // namespace posterior::service
