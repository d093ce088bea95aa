#include <cstdio>

#include <unistd.h>

#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/plugin_files.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"

namespace posterior::cli {
namespace {

constexpr const char* path = "/v1/plugins/install";

bool needs_word(const service::response& given) {
  const diagnostics problems = service::read_problems(given.body);
  return given.status == 409 && !problems.empty() && problems.front().code == "plugin.needs-trust";
}

// Asked once, and only where somebody can answer.
bool says_yes(const service::response& given) {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0)
    return false;
  const diagnostic d = service::read_problems(given.body).front();
  write_error("posterior: " + d.text + "\nRun its code on this machine, confined in a worker? [y/N] ");
  char answer[16] = {};
  return ::read(STDIN_FILENO, answer, sizeof answer - 1) > 0 && (answer[0] == 'y' || answer[0] == 'Y');
}

// The service knows no file names; the command that would do it does.
service::response with_command(const service::response& given, const std::string& file) {
  diagnostics problems = service::read_problems(given.body);
  for (diagnostic& d : problems)
    if (const auto at = d.hint.find("install FILE"); at != std::string::npos)
      d.hint.replace(at + 8, 4, file);
  return service::problems_response(given.status, given.exit_code, problems);
}

int run(context& ctx, const arguments& given) {
  to_install what = bytes_to_install(given.word(0));
  if (!what.bytes)
    return ctx.report(service::problems_response(422, service::exit_code::failed, what.problems));
  const auto parameters = [&](bool trusted) {
    query out{{"trust", trusted ? "1" : ""}, {"downgrade", given.option("--downgrade")}};
    if (!ctx.options().json)
      for (auto& pair : ctx.look())
        out.push_back(std::move(pair));
    return out;
  };
  const std::string accept = ctx.options().json ? "application/json" : "text/plain";
  const bool trusted = !given.option("--trust").empty();
  service::response said = ctx.ask("POST", path, parameters(trusted), accept, *what.bytes);
  if (needs_word(said) && says_yes(said))
    said = ctx.ask("POST", path, parameters(true), accept, *what.bytes);
  return ctx.show(needs_word(said) ? with_command(said, given.word(0)) : said);
}

} // namespace

command plugin_install_command() {
  return {"plugin",
          "install",
          "Install a plugin, or another version of one, for this home",
          {{"FILE", "an archive (.tar.gz), a pack (.pack.toml), or a plugin's folder"}},
          {{"--trust", "", "let its code run without being asked; this build and no other is pinned"},
           {"--downgrade", "", "also if a newer version is installed"}},
          run};
}

} // namespace posterior::cli
