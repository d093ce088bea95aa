#include "engine/service/case_requests.hpp"

#include <algorithm>

#include "engine/case/reader.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

constexpr std::size_t label_limit = 200;

} // namespace

std::string label(const target& where) {
  const std::string* name = where.find("name");
  return name == nullptr || name->empty() ? "case" : quoted(*name, label_limit);
}

namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty())
      out.emplace_back(word);
  }
  return out;
}

std::optional<response> read_equipment(const target& where, const kb::snapshot& knowledge,
                                       plan::wishes& wanted) {
  const std::string* text = where.find("have");
  if (text == nullptr)
    return {};
  wanted.have = split(*text);
  std::sort(wanted.have.begin(), wanted.have.end());
  wanted.have.erase(std::unique(wanted.have.begin(), wanted.have.end()), wanted.have.end());
  std::vector<std::string_view> known;
  for (const kb::equipment& e : knowledge.all.tools)
    known.push_back(e.id);
  for (const std::string& id : wanted.have)
    if (std::find(known.begin(), known.end(), id) == known.end())
      return usage_problem("have", id, "equipment that the knowledge base has (kb list equipment)",
                           did_you_mean(nearest(id, known)));
  return {};
}

std::optional<response> read_side(const target& where, plan::wishes& wanted) {
  const std::string* text = where.find("side");
  if (text == nullptr)
    return {};
  if (*text != "left" && *text != "right")
    return usage_problem("side", *text, "left or right");
  wanted.only = *text == "left" ? side::left : side::right;
  return {};
}

std::optional<response> read_count(const target& where, plan::wishes& wanted) {
  const number_read read = read_number(where, "max_exercises", 1, 6);
  if (read.value && *read.value != static_cast<int>(*read.value))
    return usage_problem("max_exercises", *where.find("max_exercises"), "a whole number from 1 to 6");
  if (read.value)
    wanted.max_exercises = static_cast<int>(*read.value);
  return read.problem;
}

} // namespace

wishes_read read_wishes(const call& c, bool minutes_of_plan) {
  wishes_read out;
  plan::wishes& wanted = out.options.wanted;
  if (minutes_of_plan) {
    const number_read minutes = read_number(c.where, "minutes", 1, 240);
    wanted.minutes = minutes.value;
    out.problem = minutes.problem;
  }
  if (!out.problem)
    out.problem = read_equipment(c.where, *c.now.knowledge, wanted);
  if (!out.problem)
    out.problem = read_count(c.where, wanted);
  if (!out.problem)
    out.problem = read_side(c.where, wanted);
  return out;
}

case_read read_case(const call& c) {
  cases::reading read = cases::read(c.asked.body, label(c.where), *c.now.knowledge);
  if (!read.value)
    return {{}, {}, problems_response(422, exit_code::case_refused, read.problems)};
  return {std::move(*read.value), std::move(read.problems), {}};
}

assess::assessment assess_read(const call& c, const cases::patient_case& value, const diagnostics& problems,
                               assess::options asked) {
  asked.plans = c.now.plans.get();
  asked.with_drafts = c.now.with_drafts;
  return assess::assess(value, problems, *c.now.knowledge, c.now.detectors, asked);
}

assessed assess_case(const call& c, const assess::options& asked) {
  const case_read read = read_case(c);
  if (read.problem)
    return {{}, read.problem};
  return {assess_read(c, read.value, read.problems, asked), {}};
}

assessed assess_case(const call& c) {
  const wishes_read wishes = read_wishes(c);
  return wishes.problem ? assessed{{}, wishes.problem} : assess_case(c, wishes.options);
}

namespace {

bool silent(const assess::plugin_answer& p) {
  return p.status != "answered" && p.status != "no-code";
}

int exit_of(const assess::assessment& a, bool flags_count) {
  if (flags_count && !a.red_flags.empty())
    return exit_code::red_flag;
  const bool part = std::any_of(a.plugins.begin(), a.plugins.end(), silent) || has_errors(a.problems);
  return part ? exit_code::in_part : exit_code::done;
}

std::string notes_of(const assess::assessment& a) {
  std::string out;
  for (const assess::plugin_answer& p : a.plugins)
    if (silent(p))
      out += "plugin " + p.id + " " + p.version + ": " + p.status + "\n";
  const auto errors = std::count_if(a.problems.begin(), a.problems.end(),
                                    [](const diagnostic& d) { return d.level == severity::error; });
  if (errors > 0)
    out += std::to_string(errors) + (errors == 1 ? " fault" : " faults") +
           " in the case; `posterior case check` lists them\n";
  return out;
}

} // namespace

response finish(response given, const assess::assessment& a, const call& c) {
  const std::string* wanted = c.where.find("exit_code");
  given.exit_code = exit_of(a, wanted != nullptr && *wanted == "1");
  given.notes = notes_of(a);
  return given;
}

} // namespace posterior::service
