#include "engine/cli/context.hpp"

#include <algorithm>

#include <unistd.h>

#include "engine/cli/output.hpp"
#include "engine/cli/transport.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/target.hpp"

namespace posterior::cli {
namespace {

void say_notes(std::string_view notes) {
  while (!notes.empty()) {
    const std::string_view line = notes.substr(0, notes.find('\n'));
    notes.remove_prefix(std::min(notes.size(), line.size() + 1));
    if (!line.empty())
      say("note", line);
  }
}

} // namespace

context::context(common_options options, service::environment variables)
    : options_(std::move(options))
    , variables_(std::move(variables))
    , at_(service::find_places(variables_, service::running_program())) {}

query context::look() const {
  const int terminal = terminal_width();
  const int usual = terminal == 0 ? 80 : std::clamp(terminal, 40, 80);
  const bool plain = variables_("NO_COLOR") || variables_("TERM").value_or("dumb") == "dumb";
  return {{"width", std::to_string(options_.width > 0 ? options_.width : usual)},
          {"colour", terminal > 0 && !plain ? "1" : ""}};
}

service::response context::transport(const service::request& asked) {
  if (!asker_) {
    chosen way =
        daemon_only_ ? choose_daemon(options_, variables_, at_) : choose_transport(options_, variables_, at_);
    for (const std::string& note : way.notes)
      say("note", note);
    answered_by_ = way.name;
    asker_ = std::move(way.ask);
  }
  return asker_(asked);
}

service::response context::ask(std::string method, std::string_view path, query parameters,
                               std::string accept, std::string body) {
  return transport(
      {std::move(method), service::make_target(path, parameters), std::move(accept), std::move(body)});
}

int context::answer(std::string method, std::string_view path, query parameters, std::string body) {
  if (!options_.json)
    for (auto& pair : look())
      parameters.push_back(std::move(pair));
  const service::response given = ask(std::move(method), path, std::move(parameters),
                                      options_.json ? "application/json" : "text/plain", std::move(body));
  return show(given);
}

int context::show(const service::response& given) {
  if (given.status >= 400)
    return report(given);
  write_out(given.body);
  say_notes(given.notes);
  return given.exit_code;
}

int context::report(const service::response& given) {
  write_error(service::problem_lines(service::read_problems(given.body)));
  if (options_.json)
    write_out(given.body);
  return given.exit_code;
}

int context::report(const diagnostic& problem, int exit_code) {
  return report(service::problems_response(400, exit_code, {problem}));
}

} // namespace posterior::cli
