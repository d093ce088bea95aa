// Claims, sources, tensions, and what is said twice.
#include "engine/report/evidence.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/narrowing.hpp"
#include "engine/service/routes.hpp"

namespace posterior::service {
namespace {

bool as_json(const call& c) {
  return form_of(c.asked.accept) == form::json;
}

} // namespace

response claims_route(const call& c) {
  const narrowing_read only = read_narrowing(c);
  if (only.problem)
    return *only.problem;
  const kb::snapshot& k = *c.now.knowledge;
  const auto list = kb::claims_of(k, only.value);
  return as_json(c) ? json_answer(report::claims_json(list, only.value, k))
                    : drawn(report::claims_sheet(list, k), c, "Posterior: claims");
}

response sources_route(const call& c) {
  const narrowing_read only = read_narrowing(c);
  if (only.problem)
    return *only.problem;
  const kb::snapshot& k = *c.now.knowledge;
  const auto list = kb::sources_of(k, only.value);
  return as_json(c) ? json_answer(report::sources_json(list, only.value, k))
                    : drawn(report::sources_sheet(list), c, "Posterior: sources");
}

response tensions_route(const call& c) {
  const narrowing_read only = read_narrowing(c);
  if (only.problem)
    return *only.problem;
  const kb::snapshot& k = *c.now.knowledge;
  const auto list = kb::tensions_of(k, only.value);
  return as_json(c) ? json_answer(report::tensions_json(list, only.value, k))
                    : drawn(report::tensions_sheet(list, k), c, "Posterior: tensions");
}

response overlaps_route(const call& c) {
  const narrowing_read only = read_narrowing(c);
  if (only.problem)
    return *only.problem;
  const kb::snapshot& k = *c.now.knowledge;
  const auto list = kb::overlaps_of(k, only.value);
  return as_json(c) ? json_answer(report::overlaps_json(list, only.value, k))
                    : drawn(report::overlaps_sheet(list, k), c, "Posterior: overlaps");
}

} // namespace posterior::service
