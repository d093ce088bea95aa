// The answers of `debug network`, `debug evidence` and `debug timings`. Pure; any thread. The first two hold
// patient data: never log them.
#pragma once

#include <string>

#include "engine/assess/inside.hpp"
#include "engine/assess/timing.hpp"
#include "engine/report/sheet.hpp"

namespace posterior::report {

std::string network_json(const assess::inside& in, const inference::case_question& q);
sheet network_sheet(const assess::inside& in, const inference::case_question& q);
// For Graphviz.
std::string network_dot(const assess::inside& in, const inference::case_question& q);
// The question as debug infer takes it.
std::string question_json(const inference::network_question& q);

std::string evidence_json(const assess::evidence_view& e);
sheet evidence_sheet(const assess::evidence_view& e);

std::string timings_json(const assess::timings& t);
sheet timings_sheet(const assess::timings& t);

} // namespace posterior::report
