#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("GET", "/v1/kb/list", {{"kind", given.word(0)}});
}

} // namespace

command kb_list_command() {
  return {"kb",
          "list",
          "List all statements of one kind",
          {{"KIND", "causes, states, findings, exercises, rules, claims, sources, ..."}},
          {},
          run};
}

} // namespace posterior::cli
