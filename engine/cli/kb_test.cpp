// Golden cases of a folder are read here, where the caller stands, and handed in as texts.
#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/own_cases.hpp"

namespace posterior::cli {
namespace {

constexpr std::string_view path = "/v1/kb/test";

int write_junit(context& ctx, const std::string& file, const std::string& body) {
  const service::response xml = ctx.ask("POST", path, {{"as", "junit"}}, "application/json", body);
  if (xml.status >= 400)
    return ctx.report(xml);
  const std::string why = write_private_file(file, xml.body);
  if (why.empty())
    return service::exit_code::done;
  const diagnostic no{severity::error,
                      "output.not-written",
                      {file, 0, 0, ""},
                      fault("the file", why, "writable"),
                      "name a file in a folder that this user may write to"};
  return ctx.report(no, service::exit_code::failed);
}

int run(context& ctx, const arguments& given) {
  std::string body;
  if (const std::string dir = given.option("--cases"); !dir.empty()) {
    const service::folder_cases found = service::cases_in(dir);
    if (found.refused)
      return ctx.report(*found.refused, service::exit_code::failed);
    body = check::case_set_text(found.set);
  }
  if (const std::string file = given.option("--junit"); !file.empty())
    if (const int code = write_junit(ctx, file, body))
      return code;
  return ctx.answer("POST", path, {{"untouched", given.option("--untouched")}}, std::move(body));
}

} // namespace

command kb_test_command() {
  return {"kb",
          "test",
          "Run the golden cases that travel with the knowledge, and say what none of them touches",
          {},
          {{"--cases", "DIR", "also the golden cases of this folder"},
           {"--untouched", "KIND", "list all statements of a kind that no case touches"},
           {"--junit", "FILE", "also write the results as JUnit XML"}},
          run};
}

} // namespace posterior::cli
