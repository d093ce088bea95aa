// One HTTP/1.1 exchange over a Unix socket, bounded in time and size. Small on purpose: the command line asks
// one question and ends, and a case goes to nobody but root, the service's user or the caller.
// One thread; owner: one command.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "engine/service/message.hpp"

namespace posterior::cli {

enum class reach : std::uint8_t {
  answered,
  nothing_there, // no such file
  stale,         // a socket file that nobody listens on
  foreign,       // the socket or who listens belongs to somebody else
  broken         // connected, but no usable answer
};

struct exchange {
  reach how = reach::broken;
  std::string reason; // one sentence, for everything but answered
  service::response given;
};

struct exchange_limits {
  int connect_ms = 200;
  int answer_ms = 60000;
  std::size_t head_bytes = 16 * 1024;
  std::size_t body_bytes = 64u << 20;
};

// Connects, checks who listens, sends `asked`, reads the answer.
exchange ask_socket(const std::filesystem::path& socket, const service::request& asked,
                    const exchange_limits& limits);

// The answer in `bytes`; `complete` is false while more is needed, and `response` empty if it can never be
// one.
struct http_reading {
  bool complete = false;
  std::optional<service::response> response;
  std::string reason;
};
http_reading read_http(std::string_view bytes, const exchange_limits& limits);

// The bytes of a request.
std::string write_http(const service::request& asked);

} // namespace posterior::cli
