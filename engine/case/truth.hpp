// Kleene's three-valued logic over cases::truth. Pure; any thread.
#pragma once

#include "engine/case/case.hpp"

namespace posterior::cases {

constexpr truth operator!(truth a) {
  return a == truth::present ? truth::absent : a == truth::absent ? truth::present : truth::unknown;
}

constexpr truth both(truth a, truth b) {
  if (a == truth::absent || b == truth::absent)
    return truth::absent;
  return a == truth::present && b == truth::present ? truth::present : truth::unknown;
}

constexpr truth either(truth a, truth b) {
  return !both(!a, !b);
}

constexpr truth as_truth(bool holds) {
  return holds ? truth::present : truth::absent;
}

} // namespace posterior::cases
