#include "engine/cli/case_commands.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  query asked = wishes_query(given);
  asked.emplace_back("id", given.word(1));
  return answer_case(ctx, given, "/v1/why-not", std::move(asked));
}

} // namespace

command why_not_command() {
  return {"",
          "why-not",
          "Why a cause is not higher, an exercise not in the plan, or a test not asked",
          {{"CASE", "a case file, or - for standard input"},
           {"ID", "for example hamstring-strain@left, nordic-curl, slump"}},
          {{"--have", "EQUIPMENT,...", "what the patient has besides what every home has"},
           {"--max-exercises", "N", "at most this many exercises, 1 to 6"},
           {"--minutes", "N", "minutes for a session"},
           {"--side", "SIDE", "plan for left or right only"},
           {"--revision", "N", "with what was in force at this revision of the knowledge base"}},
          run};
}

} // namespace posterior::cli
