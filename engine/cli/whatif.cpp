#include "engine/cli/case_commands.hpp"

namespace posterior::cli {
namespace {

std::string joined(const arguments& given) {
  std::string out;
  for (std::size_t i = 1; i < given.words.size(); ++i)
    out += (out.empty() ? "" : ",") + given.words[i];
  return out;
}

int run(context& ctx, const arguments& given) {
  query asked = wishes_query(given);
  asked.emplace_back("changes", joined(given));
  asked.emplace_back("given", given.option("--given"));
  asked.emplace_back("do", given.option("--do"));
  return answer_case(ctx, given, "/v1/whatif", std::move(asked));
}

} // namespace

command whatif_command() {
  return {"",
          "whatif",
          "What would be different with other findings, or with causes held present or absent",
          {{"CASE", "a case file, or - for standard input"},
           {"FINDING=STATE...",
            "for example slump@left=absent, slr-passive@left=55deg, irritability=high; unknown takes a "
            "record back",
            false, true}},
          {{"--given", "CAUSE=STATE,...", "it is known that the cause is present or absent"},
           {"--do", "CAUSE=STATE,...", "something made it so, a treatment for example"},
           {"--have", "EQUIPMENT,...", "what the patient has besides what every home has"},
           {"--side", "SIDE", "plan for left or right only"},
           drafts_option,
           {"--exit-code", "", "end with 20 if a red flag would be raised"},
           {"--revision", "N", "with what was in force at this revision of the knowledge base"}},
          run};
}

} // namespace posterior::cli
