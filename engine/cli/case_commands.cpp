#include "engine/cli/case_commands.hpp"

#include "engine/cli/case_file.hpp"
#include "engine/service/exit_codes.hpp"

namespace posterior::cli {

int answer_case(context& ctx, const arguments& given, std::string_view path, query parameters) {
  file_bytes read = read_case_file(given.word(0));
  if (!read.bytes)
    return ctx.report(read.problem, service::exit_code::case_refused);
  parameters.emplace_back("name", given.word(0));
  return ctx.answer("POST", path, std::move(parameters), std::move(*read.bytes));
}

query wishes_query(const arguments& given) {
  return {{"have", given.option("--have")},
          {"max_exercises", given.option("--max-exercises")},
          {"minutes", given.option("--minutes")},
          {"side", given.option("--side")},
          {"revision", given.option("--revision")},
          {"exit_code", given.option("--exit-code")},
          {"with_drafts", given.option("--with-drafts")}};
}

} // namespace posterior::cli
