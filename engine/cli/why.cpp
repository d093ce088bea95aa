#include "engine/cli/case_commands.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return answer_case(ctx, given, "/v1/why",
                     {{"id", given.word(1)},
                      {"revision", given.option("--revision")},
                      {"with_drafts", given.option("--with-drafts")}});
}

} // namespace

command why_command() {
  return {
      "",
      "why",
      "Why the assessment says what it says about one cause, exercise, test or rule",
      {{"CASE", "a case file, or - for standard input"},
       {"ID", "for example neural-tension, neural-tension@left, slump"}},
      {{"--revision", "N", "with what was in force at this revision of the knowledge base"}, drafts_option},
      run};
}

} // namespace posterior::cli
