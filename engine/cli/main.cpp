// posterior: asks the service one question and prints the answer.
#include <csignal>
#include <vector>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/cli/command_line.hpp"
#include "engine/cli/output.hpp"
#include "engine/service/exit_codes.hpp"

namespace {

using namespace posterior;

void interrupted(int) {
  ::_exit(service::exit_code::interrupted);
}

// Before any case is read: no core file may hold one, and no other process of this user may look into ours.
void keep_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void set_signals() {
  std::signal(SIGINT, interrupted);
  std::signal(SIGPIPE, SIG_IGN); // a reader that goes away is not our failure
  std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow is a full disk, which is answered
}

int run(const std::vector<std::string>& words) {
  const std::vector<cli::command> all = cli::all_commands();
  cli::command_line line = cli::read_command_line(words, all);
  cli::context ctx(line.options, service::process_environment());
  if (words.empty()) {
    cli::write_error(cli::help_text(all));
    return service::exit_code::usage;
  }
  if (line.mistake)
    return ctx.report(*line.mistake, service::exit_code::usage);
  if (line.help) {
    cli::write_out(line.chosen ? cli::help_text(*line.chosen) : cli::help_text(all));
    return service::exit_code::done;
  }
  return line.chosen->run(ctx, line.given);
}

} // namespace

int main(int argc, char** argv) {
  keep_private();
  set_signals();
  return run({argv + (argc > 0 ? 1 : 0), argv + argc});
}
