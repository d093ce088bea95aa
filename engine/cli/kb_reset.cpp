#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("POST", "/v1/kb/reset",
                    {{"id", given.word(0)}, {"field", given.words.size() > 1 ? given.word(1) : ""}});
}

} // namespace

command kb_reset_command() {
  return {"kb",
          "reset",
          "Take back what this clinic said about a statement",
          {{"ID", "a statement, rule or draft that `posterior kb overlay` names"},
           {"FIELD", "this field alone", false}},
          {},
          run};
}

} // namespace posterior::cli
