#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer(
      "GET", "/v1/kb/show",
      {{"id", given.word(0)}, {"all", given.option("--all")}, {"revision", given.option("--revision")}});
}

} // namespace

command kb_show_command() {
  return {"kb",
          "show",
          "Show one statement with what it rests on and who uses it",
          {{"ID", "a state, finding, exercise, rule, claim, source, ..."}},
          {{"--all", "", "every relation, however many"},
           {"--revision", "N", "as it was at this revision of the knowledge base"}},
          run};
}

} // namespace posterior::cli
