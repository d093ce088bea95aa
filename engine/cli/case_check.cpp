#include "engine/cli/case_commands.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return answer_case(ctx, given, "/v1/case/check", {});
}

} // namespace

command case_check_command() {
  return {"case",
          "check",
          "Say what in a case cannot be used, and where",
          {{"CASE", "a case file, or - for standard input"}},
          {},
          run};
}

} // namespace posterior::cli
