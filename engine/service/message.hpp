// A request and its response, free of transport: what the daemon reads from a socket and what the command
// line hands over in-process are the same values, so both give the same bytes. Values; any thread.
// A request's body and a response hold patient data: never log either, nor the query of a target.
#pragma once

#include <cstddef>
#include <string>

namespace posterior::service {

// Largest case that is taken, as engine/case/reader.hpp has it (case_routes.cpp checks that they agree).
inline constexpr std::size_t body_bytes_limit = std::size_t{1} << 20;

// Largest network that debug infer takes (in this process; a daemon's bodies end at body_bytes_limit).
inline constexpr std::size_t network_bytes_limit = std::size_t{8} << 20;

struct request {
  std::string method; // GET or POST
  std::string target; // path?query, percent-encoded
  std::string accept; // application/json, text/plain or text/html; empty: JSON
  std::string body;   // a case
};

struct response {
  int status = 200;  // as in HTTP
  int exit_code = 0; // what a command ends with; travels as the header Posterior-Exit
  std::string content_type = "application/json";
  std::string body;
  std::string notes; // lines for the asker's standard error; travel as Posterior-Notes, percent-encoded

  bool operator==(const response&) const = default;
};

} // namespace posterior::service
