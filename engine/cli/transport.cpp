#include "engine/cli/transport.hpp"

#include <memory>

#include "engine/cli/client.hpp"
#include "engine/cli/output.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/local.hpp"
#include "engine/service/problem.hpp"

namespace posterior::cli {
namespace {

service::response no_daemon(const std::string& socket, const std::string& reason) {
  return service::problem_response(503, service::exit_code::no_daemon, "daemon.unreachable", socket,
                                   "no daemon answers: " + reason, "start posteriord, or use --local");
}

chosen one_socket(const std::string& socket) {
  const asker ask = [socket](const service::request& asked) {
    exchange done = ask_socket(socket, asked, {});
    return done.how == reach::answered ? std::move(done.given) : no_daemon(socket, done.reason);
  };
  return {ask, socket, {}};
}

chosen in_process(const service::places& at) {
  const auto local = std::make_shared<service::local_service>(at, service::local_options{});
  const asker ask = [local](const service::request& asked) {
    service::response given = local->handle(asked);
    for (const std::string& note : local->take_notes())
      say("note", note);
    return given;
  };
  return {ask, "in this process", {}};
}

// The sockets are tried with the question itself: asking twice would be slower and could still miss.
// `otherwise` answers where no daemon does.
chosen first_that_answers(std::vector<std::filesystem::path> sockets, asker otherwise, std::string name) {
  const auto inner = std::make_shared<asker>();
  const asker ask = [inner, sockets = std::move(sockets),
                     otherwise = std::move(otherwise)](const service::request& asked) {
    if (*inner)
      return (*inner)(asked);
    for (const auto& socket : sockets) {
      exchange done = ask_socket(socket, asked, {});
      if (done.how == reach::answered || done.how == reach::broken)
        *inner = one_socket(socket.string()).ask;
      if (done.how == reach::answered)
        return std::move(done.given);
      if (done.how == reach::broken)
        return no_daemon(socket.string(), done.reason);
      if (done.how != reach::nothing_there)
        say("note", socket.string() + ": passed over, " + done.reason);
    }
    *inner = otherwise;
    return (*inner)(asked);
  };
  return {ask, std::move(name), {}};
}

std::string listed(const std::vector<std::filesystem::path>& sockets) {
  std::string out;
  for (const auto& one : sockets)
    out += (out.empty() ? "" : ", ") + one.string();
  return out;
}

} // namespace

chosen choose_transport(const common_options& options, const service::environment& variables,
                        const service::places& at) {
  if (options.local)
    return in_process(at);
  if (!options.socket.empty())
    return one_socket(options.socket);
  if (const auto named = variables("POSTERIOR_SOCKET"))
    return one_socket(*named);
  if (variables("POSTERIOR_HOME") || variables("POSTERIOR_PLUGIN_PATH"))
    return in_process(at);
  return first_that_answers(
      service::socket_candidates(variables, at),
      [at](const service::request& asked) { return in_process(at).ask(asked); },
      "the first daemon that answers, else in this process");
}

chosen choose_daemon(const common_options& options, const service::environment& variables,
                     const service::places& at) {
  if (!options.socket.empty())
    return one_socket(options.socket);
  const auto sockets = service::socket_candidates(variables, at);
  return first_that_answers(
      sockets,
      [where = listed(sockets)](const service::request&) {
        return service::problem_response(503, service::exit_code::no_daemon, "daemon.unreachable", where,
                                         "no daemon answers: nothing listens there", "start posteriord");
      },
      "the first daemon that answers");
}

} // namespace posterior::cli
