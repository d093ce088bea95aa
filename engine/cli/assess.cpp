#include "engine/cli/case_commands.hpp"
#include "engine/cli/case_file.hpp"
#include "engine/cli/output.hpp"
#include "engine/service/exit_codes.hpp"

namespace posterior::cli {
namespace {

constexpr std::string_view path = "/v1/assess";

int not_written(context& ctx, const std::string& file, const std::string& why) {
  diagnostic d;
  d.code = "output.not-written";
  d.where.file = file;
  d.text = "the page could not be written: " + why;
  d.hint = "name a file in a folder that this user may write to";
  return ctx.report(d, service::exit_code::failed);
}

int write_page(context& ctx, const arguments& given, const std::string& file) {
  file_bytes read = read_case_file(given.word(0));
  if (!read.bytes)
    return ctx.report(read.problem, service::exit_code::case_refused);
  query parameters = wishes_query(given);
  parameters.emplace_back("name", given.word(0));
  const service::response page =
      ctx.ask("POST", path, std::move(parameters), "text/html", std::move(*read.bytes));
  if (page.status >= 400)
    return ctx.report(page);
  const std::string why = write_private_file(file, page.body);
  return why.empty() ? page.exit_code : not_written(ctx, file, why);
}

int both_forms(context& ctx) {
  diagnostic d;
  d.code = "command-line";
  d.where.file = "posterior assess";
  d.text = fault("--html", "given with --json", "given alone");
  d.hint = "run the command twice";
  return ctx.report(d, service::exit_code::usage);
}

int run(context& ctx, const arguments& given) {
  const std::string file = given.option("--html");
  if (file.empty())
    return answer_case(ctx, given, path, wishes_query(given));
  return ctx.options().json ? both_forms(ctx) : write_page(ctx, given, file);
}

} // namespace

command assess_command() {
  return {"",
          "assess",
          "What probably stands behind the complaint, why, what to test next, and the plan",
          {{"CASE", "a case file, or - for standard input"}},
          {{"--html", "FILE", "write one printable page instead"},
           {"--have", "EQUIPMENT,...", "what the patient has besides what every home has"},
           {"--max-exercises", "N", "at most this many exercises, 1 to 6"},
           {"--minutes", "N", "minutes for a session"},
           {"--side", "SIDE", "plan for left or right only"},
           {"--revision", "N", "with what was in force at this revision of the knowledge base"},
           drafts_option,
           {"--exit-code", "", "end with 20 if a red flag is raised"}},
          run};
}

} // namespace posterior::cli
