#include "engine/cli/clinic_options.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("POST", "/v1/kb/suspend",
                    signed_query(given, {{"id", given.word(0)}, {"until", given.option("--until")}}));
}

} // namespace

command kb_suspend_command() {
  return {
      "kb",
      "suspend",
      "Suspend a red-flag rule for a time; every assessment then begins with that",
      {{"RULE", "the id of a rule, for example rf-cauda-equina"}},
      {{"--until", "DATE", "the last day, YYYY-MM-DD, at most 90 days from today"}, by_option, reason_option},
      run};
}

} // namespace posterior::cli
