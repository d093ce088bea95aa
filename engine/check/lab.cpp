#include "engine/check/lab.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <utility>

#include "engine/check/code_parts.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::check {
namespace {

constexpr int trial_ms = 20'000;   // a trial may call a detector thousands of times
constexpr int cancelled_ms = 200;  // for one that is told to stop before it began
constexpr int failures_enough = 5; // each may cost a deadline and a new worker

std::unique_ptr<host::worker_pool> pool_of(const std::string& program, int evaluate_grace_ms = 50) {
  host::pool_options options;
  options.worker = program;
  options.idle_max = 1;
  options.allowed.evaluate_grace_ms = evaluate_grace_ms;
  return std::make_unique<host::worker_pool>(std::move(options));
}

host::detector_answer only(host::detection all) {
  return all.answers.empty() ? host::detector_answer{} : std::move(all.answers.front());
}

} // namespace

lab::lab(host::detector_spec spec, std::string worker, std::string trial_worker)
    : spec_(std::move(spec))
    , trial_worker_(std::move(trial_worker))
    , warm_(pool_of(worker))
    , worker_(std::move(worker)) {}

host::detector_answer lab::load(const std::string& config) {
  host::detector_spec spec = spec_;
  spec.config = config;
  return only(pool_of(worker_)->probe({spec}));
}

kept_worker lab::load_and_keep() {
  auto kept = pool_of(worker_);
  kept->probe({spec_});
  return kept;
}

const host::detector_answer& lab::first_load() {
  if (!first_)
    first_ = load();
  return *first_;
}

namespace {

// A machine that is busy is no fault of the detector: what comes late is asked for again.
template <class Ask>
host::detector_answer patiently(Ask ask_once) {
  host::detector_answer out = ask_once();
  for (int more = 2; more > 0 && out.why == host::failure::evaluate_late; --more)
    out = ask_once();
  return out;
}

} // namespace

host::detector_answer lab::ask(const observations& given) {
  return patiently([&] { return only(warm_->run({spec_}, given)); });
}

host::detector_answer lab::ask_fresh(const observations& given) {
  return patiently([&] { return only(pool_of(worker_)->run({spec_}, given)); });
}

host::detector_answer lab::rehearse(const host::trial& how, const observations* given,
                                    const std::string& config) {
  host::detector_spec spec = spec_;
  spec.config = host::config_of(how, config);
  if (how.calls > 0 || how.failing_allocations > 0)
    spec.limits.evaluate_ms = trial_ms;
  if (how.cancelled)
    spec.limits.evaluate_ms = std::min(spec.limits.evaluate_ms, cancelled_ms);
  const auto workers = pool_of(trial_worker_);
  return patiently(
      [&] { return only(given == nullptr ? workers->probe({spec}) : workers->run({spec}, *given)); });
}

const std::vector<trial_case>& lab::ask_all(const std::function<std::vector<trial_case>()>& questions) {
  if (asked_)
    return *asked_;
  int failures = 0;
  asked_.emplace();
  for (trial_case& one : questions()) {
    const auto began = std::chrono::steady_clock::now();
    one.got = ask(one.given);
    one.milliseconds = milliseconds_since(began);
    failures += one.got.why != host::failure::none && one.got.why != host::failure::reported ? 1 : 0;
    asked_->push_back(std::move(one));
    if (failures == failures_enough)
      break;
  }
  return *asked_;
}

