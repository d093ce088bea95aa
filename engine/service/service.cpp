#include "engine/service/service.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "engine/service/answer.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/history_routes.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

constexpr std::string_view install_path = "/v1/plugins/install", import_path = "/v1/kb/import";

const auto table = std::to_array<route>({
    {"POST",
     "/v1/assess",
     "Assess a case",
     {"name", "have", "max_exercises", "minutes", "side", "exit_code", "revision", "with_drafts", "width",
      "colour"},
     "posterior.assessment/1",
     assess_route},
    {"POST",
     "/v1/why",
     "Why the assessment of a case says what it says about one id",
     {"id", "name", "have", "max_exercises", "minutes", "side", "revision", "with_drafts", "width", "colour"},
     "posterior.why/1",
     why_route},
    {"POST",
     "/v1/compare",
     "Two causes side by side: what tells them apart, and what would",
     {"first", "second", "name", "have", "max_exercises", "minutes", "side", "revision", "width", "colour"},
     "posterior.comparison/1",
     compare_route},
    {"POST",
     "/v1/next",
     "What to test next",
     {"focus", "minutes", "name", "have", "max_exercises", "side", "exit_code", "revision", "with_drafts",
      "width", "colour"},
     "posterior.next-tests/1",
     next_route},
    {"POST",
     "/v1/whatif",
     "What would be different",
     {"changes", "given", "do", "name", "have", "max_exercises", "minutes", "side", "exit_code", "revision",
      "with_drafts", "width", "colour"},
     "posterior.what-if/1",
     whatif_route},
    {"POST",
     "/v1/sensitivity",
     "What would have to be otherwise for another cause to come first",
     {"name", "exit_code", "revision", "width", "colour"},
     "posterior.sensitivity/1",
     sensitivity_route},
    {"POST",
     "/v1/why-not",
     "Why one id is not higher, not in the plan or not asked",
     {"id", "name", "have", "max_exercises", "minutes", "side", "revision", "width", "colour"},
     "posterior.why-not/1",
     why_not_route},
    {"POST",
     "/v1/case/check",
     "What is wrong with a case",
     {"name", "width", "colour"},
     "posterior.case-check/1",
     check_route},
    {"POST",
     "/v1/debug/infer",
     "What a network of binary nodes says about them",
     {"states", "name", "width", "colour"},
     "posterior.inference/1",
     infer_route,
     false,
     "a network, JSON"},
    {"POST",
     "/v1/debug/network",
     "The network that bears on a case",
     {"as", "name", "width", "colour"},
     "posterior.debug-network/1",
     debug_network_route},
    {"POST",
     "/v1/debug/evidence",
     "What every observation of a case became",
     {"name", "width", "colour"},
     "posterior.debug-evidence/1",
     debug_evidence_route},
    {"POST",
     "/v1/debug/timings",
     "Where the time of a case goes",
     {"name", "width", "colour"},
     "posterior.debug-timings/1",
     debug_timings_route},
    {"GET", "/v1/case/form", "A blank case form", {"width", "colour"}, "posterior.case-form/1", form_route},
    {"GET",
     "/v1/kb/search",
     "Search the knowledge base",
     {"q", "kind", "plugin", "grade", "source", "lang", "max", "revision", "width", "colour"},
     "posterior.kb-search/1",
     search_route},
    {"GET",
     "/v1/kb/show",
     "One statement of the knowledge base",
     {"id", "all", "revision", "width", "colour"},
     "posterior.kb-show/1",
     show_route},
    {"GET",
     "/v1/kb/list",
     "All statements of one kind",
     {"kind", "plugin", "grade", "revision", "width", "colour"},
     "posterior.kb-list/1",
     list_route},
    {"GET",
     "/v1/kb/claims",
     "What the sources say, and what rests on it",
     {"plugin", "grade", "source", "cause", "contested", "revision", "width", "colour"},
     "posterior.kb-claims/1",
     claims_route},
    {"GET",
     "/v1/kb/sources",
     "The sources, and what they carry",
     {"plugin", "grade", "cause", "contested", "revision", "width", "colour"},
     "posterior.kb-sources/1",
     sources_route},
    {"GET",
     "/v1/kb/tensions",
     "Where sources or plugins disagree",
     {"plugin", "grade", "source", "cause", "revision", "width", "colour"},
     "posterior.kb-tensions/1",
     tensions_route},
    {"GET",
     "/v1/kb/overlaps",
     "What is said twice",
     {"plugin", "source", "cause", "width", "colour"},
     "posterior.kb-overlaps/1",
     overlaps_route},
    {"GET",
     "/v1/kb/graph",
     "The causal map",
     {"as", "page", "cause", "plugin", "around", "depth", "revision", "width", "colour"},
     "posterior.kb-graph/1",
     graph_route},
    {"GET",
     "/v1/kb/log",
     "What each revision changed, newest first",
     {"max", "id", "width", "colour"},
     "posterior.kb-log/1",
     log_route},
    {"GET",
     "/v1/kb/diff",
     "What differs between two revisions",
     {"from", "to", "width", "colour"},
     "posterior.kb-diff/1",
     diff_route},
    {"GET",
     "/v1/kb/verify",
     "Whether every byte of the store is as it was written",
     {"width", "colour"},
     "posterior.kb-verify/1",
     verify_route,
     false},
    {"GET",
     "/v1/kb/check",
     "What is wrong with the knowledge in force as a whole",
     {"only", "strict", "notes", "width", "colour"},
     "posterior.kb-check/1",
     kb_check_route},
    {"POST",
     "/v1/kb/test",
     "Run the golden cases of the knowledge in force",
     {"untouched", "as", "width", "colour"},
     "posterior.kb-test/1",
     kb_test_route,
     true,
     "more golden cases, JSON; may be empty"},
    {"GET",
     "/v1/kb/overlay",
     "What the clinic itself says about the shared knowledge, and what disagrees",
     {"revision", "width", "colour"},
     "posterior.kb-overlay/1",
     overlay_route},
    {"GET",
     "/v1/kb/drafts",
     "What waits for a judgement, and what was rejected",
     {"id", "width", "colour"},
     "posterior.kb-drafts/1",
     drafts_route},
    {"POST",
     "/v1/kb/override",
     "Say otherwise than a plugin in some fields of a statement",
     {"id", "by", "reason", "width", "colour"},
     "posterior.kb-change/1",
     override_route,
     false,
     "the fields, TOML",
     true},
    {"POST",
     "/v1/kb/disable",
     "Take a statement out",
     {"id", "by", "reason", "width", "colour"},
     "posterior.kb-change/1",
     withdraw_route,
     false,
     "",
     true},
    {"POST",
     "/v1/kb/suspend",
     "Suspend a rule of the safety screen for at most 90 days",
     {"id", "until", "by", "reason", "width", "colour"},
     "posterior.kb-change/1",
     suspend_route,
     false,
     "",
     true},
    {"POST",
     "/v1/kb/review",
     "Accept or reject a draft",
     {"id", "verdict", "by", "reason", "width", "colour"},
     "posterior.kb-change/1",
     review_route,
     false,
     "",
     true},
    {"POST",
     "/v1/kb/reset",
     "Take back what the clinic said about a statement",
     {"id", "field", "width", "colour"},
     "posterior.kb-change/1",
     reset_route,
     false,
     "",
     true},
    {"GET", "/v1/kb/export", "The knowledge in force as one file for another machine", {}, "", export_route},
    {"POST",
     import_path,
     "Install what another machine exported, all of it or nothing",
     {"name", "width", "colour"},
     "posterior.kb-import/1",
     import_route,
     false,
     "what kb/export gave, as bytes",
     true},
    {"GET",
     "/v1/backup",
     "Knowledge, plugins, trust and configuration of the home as one file",
     {},
     "",
     backup_route,
     false,
     "",
     false,
     true},
    {"GET", "/v1/plugins", "The plugins", {"width", "colour"}, "posterior.plugins/1", plugins_route},
    {"GET", "/v1/plugins/info", "One plugin", {"id", "width", "colour"}, "posterior.plugin/1", plugin_route},
    {"POST",
     install_path,
     "Install a plugin, or another version of it",
     {"trust", "downgrade", "width", "colour"},
     "posterior.plugin-change/1",
     install_route,
     false,
     "an archive (.tar.gz) or a pack, as bytes",
     true},
    {"POST",
     "/v1/plugins/remove",
     "Remove an installed plugin",
     {"id", "width", "colour"},
     "posterior.plugin-change/1",
     remove_route,
     false,
     "",
     true},
    {"POST",
     "/v1/plugins/enable",
     "Switch a plugin on",
     {"id", "width", "colour"},
     "posterior.plugin-change/1",
     enable_route,
     false,
     "",
     true},
    {"POST",
     "/v1/plugins/disable",
     "Switch a plugin off",
     {"id", "width", "colour"},
     "posterior.plugin-change/1",
     disable_route,
     false,
     "",
     true},
    {"POST",
     "/v1/plugins/trust",
     "Let a plugin's code run, or a key vouch for code; or no longer",
     {"id", "key", "name", "pin", "revoke", "width", "colour"},
     "posterior.plugin-change/1",
     trust_route,
     false,
     "",
     true},
    {"GET", "/v1/health", "Whether the process answers", {}, "posterior.health/1", health_route, false},
    {"GET",
     "/v1/ready",
     "Whether there is knowledge to answer with",
     {"width", "colour"},
     "posterior.ready/1",
     ready_route},
    {"GET", "/v1/version", "The version", {"width", "colour"}, "posterior.version/1", version_route, false},
    {"GET", "/v1/metrics", "Counters, Prometheus text", {}, "", metrics_route, false},
    {"GET", "/v1/openapi.json", "This list", {}, "openapi", openapi_route, false},
});

