// The causal map for programs, for people and for Graphviz; on paper it is drawn by map_pages.hpp. Pure; any
// thread.
#pragma once

#include <string>

#include "engine/report/sheet.hpp"
#include "kb/causal_map.hpp"

namespace posterior::report {

// "what leads to Neural tension, and what it leads to"; empty for the whole map.
std::string subject_of(const kb::snapshot& s, const kb::map_choice& choice);

// Schema posterior.kb-graph/1.
std::string map_json(const kb::causal_map& m, const kb::map_choice& choice, const kb::snapshot& s);
sheet map_sheet(const kb::causal_map& m, const kb::map_choice& choice, const kb::snapshot& s);
std::string map_dot(const kb::causal_map& m, const kb::map_choice& choice, const kb::snapshot& s);

} // namespace posterior::report