namespace {

// Draws by its own rules, so that a seed means the same with every C++ library.
class dice {
public:
  explicit dice(std::uint64_t seed)
      : from_(seed) {}
  std::uint64_t below(std::uint64_t n) { return from_() % n; }
  double share() { return static_cast<double>(from_() >> 11) * 0x1p-53; }

private:
  std::mt19937_64 from_;
};

constexpr std::int64_t some_day = 20'700;

double value_in(const kb::finding& f, dice& roll) {
  const kb::range bounds = f.bounds.value_or(kb::range{0, 100});
  switch (roll.below(8)) {
  case 0:
    return bounds.min;
  case 1:
    return bounds.max;
  default: // to a tenth, as people write
    return std::clamp(std::round((bounds.min + roll.share() * (bounds.max - bounds.min)) * 10) / 10,
                      bounds.min, bounds.max);
  }
}

host::observation recorded(const kb::finding& f, side where, dice& roll) {
  host::observation o{f.id, where, {}, 0, 1, 0, {}};
  const std::uint64_t kind = roll.below(10);
  if (kind == 0)
    o.says = host::reading::unknown;
  else if (!f.unit.empty() && kind < 8) {
    o.says = host::reading::measured;
    o.value = value_in(f, roll);
  } else if (!f.levels.empty() && kind < 8) {
    o.says = host::reading::graded;
    o.level = static_cast<std::uint32_t>(roll.below(f.levels.size()));
  } else {
    o.says = roll.below(2) == 0 ? host::reading::present : host::reading::absent;
    o.certainty = roll.below(4) == 0 ? roll.share() : 1;
  }
  if (roll.below(2) == 0)
    o.day = some_day + static_cast<std::int64_t>(roll.below(5));
  return o;
}

std::vector<side> sides_of(const kb::finding& f) {
  return f.lateral ? std::vector{side::left, side::right} : std::vector{side::none};
}

std::vector<const kb::finding*> consumed(const host::detector_spec& spec, const kb::snapshot& knowledge) {
  std::vector<const kb::finding*> out;
  for (const std::string& id : spec.consumes)
    if (const kb::finding* f = knowledge.find_finding(id))
      out.push_back(f);
  return out;
}

bool is_attribute(const kb::finding& f) {
  return f.kind == kb::finding_kind::attribute;
}

observations random_case(const std::vector<const kb::finding*>& all, dice& roll) {
  observations out;
  const std::uint64_t density = 1 + roll.below(4);
  for (const kb::finding* f : all)
    for (const side where : sides_of(*f)) {
      if (roll.below(4) >= density)
        continue;
      const std::uint64_t times = is_attribute(*f) || roll.below(4) != 0 ? 1 : 2 + roll.below(2);
      for (std::uint64_t i = 0; i < times; ++i)
        out.push_back(recorded(*f, f->lateral && roll.below(20) == 0 ? side::none : where, roll));
    }
  return out;
}

} // namespace

std::vector<trial_case> random_cases(const host::detector_spec& spec, const kb::snapshot& knowledge,
                                     std::uint64_t seed, int count) {
  const auto all = consumed(spec, knowledge);
  std::vector<trial_case> out;
  for (int i = 0; i < count; ++i) {
    dice roll(seed * 1'000'003 + static_cast<std::uint64_t>(i));
    out.push_back({"random case " + std::to_string(i) + " of seed " + std::to_string(seed),
                   random_case(all, roll),
                   {},
                   0});
  }
  return out;
}

std::vector<trial_case> odd_cases(const host::detector_spec& spec, const kb::snapshot& knowledge) {
  const auto all = consumed(spec, knowledge);
  dice roll(7);
  observations unknowns, thousand, twice;
  for (const kb::finding* f : all)
    for (const side where : sides_of(*f)) {
      unknowns.push_back({f->id, where, host::reading::unknown, 0, 1, 0, {}});
      twice.push_back(recorded(*f, where, roll));
      twice.push_back(twice.back());
    }
  for (std::size_t i = 0; !all.empty() && i < 1000; ++i) {
    const kb::finding& f = *all[i % all.size()];
    thousand.push_back(recorded(f, f.lateral ? (i % 2 == 0 ? side::left : side::right) : side::none, roll));
    thousand.back().day = some_day - static_cast<std::int64_t>(i);
  }
  return {{"a case without observations", {}, {}, 0},
          {"a case where everything is unknown", unknowns, {}, 0},
          {"a case with everything recorded twice", twice, {}, 0},
          {"a case of a thousand observations", thousand, {}, 0}};
}

observations mirrored(observations given) {
  for (host::observation& o : given)
    o.where = o.where == side::left ? side::right : o.where == side::right ? side::left : side::none;
  return given;
}

std::string told(const observations& given) {
  static constexpr std::string_view words[] = {"unknown", "present", "absent"};
  std::string out;
  for (const host::observation& o : given) {
    out += (out.empty() ? "" : ", ") + o.finding;
    if (o.where != side::none)
      out += " " + std::string(to_string(o.where));
    if (o.says == host::reading::measured)
      out += " " + format_number(o.value);
    else if (o.says == host::reading::graded)
      out += " level " + std::to_string(o.level);
    else
      out += " " + std::string(words[static_cast<std::size_t>(o.says)]);
    if (o.certainty < 1)
      out += " certainty " + format_number(o.certainty);
    if (o.day)
      out += " day " + std::to_string(*o.day);
  }
  return out.empty() ? "nothing recorded" : out;
}

} // namespace posterior::check
