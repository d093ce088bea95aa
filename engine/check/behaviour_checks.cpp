// R: how the detector answers. What several checks look at is asked once (questions()).
#include <algorithm>
#include <cmath>
#include <set>

#include "engine/case/reader.hpp"
#include "engine/check/bundle_cases.hpp"
#include "engine/check/check.hpp"
#include "engine/check/code_parts.hpp"
#include "engine/check/golden.hpp"
#include "engine/check/subject.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::check {
namespace {

using host::failure;

constexpr int random_count = 500;

place library_of(const subject& s) {
  return {s.library, 0, 0, ""};
}

bool loads(const subject& s, verdict& out) {
  if (s.code.first_load().why == failure::none)
    return true;
  out.skip("the detector does not load; mend the checks L01 to L08 first");
  return false;
}

std::vector<trial_case> golden_questions(const subject& s) {
  std::vector<trial_case> out;
  for (const kb::bundle_file& f : s.found.files) {
    if (!f.name.starts_with("cases/") || !f.name.ends_with(".case.toml"))
      continue;
    const auto read = cases::read(s.text(f.name).value_or(""), f.name, *s.knowledge);
    if (read.value)
      out.push_back({f.name, assess::detector_input(*read.value, *s.knowledge), {}, 0});
  }
  return out;
}

const std::vector<trial_case>& questions(const subject& s) {
  return s.code.ask_all([&s] {
    std::vector<trial_case> all = golden_questions(s);
    for (auto&& part : {odd_cases(s.code.spec(), *s.knowledge),
                        random_cases(s.code.spec(), *s.knowledge, s.seed, random_count)})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  });
}

// The question with the longest answer; nothing if the detector never said anything.
const trial_case* richest(const std::vector<trial_case>& all) {
  const auto at = std::max_element(all.begin(), all.end(), [](const trial_case& a, const trial_case& b) {
    return a.got.findings.size() < b.got.findings.size();
  });
  return at == all.end() || at->got.findings.empty() ? nullptr : &*at;
}

bool is_odd(const trial_case& one) {
  return one.name.starts_with("a case ");
}

// The first answer that failed in one of these ways.
void tell_failures(const subject& s, verdict& out, const std::set<failure>& ways, std::string_view cure) {
  for (const trial_case& one : questions(s))
    if (ways.contains(one.got.why))
      return out.fault(library_of(s), fault("the answer to " + one.name, in_words(one.got), "one that fits"),
                       std::string(cure));
}

// What a golden case records and nobody can use, unless its sentences expect just that.
void tell_unusable(const subject& s, verdict& out) {
  for (const kb::bundle_file& f : s.found.files) {
    constexpr std::string_view end = ".case.toml";
    if (!f.name.starts_with("cases/") || !f.name.ends_with(end))
      continue;
    const std::string sentences = f.name.substr(0, f.name.size() - end.size()) + ".expected.toml";
    const auto wanted = read_expectation(s.text(sentences).value_or(""), sentences);
    const auto read = cases::read(s.text(f.name).value_or(""), s.at(f.name).file, *s.knowledge);
    for (const diagnostic& d : read.problems)
      if (wanted.value &&
          std::count(wanted.value->diagnostics.begin(), wanted.value->diagnostics.end(), d.code) == 0)
        out.take(d);
  }
}

void check_golden(const subject& s, verdict& out) {
  if (s.is_pack())
    return out.skip("a pack is one file, without golden cases");
  if (s.says.about.has_detector && s.library.empty())
    return out.skip("the code is not built, and the cases may need what it derives");
  if (!s.library.empty() && !loads(s, out))
    return;
  const auto outcomes = run_cases(*s.files, s.found.location, *s.knowledge, s.detectors);
  if (outcomes.empty())
    return out.skip("the bundle has no golden cases");
  for (const case_outcome& one : outcomes)
    for (const diagnostic& d : one.problems)
      out.take(d);
  tell_unusable(s, out);
  out.remark(std::to_string(outcomes.size()) + " cases");
}

void check_odd(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  for (const trial_case& one : questions(s)) {
    if (!is_odd(one) || one.got.why == failure::none)
      continue;
    std::string text = fault("the answer to " + one.name, in_words(one.got), "an ordinary one");
    const std::string hint = "what is missing or repeated is no error: say nothing about it";
    died(one.got) ? out.crash(library_of(s), std::move(text), hint)
                  : out.fault(library_of(s), std::move(text), hint);
  }
  const trial_case* much = richest(questions(s));
  if (much == nullptr)
    return;
  host::trial strange;
  strange.strange_records = true;
  const host::detector_answer a = s.code.rehearse(strange, &much->given);
  if (a.findings != much->got.findings)
    out.fault(library_of(s),
              fault("the answer to " + much->name + " with longer records and some of an unknown kind",
                    a.why == failure::none ? "another one" : in_words(a), "the same as without"),
              "skip records of other kinds, and read no further than `size` (case_view does both)");
}

// --- same in, same out -------------------------------------------------------------------------------

bool same(const host::detector_answer& a, const host::detector_answer& b) {
  return a.why == b.why && a.error_key == b.error_key && a.findings == b.findings;
}

void check_repeatable(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  const auto& all = questions(s);
  std::size_t compared = 0;
  const auto differs = [&](const trial_case& one, const host::detector_answer& again, std::string_view how) {
    ++compared;
    if (same(one.got, again) || out.how() != result::ok)
      return;
    out.fault(library_of(s),
              fault("the answer to " + one.name + " " + std::string(how), "another one", "the same"),
              "an answer follows from the case alone: no static state, no clock, no chance, no address");
  };
  for (std::size_t i = std::min<std::size_t>(all.size(), 60); i-- > 0;)
    differs(all[i], s.code.ask(all[i].given), "asked again in another order");
  for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 6); ++i)
    differs(all[i], s.code.ask_fresh(all[i].given), "in a fresh process");
  if (const trial_case* much = richest(all))
    differs(*much, s.code.ask_fresh(much->given), "in a fresh process");
  out.remark(std::to_string(compared) + " answers compared");
}

