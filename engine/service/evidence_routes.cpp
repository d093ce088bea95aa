// Claims, sources, tensions, and what is said twice.
#include "engine/report/evidence.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/narrowing.hpp"
#include "engine/service/routes.hpp"

namespace posterior::service {
namespace {

// One list of evidence: `find` gives it for what was asked, the others draw it.
template <typename Find, typename Json, typename Sheet>
response listed(const call& c, const char* title, Find find, Json json, Sheet sheet) {
  const narrowing_read only = read_narrowing(c);
  if (only.problem)
    return *only.problem;
  const kb::snapshot& k = *c.now.knowledge;
  const auto list = find(k, only.value);
  return form_of(c.asked.accept) == form::json ? json_answer(json(list, only.value, k))
                                               : drawn(sheet(list, k), c, title);
}

} // namespace

response claims_route(const call& c) {
  return listed(c, "Posterior: claims", kb::claims_of, report::claims_json, report::claims_sheet);
}

response sources_route(const call& c) {
  return listed(c, "Posterior: sources", kb::sources_of, report::sources_json,
                [](const auto& list, const kb::snapshot&) { return report::sources_sheet(list); });
}

response tensions_route(const call& c) {
  return listed(c, "Posterior: tensions", kb::tensions_of, report::tensions_json, report::tensions_sheet);
}

response overlaps_route(const call& c) {
  return listed(c, "Posterior: overlaps", kb::overlaps_of, report::overlaps_json, report::overlaps_sheet);
}

} // namespace posterior::service
