// A daemon that a test runs, and its workers.
#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "engine/cli/client.hpp"
#include "tests/cli/program.hpp"

namespace posterior::tests {

using namespace std::chrono_literals;

// A daemon of its own on a socket below the installation; ended with the object.
class running {
public:
  explicit running(const installation& at, std::vector<std::string> extra = {},
                   const variables& extra_variables = {})
      : at_(at) {
    std::vector<std::string> words{"--socket", socket()};
    words.insert(words.end(), extra.begin(), extra.end());
    child_ = at.start("posteriord", words, log(), extra_variables);
    wait_until_ready();
  }
  ~running() {
    if (child_ > 0)
      stop(SIGKILL);
  }
  std::string socket() const { return (at_.root() / "d.sock").string(); }
  std::filesystem::path log() const { return at_.root() / "daemon.log"; }
  pid_t pid() const { return child_; }

  // Whoever takes it waits for it.
  pid_t take_pid() { return std::exchange(child_, -1); }

  int stop(int signal = SIGTERM) {
    ::kill(child_, signal);
    const int code = wait_for_exit(child_);
    child_ = -1;
    return code;
  }
  service::response ask(const std::string& method, const std::string& target, const std::string& body = {},
                        const std::string& accept = "application/json") const {
    return cli::ask_socket(socket(), {method, target, accept, body}, {}).given;
  }
  finished run(std::vector<std::string> words, const std::string& input = {}) const {
    words.insert(words.end(), {"--socket", socket()});
    return at_.run(words, input);
  }

private:
  void wait_until_ready() const {
    for (int i = 0; i < 600; ++i) {
      if (ask("GET", "/v1/ready").status == 200 && !ask("GET", "/v1/ready").body.empty())
        return;
      std::this_thread::sleep_for(20ms);
    }
  }

  const installation& at_;
  pid_t child_ = -1;
};

inline std::vector<pid_t> children(pid_t parent) {
  std::vector<pid_t> out;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos)
      continue;
    const std::string stat = contents(entry.path() / "stat");
    const std::size_t behind = stat.rfind(") ");
    if (behind != std::string::npos && std::atol(stat.c_str() + behind + 4) == parent)
      out.push_back(static_cast<pid_t>(std::stol(name)));
  }
  return out;
}

} // namespace posterior::tests
