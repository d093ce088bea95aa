#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("GET", "/v1/kb/diff", {{"from", given.word(0)}, {"to", given.word(1)}});
}

} // namespace

command kb_diff_command() {
  return {"kb",
          "diff",
          "What differs between two revisions of the knowledge base, field by field",
          {{"REV", "the number of a revision; `posterior kb log` lists them"}, {"REV", "the other one"}},
          {},
          run};
}

} // namespace posterior::cli
