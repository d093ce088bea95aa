// The route that checks the knowledge in force as a whole.
#include <set>
#include <sstream>

#include "engine/check/kb_check.hpp"
#include "engine/report/words.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

// Of notes so many are written out for people who did not ask for all.
constexpr std::size_t few = 3;

std::set<std::string> ids_in(const std::string* list) {
  std::set<std::string> out;
  std::istringstream in(list == nullptr ? std::string() : *list);
  for (std::string id; std::getline(in, id, ',');)
    if (!id.empty())
      out.insert(id);
  return out;
}

bool given(const call& c, std::string_view name) {
  const std::string* value = c.where.find(name);
  return value != nullptr && *value == "1";
}

report::tone tone_of(severity level) {
  return level == severity::error     ? report::tone::alarm
         : level == severity::warning ? report::tone::caution
                                      : report::tone::faint;
}

// A core's place is inside the program's folder: people look for the file by plugin and name.
std::string place_of(const check::kb_remark& r) {
  const std::string& file = r.where.file;
  const auto slash = file.rfind('/');
  std::string out = r.plugin;
  if (!file.empty())
    out += ", " + (slash == std::string::npos ? file : file.substr(slash + 1));
  return r.where.line > 0 ? out + ":" + std::to_string(r.where.line) : out;
}

void add(report::sheet& page, const check::kb_outcome& o, bool all) {
  page.entry(std::string(o.check.id) + " " + std::string(o.check.name) + ": " +
                 report::counted(o.remarks.size(), to_string(o.check.level),
                                 std::string(to_string(o.check.level)) + "s"),
             tone_of(o.check.level));
  page.text(std::string(o.check.description), 1, report::tone::faint);
  const std::size_t shown =
      all || o.check.level != severity::note ? o.remarks.size() : std::min(few, o.remarks.size());
  std::string hint;
  for (std::size_t i = 0; i < shown; ++i) {
    const check::kb_remark& r = o.remarks[i];
    page.item("*", r.text + " (" + place_of(r) + ")", 1);
    if (!r.hint.empty() && r.hint != hint)
      page.item("hint:", r.hint, 2);
    hint = r.hint;
  }
  if (shown < o.remarks.size())
    page.text("and " + std::to_string(o.remarks.size() - shown) + " more: --notes shows them", 1,
              report::tone::faint);
}

std::string conclusion(const check::kb_check_report& r) {
  std::string out = report::counted(r.outcomes.size(), "check", "checks") +
                    " made: " + report::counted(r.errors, "error", "errors") + ", " +
                    report::counted(r.warnings, "warning", "warnings") + ", " +
                    report::counted(r.notes, "note", "notes") + ". ";
  if (r.sound)
    return out + "The knowledge holds together.";
  return out +
         (r.errors > 0 ? "What is an error must be mended." : "With --strict the warnings must be mended.");
}

report::sheet sheet_of(const check::kb_check_report& r, bool all_notes) {
  report::sheet page;
  page.title("The knowledge in force");
  for (const check::kb_outcome& o : r.outcomes)
    if (!o.remarks.empty())
      add(page, o, all_notes);
  page.gap().text(conclusion(r), 0, r.sound ? report::tone::good : report::tone::alarm);
  return page;
}

std::vector<std::string_view> all_ids() {
  std::vector<std::string_view> out;
  for (const check::kb_spec& c : check::all_kb_checks())
    out.push_back(c.id);
  return out;
}

} // namespace

response kb_check_route(const call& c) {
  const std::set<std::string> only = ids_in(c.where.find("only"));
  if (const auto unknown = check::unknown_kb_checks(only); !unknown.empty())
    return usage_problem("only", unknown.front(), "ids of checks, divided by commas",
                         did_you_mean(nearest(unknown.front(), all_ids())));
  const check::kb_check_report done =
      check::check_knowledge({*c.now.knowledge, c.now.refused}, only, given(c, "strict"));
  response out = form_of(c.asked.accept) == form::json
                     ? json_answer(check::as_json(done, *c.now.knowledge))
                     : drawn(sheet_of(done, given(c, "notes")), c, "Posterior: check");
  out.exit_code = done.sound ? exit_code::done : exit_code::check_faults;
  return out;
}

} // namespace posterior::service
