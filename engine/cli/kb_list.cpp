#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer(
      "GET", "/v1/kb/list",
      {{"kind", given.word(0)}, {"plugin", given.option("--plugin")}, {"grade", given.option("--grade")}});
}

} // namespace

command kb_list_command() {
  return {"kb",
          "list",
          "List all statements of one kind",
          {{"KIND", "causes, states, findings, exercises, rules, claims, sources, ..."}},
          {{"--plugin", "ID", "only what this plugin says"},
           {"--grade", "GRADE", "only high, moderate, low, very-low or opinion"}},
          run};
}

} // namespace posterior::cli
