// What every command shares: the options of all commands, and how a request becomes what is printed.
// One thread; owner: main.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/service/message.hpp"
#include "engine/service/places.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::cli {

struct common_options {
  bool json = false;
  bool local = false;
  std::string socket;
  int width = 0; // 0: by the terminal, at most 80
};

using query = std::vector<std::pair<std::string, std::string>>;

// Answers requests, in this process or through a daemon; made on the first question.
using asker = std::function<service::response(const service::request&)>;

class context {
public:
  context(common_options options, service::environment variables);

  // Asks and prints the answer, its notes and its problems; the exit code. `body` is a case, if there is one.
  int answer(std::string method, std::string_view path, query parameters, std::string body = {});
  // Asks without printing. `accept` as in HTTP.
  service::response ask(std::string method, std::string_view path, query parameters, std::string accept,
                        std::string body = {});
  // Answers in this process from now on. Only before anything is asked.
  void stay_here() { options_.local = true; }
  // Asks a daemon and nothing else from now on. Only before anything is asked.
  void daemon_only() { daemon_only_ = true; }
  // Prints an answer with its notes, or its problems; its exit code.
  int show(const service::response& given);
  // Prints the problems of a failed answer (and the document itself with --json); its exit code.
  int report(const service::response& given);
  int report(const diagnostic& problem, int exit_code);

  const common_options& options() const { return options_; }
  const service::environment& variables() const { return variables_; }
  const service::places& at() const { return at_; }
  // Where requests are answered: "in this process", or the socket's path. Asks nothing.
  const std::string& answered_by() const { return answered_by_; }
  query look() const; // width and colour

private:
  service::response transport(const service::request& asked);

  common_options options_;
  service::environment variables_;
  service::places at_;
  bool daemon_only_ = false;
  asker asker_;
  std::string answered_by_;
};

} // namespace posterior::cli
