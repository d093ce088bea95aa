// When a phase of the programme begins and when it is left. Pure; any thread.
#pragma once

#include "kb/model.hpp"

namespace posterior::plan {

struct gate {
  std::string_view entry, exit;
};

// Criteria, not dates: customary clinical gates, a judgement for every phase.
gate gate_of(kb::phase stage);

} // namespace posterior::plan
