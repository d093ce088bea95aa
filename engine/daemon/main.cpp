// posteriord: the service behind a Unix socket.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "engine/daemon/http_server.hpp"
#include "engine/daemon/keeper.hpp"
#include "engine/daemon/log_writer.hpp"
#include "engine/daemon/options.hpp"
#include "engine/daemon/routes.hpp"
#include "engine/daemon/socket.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/local.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/version.hpp"

namespace {

using namespace posterior;
using service::log_category;
using service::log_entry;
using service::log_level;

// No core file may hold a case, and no other process of this user may look into ours.
void keep_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::umask(0077);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow is a full disk, which is answered
}

int complain(const diagnostic& problem, int code) {
  std::fputs(service::problem_lines({problem}).c_str(), stderr);
  return code;
}

// systemd asks for the clock when a reload begins, so that it knows which READY belongs to it.
void tell_reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const std::string text =
      "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.tv_sec * 1'000'000 + now.tv_nsec / 1000);
  ::sd_notify(0, text.c_str());
}

daemon::listening open_socket(const daemon::daemon_options& options, const service::environment& variables,
                              const service::places& at) {
  if (auto given = daemon::listening_from_systemd())
    return *given;
  const auto path =
      options.socket.empty() ? daemon::default_socket(variables, at) : std::filesystem::path(options.socket);
  std::error_code shown_by_listening; // a folder that could not be made is named when the socket is
  if (path.parent_path() == at.home)
    std::filesystem::create_directories(at.home, shown_by_listening);
  return daemon::listen_at(path, options.group);
}

void handle_signal(int number, daemon::http_server& server, daemon::keeper& knowledge,
                   const service::log_sink& log) {
  if (number != SIGHUP) {
    log(log_category::daemon, log_level::info, log_entry("told to stop").with("signal", number));
    ::sd_notify(0, "STOPPING=1");
    server.stop();
    return;
  }
  tell_reloading();
  server.post([&knowledge] {
    knowledge.load();
    ::sd_notify(0, "READY=1");
  });
}

int serve(const daemon::listening& socket, const service::environment& variables, const service::places& at,
          const service::log_sink& log) {
  if (variables("POSTERIOR_PLUGIN_PATH"))
    log(log_category::daemon, log_level::warning,
        log_entry("POSTERIOR_PLUGIN_PATH is ignored by the daemon"));
  const service::daemon_parts parts = service::make_daemon_parts(at, log);
  daemon::keeper knowledge(parts.open, log, service::utc_calendar(), parts.open_drafts);
  const service::service answers([&knowledge] { return knowledge.current(); }, service::steady_stopwatch(),
                                 service::daemon_desk(at), parts.past, service::make_exchange_desk(at),
                                 service::daemon_clinic_desk(at),
                                 [&knowledge] { return knowledge.with_drafts(); });
  daemon::http_server* stop_it = nullptr;
  const daemon::door entrance = daemon::door_of(socket);
  daemon::server_limits limits;
  limits.body_bytes_of = service::body_limit_of;
  daemon::http_server server(
      socket.descriptor, limits, daemon::with_rights(answers, knowledge, [&stop_it] { stop_it->stop(); }),
      [entrance](int fd) {
        const auto who = daemon::peer_of(fd);
        return who ? daemon::rights_of(*who, entrance) : daemon::rights::none;
      },
      log);
  stop_it = &server;
  server.every(std::chrono::minutes(1), parts.tidy);
  server.on_signals([&](int number) { handle_signal(number, server, knowledge, log); });
  server.post([&knowledge] {
    knowledge.load();
    ::sd_notify(0, "READY=1");
  });
  log(log_category::daemon, log_level::info, log_entry("listening").place("socket", socket.path));
  server.run();
  daemon::remove_socket(socket);
  log(log_category::daemon, log_level::info, log_entry("ended"));
  return service::exit_code::done;
}

} // namespace

int main(int argc, char** argv) {
  keep_private();
  const daemon::daemon_options options = daemon::read_options({argv + (argc > 0 ? 1 : 0), argv + argc});
  if (options.mistake)
    return complain(*options.mistake, service::exit_code::usage);
  if (options.help)
    return std::fputs(std::string(daemon::daemon_help()).c_str(), stdout) < 0 ? 1 : 0;
  if (options.version)
    return std::printf("posteriord %s\n", std::string(service::engine_version()).c_str()) < 0 ? 1 : 0;
  const service::environment variables = service::process_environment();
  const service::places at = service::find_places(variables, service::running_program());
  const daemon::listening socket = open_socket(options, variables, at);
  if (socket.descriptor < 0)
    return complain(socket.problem, service::exit_code::failed);
  return serve(socket, variables, at,
               daemon::standard_error_log(options.level, variables("JOURNAL_STREAM").has_value()));
}
