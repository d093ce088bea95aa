// Which rules of sequence bear on a plan, in words, and whether it meets them. Internal to engine/plan; pure;
// any thread.
#pragma once

#include <vector>

#include "engine/plan/choose.hpp"

namespace posterior::plan {

// `session` are the items of the plan as indices into `all`, in the order of a session; `left_out` why each
// other candidate is not among them. An order bears on a plan that has exercises of two of its groups; "at
// most one" if one is given and another was indicated; coverage if something of it is given or indicated;
// hours between if something of it is given. By id of the rule.
std::vector<sequence_line> sequence_lines(const input& in, const std::vector<candidate>& all,
                                          const std::vector<std::size_t>& session, const sequencing& rules,
                                          const std::vector<left_out_line>& left_out);

} // namespace posterior::plan
