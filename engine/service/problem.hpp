// What went wrong, as the asker gets it: schema posterior.problem/1. Pure; any thread. May quote the request:
// never log it.
#pragma once

#include <string>
#include <string_view>

#include "engine/service/message.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::service {

// {"schema", "exit", "problems": [{severity, code, place, text, hint}]}; `place` is text ("case.toml:12:3").
response problems_response(int status, int exit_code, const diagnostics& list);
response problem_response(int status, int exit_code, std::string code, std::string place, std::string text,
                          std::string hint = {});

// The lines for people: "posterior: error: PLACE: TEXT" and "posterior: hint: HINT", for each problem.
std::string problem_lines(const diagnostics& list);

// Reads back what problems_response wrote; empty if `body` is something else.
diagnostics read_problems(std::string_view body);

} // namespace posterior::service
