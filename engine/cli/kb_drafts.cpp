#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("GET", "/v1/kb/drafts", {{"id", given.words.empty() ? "" : given.word(0)}});
}

} // namespace

command kb_drafts_command() {
  return {"kb",
          "drafts",
          "What waits for a judgement, and what was rejected",
          {{"ID", "this draft alone, with its text", false}},
          {},
          run};
}

} // namespace posterior::cli