const route* find_route(std::string_view path) {
  const auto it = std::find_if(table.begin(), table.end(), [&](const route& r) { return r.path == path; });
  return it == table.end() ? nullptr : &*it;
}

response unknown_path(std::string_view path) {
  std::vector<std::string_view> known;
  for (const route& r : table)
    known.push_back(r.path);
  return problem_response(404, exit_code::usage, "request.unknown-path", "",
                          fault("the path", "\"" + quoted(path) + "\"", "one of /v1/openapi.json"),
                          did_you_mean(nearest(path, known)));
}

response wrong_method(const route& r, std::string_view found) {
  return problem_response(405, exit_code::usage, "request.method", "",
                          fault("the method of " + std::string(r.path), quoted(found), r.method));
}

std::optional<response> unknown_query(const route& r, const target& where) {
  for (const auto& [key, value] : where.query)
    if (std::find(r.query.begin(), r.query.end(), key) == r.query.end())
      return usage_problem("a query name of " + std::string(r.path), key, "one that it has",
                           did_you_mean(nearest(key, r.query)));
  return {};
}

response no_knowledge() {
  return problem_response(503, exit_code::no_knowledge, "knowledge.none", "",
                          "there is no knowledge base to answer with", "`posterior doctor` says why");
}

} // namespace

