// The route that runs the golden cases of the knowledge in force.
#include <algorithm>

#include "engine/check/kb_test.hpp"
#include "engine/report/words.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

void add_case(report::sheet& page, const check::tested_case& t) {
  const bool passed = t.how.problems.empty();
  page.item(passed ? "ok  " : "fail", t.how.name, 1, passed ? report::tone::plain : report::tone::alarm);
  for (const diagnostic& d : t.how.problems)
    page.item("-", d.text, 3);
}

void add_cases(report::sheet& page, const check::kb_test_report& r) {
  std::string from;
  for (const check::tested_case& t : r.cases) {
    if (t.from != from)
      page.entry(t.from);
    from = t.from;
    add_case(page, t);
  }
}

std::string share(const check::coverage& c) {
  return c.statements == 0 ? "-" : std::to_string(c.touched() * 100 / c.statements) + " %";
}

void add_coverage(report::sheet& page, const check::kb_test_report& r) {
  page.heading("What the cases touch");
  std::vector<std::vector<std::string>> rows{{"kind", "statements", "touched", "share"}};
  for (const check::coverage& c : r.kinds)
    if (c.statements > 0)
      rows.push_back({c.kind, std::to_string(c.statements), std::to_string(c.touched()), share(c)});
  page.table(std::move(rows), 1);
}

void add_untouched(report::sheet& page, const check::kb_test_report& r, const std::string& kind) {
  for (const check::coverage& c : r.kinds)
    if (c.kind == kind) {
      page.heading("No case touches (" + kind + ")");
      for (const std::string& id : c.untouched)
        page.item("*", id, 1);
    }
}

report::sheet sheet_of(const check::kb_test_report& r, const std::string& untouched) {
  report::sheet page;
  page.title("The golden cases of the knowledge in force");
  add_cases(page, r);
  add_coverage(page, r);
  if (!untouched.empty())
    add_untouched(page, r, untouched);
  page.gap().text(report::counted(r.cases.size(), "case", "cases") + ", " + std::to_string(r.failed) +
                      " failed.",
                  0, r.failed == 0 ? report::tone::good : report::tone::alarm);
  return page;
}

// "links" for "link": people ask in the plural.
std::string kind_asked(const std::string& asked) {
  const auto kinds = check::tested_kinds();
  const auto known = [&](std::string_view k) {
    return std::find(kinds.begin(), kinds.end(), k) != kinds.end();
  };
  if (asked.ends_with("ies") && known(asked.substr(0, asked.size() - 3) + "y"))
    return asked.substr(0, asked.size() - 3) + "y";
  return asked.ends_with("s") && known(asked.substr(0, asked.size() - 1)) ? asked.substr(0, asked.size() - 1)
                                                                          : asked;
}

std::string words_of(const std::vector<std::string_view>& list) {
  std::string out;
  for (std::string_view one : list)
    (out += out.empty() ? "" : ", ") += one;
  return out;
}

response told(const call& c, const check::kb_test_report& done, const std::string& untouched, bool junit) {
  if (junit)
    return {200, 0, "application/xml", check::as_junit(done), {}};
  if (form_of(c.asked.accept) == form::json)
    return json_answer(check::as_json(done, *c.now.knowledge));
  return drawn(sheet_of(done, untouched), c, "Posterior: test");
}

} // namespace

response kb_test_route(const call& c) {
  const std::string* as = c.where.find("as");
  if (as != nullptr && !as->empty() && *as != "junit")
    return usage_problem("as", *as, "junit, or left out");
  const std::string* asked = c.where.find("untouched");
  const std::string untouched = asked == nullptr ? std::string() : kind_asked(*asked);
  const auto kinds = check::tested_kinds();
  if (!untouched.empty() && std::find(kinds.begin(), kinds.end(), untouched) == kinds.end())
    return usage_problem("untouched", untouched, "one of " + words_of(kinds),
                         did_you_mean(nearest(untouched, kinds)));
  std::vector<check::case_set> sets;
  if (c.now.golden)
    sets = c.now.golden();
  if (!c.asked.body.empty()) {
    check::case_set_reading more = check::read_case_set(c.asked.body, "handed in");
    if (has_errors(more.problems))
      return problems_response(422, exit_code::failed, more.problems);
    sets.push_back(std::move(more.value));
  }
  assess::options how;
  how.plans = c.now.plans.get();
  const check::kb_test_report done = check::test_knowledge(*c.now.knowledge, c.now.detectors, sets, how);
  response out = told(c, done, untouched, as != nullptr && *as == "junit");
  out.exit_code = done.failed == 0 ? exit_code::done : exit_code::check_faults;
  return out;
}

} // namespace posterior::service
