#include "engine/cli/case_commands.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return answer_case(ctx, given, "/v1/sensitivity", wishes_query(given));
}

} // namespace

command sensitivity_command() {
  return {"",
          "sensitivity",
          "Which number would have to be what for another cause to come first",
          {{"CASE", "a case file, or - for standard input"}},
          {{"--exit-code", "", "end with 20 if a red flag is raised"},
           {"--revision", "N", "with what was in force at this revision of the knowledge base"}},
          run};
}

} // namespace posterior::cli