void swap_sides(std::vector<host::derived_finding>& all) {
  for (host::derived_finding& one : all)
    one.where = one.where == side::left ? side::right : one.where == side::right ? side::left : side::none;
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.finding, a.where) < std::tie(b.finding, b.where);
  });
}

void check_mirror(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  int compared = 0;
  for (const trial_case& one : questions(s)) {
    if (one.got.findings.empty() || compared == 40)
      continue;
    ++compared;
    host::detector_answer other = s.code.ask(mirrored(one.given));
    swap_sides(other.findings);
    if (other.findings == one.got.findings)
      continue;
    out.fault(library_of(s),
              fault("the answer to " + one.name + " with left and right exchanged",
                    "not the exchanged answer", "the same with left and right exchanged"),
              "no side is special; case: " + told(one.given));
    break;
  }
  if (compared == 0)
    return out.skip("no case made the detector say anything");
  out.remark(std::to_string(compared) + " cases exchanged");
}

void check_declared(const subject& s, verdict& out) {
  if (loads(s, out))
    tell_failures(s, out, {failure::undeclared_finding, failure::undeclared_rule},
                  "declare the finding in the knowledge (derived = true) and the rule as a [[message]], or "
                  "correct its id in the code");
}

void check_values(const subject& s, verdict& out) {
  if (loads(s, out))
    tell_failures(s, out,
                  {failure::not_finite, failure::out_of_range, failure::wrong_certainty, failure::wrong_side,
                   failure::wrong_reading, failure::repeated_finding, failure::unreadable_record,
                   failure::bad_frame},
                  "look at divisions by zero, at sides, and at the range that the finding declares");
}

// --- settings, limits, time --------------------------------------------------------------------------

struct setting {
  std::string_view name;
  std::string text;
};

std::vector<setting> settings() {
  return {{"an empty object", "{}"},
          {"a setting that nobody knows", R"({"no-such-setting": 1})"},
          {"a list", "[1, 2]"},
          {"text that is no JSON", "{\"threshold\": "},
          {"3,800 bytes", "{\"note\": \"" + std::string(3780, 'x') + "\"}"}};
}

bool failed_in_words(const host::detector_answer& a) {
  return a.why == failure::create_failed && a.reason.find(": ") != std::string::npos;
}

void check_settings(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  for (const setting& one : settings()) {
    const host::detector_answer a = s.code.load(one.text);
    std::string text = fault("create() with " + std::string(one.name) + " as settings", in_words(a),
                             one.text == "{}" ? "success" : "success, or a failure that says why");
    if (died(a))
      out.crash(library_of(s), std::move(text), "settings are written by people: read them as such");
    else if (a.why != failure::none && (one.text == "{}" || a.why != failure::create_failed))
      out.fault(library_of(s), std::move(text));
  }
}

