// Golden cases of a folder are read here, where the caller stands, and handed in as texts.
#include <filesystem>

#include "engine/check/kb_test.hpp"
#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/service/exit_codes.hpp"
#include "kb/catalogue.hpp"
#include "kb/values/text.hpp"

namespace posterior::cli {
namespace {

constexpr std::string_view path = "/v1/kb/test";

diagnostic mistake(const std::string& file, std::string text, std::string hint = {}) {
  return {severity::error, "kb-test.cases", {file, 0, 0, ""}, std::move(text), std::move(hint)};
}

// DIR/NAME/case.toml with DIR/NAME/expected.toml.
void add_folders(kb::file_system& files, const std::string& dir, check::case_set& out) {
  const auto listed = files.list(dir);
  for (const std::string& name : listed ? *listed : std::vector<std::string>{}) {
    check::golden_case one;
    one.name = name;
    one.case_file = dir + "/" + name + "/case.toml";
    one.expected_file = dir + "/" + name + "/expected.toml";
    auto patient = files.read(one.case_file, kb::size_limit("")),
         wanted = files.read(one.expected_file, kb::size_limit(""));
    if (!patient || !wanted)
      continue; // another kind of folder, or a file
    one.patient = std::move(*patient);
    one.expected = std::move(*wanted);
    out.cases.push_back(std::move(one));
  }
}

// The cases of the folder in the order of their names, as a body; or what is wrong with it.
std::optional<diagnostic> read_folder(const std::string& dir, std::string& body) {
  kb::real_files files;
  check::case_set set;
  if (!files.list(dir))
    return mistake(dir, fault("the folder of cases", "not readable", "a folder that this user may read"));
  set.cases = check::read_case_folder(files, dir);
  add_folders(files, dir, set);
  for (const check::golden_case& one : set.cases)
    if (!one.problems.empty())
      return one.problems.front();
  if (set.cases.empty())
    return mistake(dir, fault("the folder of cases", "without a golden case", "one that holds some"),
                   "NAME.case.toml with NAME.expected.toml, or NAME/case.toml with NAME/expected.toml");
  body = check::case_set_text(set);
  return {};
}

int write_junit(context& ctx, const std::string& file, const std::string& body) {
  const service::response xml = ctx.ask("POST", path, {{"as", "junit"}}, "application/json", body);
  if (xml.status >= 400)
    return ctx.report(xml);
  if (const std::string why = write_private_file(file, xml.body); !why.empty())
    return ctx.report(mistake(file, fault("the file", why, "writable")), service::exit_code::failed);
  return service::exit_code::done;
}

int run(context& ctx, const arguments& given) {
  std::string body;
  if (const std::string dir = given.option("--cases"); !dir.empty())
    if (const auto no = read_folder(dir, body))
      return ctx.report(*no, service::exit_code::failed);
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
