#include "engine/cli/clinic_options.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("POST", "/v1/kb/disable", signed_query(given, {{"id", given.word(0)}}));
}

} // namespace

command kb_disable_command() {
  return {"kb",
          "disable",
          "Take a statement out, so that it takes no part any more; never a rule or question of safety",
          {{"ID", "a statement as `posterior kb show` takes it"}},
          {by_option, reason_option},
          run};
}

} // namespace posterior::cli
