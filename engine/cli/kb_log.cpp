#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("GET", "/v1/kb/log",
                    {{"id", given.words.empty() ? "" : given.word(0)}, {"max", given.option("--max")}});
}

} // namespace

command kb_log_command() {
  return {"kb",
          "log",
          "What each revision of the knowledge base changed, newest first",
          {{"ID", "only what became of this statement or plugin", false}},
          {{"--max", "N", "at most so many revisions"}},
          run};
}

} // namespace posterior::cli