void check_sink(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  tell_failures(s, out, {failure::too_many},
                "say less, or raise `records` in [limits] of plugin.toml, at most 1000");
  const trial_case* much = richest(questions(s));
  if (much == nullptr)
    return out.skip("no case made the detector say anything");
  const int count = static_cast<int>(std::min<std::size_t>(much->got.findings.size(), 8));
  for (int at = 1; at <= count; ++at) {
    host::trial closed;
    closed.refused_at = at;
    const host::detector_answer a = s.code.rehearse(closed, &much->given);
    if (died(a))
      return out.crash(library_of(s), fault("evaluate() when the sink refuses finding " + std::to_string(at),
                                            in_words(a), "the sink's status returned"));
    if (host::finding_of(a).what == host::trial_breach::ignored_sink)
      return out.fault(library_of(s),
                       fault("evaluate() when the sink refuses finding " + std::to_string(at), "success",
                             "the sink's status"),
                       "return what push() returned as soon as it is negative (finding_sink does)");
  }
}

void check_cancelled(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  host::trial stop;
  stop.cancelled = true;
  for (const trial_case& one : questions(s)) {
    if (one.name != "a case of a thousand observations" && &one != richest(questions(s)))
      continue;
    const host::detector_answer a = s.code.rehearse(stop, &one.given);
    if (died(a))
      return out.crash(library_of(s),
                       fault("evaluate() that is told to stop", in_words(a), "an orderly end"));
    if (a.why == failure::evaluate_late)
      return out.fault(library_of(s),
                       fault("evaluate() that is told to stop", "still running 250 ms later", "ended"),
                       "ask cancelled() in every long loop and return POSTERIOR_E_CANCELLED");
    if (host::finding_of(a).what == host::trial_breach::odd_status)
      return out.fault(library_of(s),
                       fault("the status when told to stop", in_words(a), "POSTERIOR_E_CANCELLED"));
  }
}

void check_time(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  tell_failures(
      s, out, {failure::evaluate_late, failure::cancelled},
      "look for loops that grow with the square of the observations; or raise evaluate_ms in [limits]");
  const auto& all = questions(s);
  std::vector<double> times;
  while (times.size() < 1000 && out.how() == result::ok)
    for (std::size_t i = 0; i < all.size() && times.size() < 1000; ++i) {
      const auto began = std::chrono::steady_clock::now();
      s.code.ask(all[i].given);
      times.push_back(milliseconds_since(began));
    }
  if (times.empty())
    return;
  std::sort(times.begin(), times.end());
  const double median = times[times.size() / 2], p99 = times[times.size() * 99 / 100];
  if (p99 > s.code.spec().limits.evaluate_ms)
    out.fault(
        library_of(s),
        fault("the 99th percentile of 1,000 answers", format_number(std::round(p99)) + " ms",
              "at most the " + std::to_string(s.code.spec().limits.evaluate_ms) + " ms of evaluate_ms"));
  const auto ms = [](double value) { return format_number(std::round(value * 1000) / 1000) + " ms"; };
  out.remark("median " + ms(median) + ", p99 " + ms(p99) + ", slowest " + ms(times.back()) +
             " of 1,000 answers");
}

// --- memory, surroundings, whole lives -----------------------------------------------------------------

const observations& telling_input(const subject& s) {
  static const observations nothing;
  const trial_case* much = richest(questions(s));
  return much == nullptr ? nothing : much->given;
}

void check_growth(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  host::trial many;
  many.calls = 1000;
  const host::detector_answer a = s.code.rehearse(many, &telling_input(s));
  const host::trial_finding seen = host::finding_of(a);
  if (died(a))
    return out.crash(library_of(s), fault("a thousand calls of evaluate()", in_words(a), "without fault"));
  if (seen.what == host::trial_breach::leaked)
    out.fault(
        library_of(s),
        fault("memory kept over a thousand calls", std::to_string(seen.bytes) + " bytes", "less than 1,000"),
        "build the unit test with -fsanitize=address and run it: it names the line");
}

void check_starved(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  host::trial starved;
  starved.failing_allocations = 200;
  const host::detector_answer a = s.code.rehearse(starved, &telling_input(s));
  if (host::finding_of(a).what == host::trial_breach::unsupported)
    return out.skip("this build of Posterior cannot make memory fail");
  if (died(a))
    out.crash(
        library_of(s), fault("create() or evaluate() without memory", in_words(a), "POSTERIOR_E_NO_MEMORY"),
        "look at the result of every malloc(); in C++ let no bad_alloc leave a noexcept function of yours");
  else if (a.why == failure::evaluate_late)
    out.fault(library_of(s), fault("evaluate() without memory", "endless", "POSTERIOR_E_NO_MEMORY"));
}

void check_surroundings(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  tell_failures(s, out, {failure::left_environment},
                "put the rounding mode and the locale back, or leave them alone");
  host::trial watched;
  watched.watched = true;
  tell_trial(s, out, s.code.rehearse(watched, &telling_input(s)), "evaluate()");
}