std::span<const route> routes() {
  return table;
}

bool changes_something(std::string_view target) {
  const route* r = find_route(target.substr(0, target.find('?')));
  return r != nullptr && r->changes;
}

bool only_for_owner(std::string_view target) {
  const route* r = find_route(target.substr(0, target.find('?')));
  return r != nullptr && r->owner_only;
}

std::size_t body_limit_of(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  return path == install_path  ? install_bytes_limit
         : path == import_path ? import_bytes_limit
                               : body_bytes_limit;
}

service::service(world_source current, stopwatch time, plugin_desk plugins, std::shared_ptr<history> past,
                 exchange_desk exchange, clinic_desk clinic, world_source with_drafts)
    : current_(std::move(current))
    , time_(std::move(time))
    , plugins_(std::move(plugins))
    , past_(std::move(past))
    , exchange_(std::move(exchange))
    , clinic_(std::move(clinic))
    , with_drafts_(std::move(with_drafts)) {}

response service::handle(const request& asked) const {
  response given;
  try {
    given = dispatch(asked);
  } catch (const std::exception&) {
    // What the exception says may hold case data, so it is not told on.
    given = problem_response(500, exit_code::failed, "service.internal", "",
                             "the request could not be answered: internal error");
  }
  count(given);
  if (asked.target.starts_with("/v1/assess") && given.status == 200)
    ++counted_.assessments;
  return given;
}

void service::count(const response& given) const {
  ++counted_.requests;
  if (given.exit_code == exit_code::case_refused)
    ++counted_.refused_cases;
  if (given.exit_code == exit_code::in_part)
    ++counted_.in_part;
  if (given.status >= 400)
    ++counted_.errors;
}

response service::dispatch(const request& asked) const {
  const std::optional<target> where = parse_target(asked.target);
  if (!where)
    return problem_response(
        400, exit_code::usage, "request.target", "",
        fault("the request's target", "not readable", "a path and a percent-encoded query"));
  const route* r = find_route(where->path);
  if (r == nullptr)
    return unknown_path(where->path);
  if (r->method != asked.method)
    return wrong_method(*r, asked.method);
  if (auto problem = unknown_query(*r, *where))
    return *problem;
  return answer(asked, *r, *where);
}

// With what is in force, or with what was at the revision that is asked for.
response service::answer(const request& asked, const route& r, const target& where) const {
  const revision_read wanted = read_revision(where, "revision");
  if (wanted.problem)
    return *wanted.problem;
  const std::string* drafts = where.find("with_drafts");
  const bool with_drafts = drafts != nullptr && *drafts == "1";
  if (with_drafts && wanted.number)
    return usage_problem("with_drafts", "given with revision", "given alone",
                         "drafts are taken from what lies in the folders now");
  past_world past;
  if (r.needs_knowledge)
    past.then = with_drafts && with_drafts_ ? with_drafts_() : current_(); // also brings a store up to date
  if (wanted.number) {
    if (!past_)
      return no_history();
    past = past_->at(*wanted.number);
    if (!past.then)
      return store_problem(past.why);
  } else if (r.needs_knowledge && !past.then) {
    return no_knowledge();
  }
  const world nothing;
  response given = r.answer({asked, where, past.then ? *past.then : nothing, counted_, time_, plugins_,
                             exchange_, clinic_, past_.get()});
  given.notes += past.notes;
  return given;
}

} // namespace posterior::service
