#include "engine/cli/case_commands.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  query asked = wishes_query(given);
  asked.emplace_back("focus", given.option("--focus"));
  return answer_case(ctx, given, "/v1/next", std::move(asked));
}

} // namespace

command next_command() {
  return {"",
          "next",
          "What to test next, what each result would do, and when enough is known",
          {{"CASE", "a case file, or - for standard input"}},
          {{"--focus", "CAUSE", "only what tells of this cause, for example neural-tension@left"},
           {"--minutes", "N", "also choose tests for this time"},
           {"--have", "EQUIPMENT,...", "what the patient has besides what every home has"},
           {"--side", "SIDE", "tests and plan for left or right only"},
           drafts_option,
           {"--exit-code", "", "end with 20 if a red flag is raised"},
           {"--revision", "N", "with what was in force at this revision of the knowledge base"}},
          run};
}

} // namespace posterior::cli
