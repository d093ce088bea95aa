// kb claims, kb sources, kb tensions, kb overlaps.
#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

const option_spec by_plugin{"--plugin", "ID", "only what this plugin says"};
const option_spec by_grade{"--grade", "GRADE", "only high, moderate, low, very-low or opinion"};
const option_spec by_source{"--source", "ID", "only what rests on this source or claim"};
const option_spec by_cause{"--cause", "ID", "only what is about this state"};
const option_spec contested{"--contested", "", "only what studies disagree on"};

int answer(context& ctx, const arguments& given, std::string_view path) {
  query parameters;
  for (const char* name : {"plugin", "grade", "source", "cause", "contested"})
    parameters.emplace_back(name, given.option("--" + std::string(name)));
  return ctx.answer("GET", path, std::move(parameters));
}

int claims(context& ctx, const arguments& given) {
  return answer(ctx, given, "/v1/kb/claims");
}
int sources(context& ctx, const arguments& given) {
  return answer(ctx, given, "/v1/kb/sources");
}
int tensions(context& ctx, const arguments& given) {
  return answer(ctx, given, "/v1/kb/tensions");
}
int overlaps(context& ctx, const arguments& given) {
  return answer(ctx, given, "/v1/kb/overlaps");
}

} // namespace

command kb_claims_command() {
  return {"kb",
          "claims",
          "What the sources say, in our words, and which statements rest on it",
          {},
          {by_plugin, by_grade, by_source, by_cause, contested},
          claims};
}

command kb_sources_command() {
  return {"kb",
          "sources",
          "Where the knowledge comes from, and how much each source carries",
          {},
          {by_plugin, by_grade, by_cause, contested},
          sources};
}

command kb_tensions_command() {
  return {"kb",
          "tensions",
          "Where sources or plugins disagree, and what would decide it",
          {},
          {by_plugin, by_grade, by_source, by_cause},
          tensions};
}

command kb_overlaps_command() {
  return {"kb",
          "overlaps",
          "What several plugins rest on one claim, and what looks said twice",
          {},
          {by_plugin, by_source, by_cause},
          overlaps};
}

} // namespace posterior::cli
