#include "engine/cli/case_commands.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return answer_case(
      ctx, given, "/v1/compare",
      {{"first", given.word(1)}, {"second", given.word(2)}, {"revision", given.option("--revision")}});
}

} // namespace

command compare_command() {
  return {"",
          "compare",
          "What tells two causes apart, and which test would",
          {{"CASE", "a case file, or - for standard input"},
           {"CAUSE", "for example neural-tension, or neural-tension@left"},
           {"OTHER", "the cause to hold beside it"}},
          {{"--revision", "N", "with what was in force at this revision of the knowledge base"}},
          run};
}

} // namespace posterior::cli