void check_lives(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  host::trial often;
  often.creations = 200;
  const host::detector_answer a = s.code.rehearse(often, nullptr);
  if (died(a))
    out.crash(library_of(s), fault("create() and destroy() 200 times", in_words(a), "without fault"));
  else if (a.why != failure::none)
    out.fault(library_of(s), fault("create() and destroy() 200 times", in_words(a), "the same each time"));
}

// --- random cases ----------------------------------------------------------------------------------------

// Leaves out whatever the failure does not need, within a number of tries.
observations smallest(const subject& s, observations given, failure why) {
  int tries = 60;
  for (std::size_t size = std::max<std::size_t>(given.size() / 2, 1); size > 0; size /= 2)
    for (std::size_t at = 0; at < given.size() && tries > 0;) {
      observations fewer = given;
      const auto first = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(first, first + static_cast<std::ptrdiff_t>(std::min(size, fewer.size() - at)));
      --tries;
      if (s.code.ask(fewer).why == why)
        given = std::move(fewer);
      else
        at += size;
    }
  return given;
}

void check_random(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  for (const trial_case& one : questions(s)) {
    if (!one.name.starts_with("random ") || one.got.why == failure::none || one.got.why == failure::reported)
      continue;
    const observations least = smallest(s, one.given, one.got.why);
    std::string text = fault("the answer to " + one.name, in_words(one.got), "one that fits");
    const std::string hint = "smallest case found: " + told(least) + "; --only R17 --seed " +
                             std::to_string(s.seed) + " tries it again";
    return died(one.got) ? out.crash(library_of(s), std::move(text), hint)
                         : out.fault(library_of(s), std::move(text), hint);
  }
  out.remark(std::to_string(random_count) + " random cases of seed " + std::to_string(s.seed));
}

void check_reasons(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  for (const setting& one : settings()) {
    const host::detector_answer a = s.code.load(one.text);
    if (a.why == failure::create_failed && !failed_in_words(a))
      return out.fault(
          library_of(s),
          fault("the failure of create() with " + std::string(one.name), "without a reason", "with one"),
          "call host->set_error() before returning a negative status");
  }
  for (const trial_case& one : questions(s))
    if (one.got.why == failure::reported && one.got.error_key.empty())
      return out.fault(
          library_of(s),
          fault("the failure of evaluate() on " + one.name,
                "without the key of a [[message]] (" + one.got.reason + ")", "with one"),
          "call set_error() with a key of the document; other text is thrown away, since it could tell "
          "what a patient has");
}

} // namespace

std::vector<spec> behaviour_checks() {
  return {
      {"R01", "golden-cases-hold", "What the golden cases say comes out.", needs::knowledge, check_golden},
      {"R02", "odd-cases-answered", "Empty, unknown, doubled and very long cases get an ordinary answer.",
       needs::detector, check_odd},
      {"R03", "same-in-same-out", "The same case gives the same answer, in any order and in a fresh process.",
       needs::detector, check_repeatable},
      {"R04", "declared-only", "Nothing is said but declared findings by declared rules.", needs::detector,
       check_declared},
      {"R05", "values-fit",
       "Values are finite and in range, sides and certainties fit, nothing is said twice.", needs::detector,
       check_values},
      {"R06", "left-mirrors-right", "With left and right exchanged the answer is exchanged too.",
       needs::detector, check_mirror},
      {"R08", "settings-read-safely", "Empty, unknown, misshapen and huge settings do no harm.",
       needs::detector, check_settings},
      {"R09", "full-sink-heeded", "When no more findings are taken, it stops and says so.", needs::detector,
       check_sink},
      {"R11", "stops-when-told", "Told to stop, it ends within a moment.", needs::detector, check_cancelled},
      {"R12", "in-time", "99 of 100 answers come within the time that the manifest asks for.",
       needs::detector, check_time},
      {"R13", "keeps-no-memory", "Over a thousand calls no memory is kept.", needs::detector, check_growth},
      {"R14", "survives-no-memory", "When memory runs out, it fails in order.", needs::detector,
       check_starved},
      {"R16", "surroundings-kept", "Rounding, locale, signals, descriptors and variables stay as they were.",
       needs::detector, check_surroundings},
      {"R17", "random-cases-answered", "500 random cases pass; a seed repeats them.", needs::detector,
       check_random},
      {"R18", "made-and-ended-often", "It can be made and ended two hundred times.", needs::detector,
       check_lives},
      {"R19", "failures-give-reasons", "Every failure says why, by the key of a message.", needs::detector,
       check_reasons},
  };
}

} // namespace posterior::check
