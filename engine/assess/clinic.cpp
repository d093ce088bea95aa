// Which of the clinic's own numbers took part in an answer, and what of its word could not be understood.
#include <algorithm>
#include <set>
#include <tuple>

#include "engine/assess/parts.hpp"
#include "kb/overlay.hpp"

namespace posterior::assess {

std::vector<clinic_line> clinic_lines(const material& m, const assessment& a) {
  std::vector<clinic_line> out;
  const kb::statements& all = m.knowledge.all;
  if (all.changes.empty() && all.withdrawals.empty())
    return out;
  std::set<std::string> used{"scale"}; // its words stand behind every number
  for (statement_ref& s : took_part(m, a))
    used.insert(std::move(s.id));
  for (const kb::change& c : all.changes)
    out.push_back({c.field == kb::whole_statement ? "added" : "changed", c.statement, c.field, c.before,
                   c.now, c.by, c.when, c.reason, used.contains(c.statement)});
  for (const kb::withdrawal& w : all.withdrawals)
    out.push_back({"withdrawn", w.statement, "", "", "", w.by, w.when, w.reason, false});
  std::stable_sort(out.begin(), out.end(), [](const clinic_line& x, const clinic_line& y) {
    return std::tie(x.statement, x.field) < std::tie(y.statement, y.field);
  });
  return out;
}

// What stands in the overlay and could not be understood; kept with a revision, so that a replay says it
// again.
diagnostics clinic_problems(const kb::snapshot& knowledge) {
  diagnostics out;
  for (const kb::dormant& d : knowledge.asleep)
    if (d.plugin == kb::overlay_id && d.statement.starts_with("overlay"))
      out.push_back({severity::warning,
                     "overlay.left-out",
                     {},
                     "what the clinic says was left out in part: " + d.statement + ": " + d.missing,
                     "`posterior kb overlay` shows all of it"});
  return out;
}

} // namespace posterior::assess
