#include "engine/case/observation_reader.hpp"

#include <algorithm>
#include <array>

#include "kb/values/date.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"
#include "kb/values/unit.hpp"

namespace posterior::cases {
namespace {

constexpr std::array<std::string_view, 8> words_for_present{"positive", "yes",      "pos",  "true",
                                                            "y",        "abnormal", "pain", "+"};
constexpr std::array<std::string_view, 7> words_for_absent{"negative", "no",     "neg", "false",
                                                           "n",        "normal", "-"};

std::string mean_word(const node& value) {
  const std::string text = value.kind == node::type::boolean ? (value.truth ? "true" : "false") : value.text;
  if (std::find(words_for_present.begin(), words_for_present.end(), text) != words_for_present.end())
    return "did you mean \"present\"?";
  if (std::find(words_for_absent.begin(), words_for_absent.end(), text) != words_for_absent.end())
    return "did you mean \"absent\"?";
  return "leave the observation out if it was not asked";
}

std::string did_you_mean(std::string_view near) {
  return near.empty() ? "" : "did you mean \"" + std::string(near) + "\"?";
}

std::string range_text(const kb::finding& finding) {
  return format_number(finding.bounds->min) + " to " + format_number(finding.bounds->max) + " " +
         finding.unit;
}

} // namespace

std::optional<std::int64_t> read_date(fields& f, std::string_view key) {
  const auto text = f.text(key);
  if (!text)
    return std::nullopt;
  const auto day = parse_date(*text);
  if (!day)
    f.problem(*f.self().find(key), "bad-date",
              fault("\"" + std::string(key) + "\" of " + f.what(), "\"" + quoted(*text) + "\"",
                    "a date such as \"2026-11-02\""));
  return day;
}

observation_reader::observation_reader(const kb::snapshot& knowledge, std::string file, patient_case& into,
                                       diagnostics& problems)
    : knowledge_(knowledge)
    , file_(std::move(file))
    , into_(into)
    , problems_(problems) {
  for (const kb::finding& f : knowledge.all.findings) {
    known_.push_back(f.id);
    known_.insert(known_.end(), f.aliases.begin(), f.aliases.end());
  }
  std::sort(known_.begin(), known_.end());
}

// What took a retired finding's place is what was meant.
std::string_view observation_reader::nearest_known(const std::string& id) {
  if (const kb::retirement* gone = knowledge_.find_retirement(id);
      gone != nullptr && knowledge_.find_finding(gone->replaced_by) != nullptr)
    return gone->replaced_by;
  const auto [at, added] = near_.try_emplace(id);
  if (added)
    at->second = nearest(id, known_);
  return at->second;
}

void observation_reader::unusable(const std::string& id) {
  const auto near = nearest_known(id);
  const kb::finding* f = near.empty() ? nullptr : knowledge_.find_finding(near);
  if (!f)
    into_.unusable_unknown = true;
  else if (std::find(into_.unusable_near.begin(), into_.unusable_near.end(), f->id) ==
           into_.unusable_near.end())
    into_.unusable_near.push_back(f->id);
}

bool tell_retired(fields& f, const node& at, const std::string& what, const std::string& id,
                  const kb::snapshot& knowledge) {
  const kb::retirement* gone = knowledge.find_retirement(id);
  if (gone == nullptr)
    return false;
  const bool replaced = !gone->replaced_by.empty();
  f.problem(at, "retired-id",
            fault(what + " \"" + quoted(id) + "\" of " + f.what(),
                  "retired" + (gone->reason.empty() ? "" : " (" + gone->reason + ")"),
                  replaced ? "\"" + gone->replaced_by + "\"" : "one that is in use"),
            replaced ? "\"" + gone->replaced_by + "\" took its place: look at what it asks before you use it"
                     : "nothing took its place");
  return true;
}

const kb::finding* observation_reader::find(fields& f, const node& at, const std::string& id) {
  const kb::finding* found = knowledge_.find_finding(id);
  if (!found && tell_retired(f, at, "the finding", id, knowledge_))
    return nullptr;
  if (!found)
    f.problem(
        at, "unknown-finding",
        fault("the finding \"" + quoted(id) + "\" of " + f.what(), "not known", "one of the knowledge base"),
        did_you_mean(nearest_known(id)));
  else if (found->id != id)
    f.problem(at, "alias-used", "\"" + id + "\" is read as \"" + found->id + "\"", "", severity::note);
  return found;
}

bool observation_reader::accepted(fields& f, const node& at, const kb::finding& finding) {
  if (finding.derived)
    f.problem(at, "derived-stated",
              fault("the finding \"" + finding.id + "\" of " + f.what(), "computed from other findings",
                    "left out of a case"),
              "record the findings that it is computed from");
  else if (finding.kind == kb::finding_kind::attribute)
    f.problem(at, "attribute-stated",
              fault("the finding \"" + finding.id + "\" of " + f.what(), "an attribute of the patient",
                    "given in [patient]"));
  return !finding.derived && finding.kind != kb::finding_kind::attribute;
}

bool observation_reader::read_state(fields& f, observation& o) {
  static constexpr std::array words{truth::present, truth::absent, truth::unknown};
  const node& given = *f.self().find("state");
  const auto at =
      std::find_if(words.begin(), words.end(), [&](truth t) { return to_string(t) == given.text; });
  if (given.kind != node::type::text || at == words.end()) {
    f.problem(given, "bad-state",
              fault("\"state\" of " + f.what(), describe(given), "\"present\", \"absent\" or \"unknown\""),
              mean_word(given));
    return false;
  }
  o.state = *at;
  if (const auto c = f.number_between("certainty", 0, 1))
    o.certainty = *c;
  else if (f.has("certainty"))
    return false;
  return true;
}

bool observation_reader::read_error(fields& f, const kb::finding& finding, const std::string& unit,
                                    observation& o) {
  if (!f.has("error"))
    return true;
  const auto error = f.number("error");
  if (error && *error <= 0)
    f.problem(*f.self().find("error"), "out-of-range",
              fault("\"error\" of " + f.what(), format_number(*error), "above 0"));
  if (!error || *error <= 0)
    return false;
  o.error = convert(*error, unit, finding.unit);
  return true;
}

bool observation_reader::read_value(fields& f, const kb::finding& finding, observation& o) {
  const auto value = f.number("value");
  const auto unit = f.text("unit");
  if (finding.unit.empty()) {
    f.problem(*f.self().find("value"), "bad-value",
              fault("\"value\" of " + f.what(), "given", "left out: \"" + finding.id + "\" is not measured"),
              finding.levels.empty() ? "use state = \"present\" or \"absent\"" : "use level");
    return false;
  }
  if (!value)
    return false;
  const std::string given = unit.value_or(finding.unit == "1" ? "1" : "");
  const auto converted = convert(*value, given, finding.unit);
  if (!converted) {
    const node* at = f.self().find("unit");
    f.problem(at ? *at : f.self(), "wrong-unit",
              fault("\"unit\" of " + f.what(), given.empty() ? "missing" : "\"" + quoted(given) + "\"",
                    "\"" + finding.unit + "\" or a unit of the same kind"),
              is_unit(given) || given.empty() ? "" : "known units: " + std::string(known_units()));
    return false;
  }
  if (finding.bounds && (*converted < finding.bounds->min || *converted > finding.bounds->max)) {
    f.problem(*f.self().find("value"), "out-of-range",
              fault("\"value\" of " + f.what(), format_number(*converted) + " " + finding.unit,
                    range_text(finding)));
    return false;
  }
  o.value = *converted;
  return read_error(f, finding, given, o);
}

bool observation_reader::read_level(fields& f, const kb::finding& finding, observation& o) {
  const node& given = *f.self().find("level");
  const auto& levels = finding.levels;
  const auto at = std::find(levels.begin(), levels.end(), given.text);
  if (given.kind == node::type::text && at != levels.end()) {
    o.level = static_cast<int>(at - levels.begin());
    return true;
  }
  const std::vector<std::string_view> names(levels.begin(), levels.end());
  f.problem(given, "bad-level",
            fault("\"level\" of " + f.what(), describe(given),
                  names.empty() ? "left out: \"" + finding.id + "\" has no levels" : one_of(names)),
            did_you_mean(nearest(given.text, names)));
  return false;
}

// Exactly one of state, value and level, and nothing that belongs to another of them.
bool observation_reader::read_what(fields& f, const kb::finding& finding, observation& o) {
  const bool state = f.has("state"), value = f.has("value"), level = f.has("level");
  if (state + value + level != 1) {
    f.problem("bad-state",
              fault("what " + f.what() + " records", state + value + level == 0 ? "missing" : "given twice",
                    "exactly one of \"state\", \"value\" with \"unit\", and \"level\""));
    for (const auto key : {"unit", "error", "certainty"})
      f.has(key);
    return false;
  }
  const auto stray = [&](std::string_view key, bool allowed, std::string_view belongs) {
    if (!f.has(key) || allowed)
      return false;
    f.problem(*f.self().find(key), "bad-state",
              fault("\"" + std::string(key) + "\" of " + f.what(), "given without " + std::string(belongs),
                    "left out"),
              key == "certainty" ? "use \"error\" for a measured value" : "");
    return true;
  };
  const bool unit = stray("unit", value, "a value"), error = stray("error", value, "a value"),
             certainty = stray("certainty", state, "a state");
  const bool read = state ? read_state(f, o) : value ? read_value(f, finding, o) : read_level(f, finding, o);
  return read && !unit && !error && !certainty;
}

// Empty: a side was given that is none.
std::vector<side> observation_reader::read_sides(fields& f, const kb::finding& finding) {
  if (!f.has("side"))
    return {side::none};
  const auto chosen = f.choice("side", {"left", "right", "both"});
  if (!finding.lateral) {
    f.problem(*f.self().find("side"), "side-not-lateral",
              fault("\"side\" of " + f.what(), "given", "left out: \"" + finding.id + "\" has no sides"),
              "the observation counts without it", severity::warning);
    return {side::none};
  }
  if (!chosen)
    return {};
  return *chosen == 2   ? std::vector{side::left, side::right}
         : *chosen == 1 ? std::vector{side::right}
                        : std::vector{side::left};
}

// A safety finding said to be present counts, whatever else was wrong with its record.
void observation_reader::salvage(const node& table, const kb::finding& finding, observation o) {
  const node* state = table.find("state");
  if (!finding.safety || finding.derived || !state || state->text != to_string(truth::present))
    return;
  o.state = truth::present;
  o.where = side::none;
  o.value.reset();
  o.level.reset();
  o.error.reset();
  o.certainty = 1;
  into_.observations.push_back(std::move(o));
}

void observation_reader::read(const node& table, std::size_t number) {
  const std::size_t before = problems_.size();
  fields f(table, file_, "case", "observation " + std::to_string(number), problems_);
  const auto id = f.required_text("finding");
  const node* named = table.find("finding");
  const kb::finding* finding = id ? find(f, *named, *id) : nullptr;
  if (!finding || !accepted(f, *named, *finding)) {
    unusable(id.value_or(""));
    return;
  }
  observation o;
  o.finding = finding->id;
  o.at = f.at(*named);
  const auto sides = read_sides(f, *finding);
  const bool told = read_what(f, *finding, o);
  o.day = read_date(f, "when");
  f.finish();
  const auto broken = [](const diagnostic& d) { return d.level == severity::error; };
  if (!told ||
      std::any_of(problems_.begin() + static_cast<std::ptrdiff_t>(before), problems_.end(), broken)) {
    unusable(*id);
    salvage(table, *finding, std::move(o));
    return;
  }
  for (const side where : sides) {
    o.where = where;
    into_.observations.push_back(o);
  }
}

} // namespace posterior::cases
