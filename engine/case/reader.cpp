// Reading goes on after every fault but three: bytes that are no text, a document that cannot be parsed, and
// a document that does not call itself a case. Judged by tests/case/reader_test.cpp.
#include "engine/case/reader.hpp"

#include <algorithm>
#include <array>

#include "engine/case/observation_reader.hpp"
#include "kb/values/fields.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::cases {
namespace {

constexpr std::string_view schema_name = "posterior.case/1";

// What would tell who the patient is. Kept apart from unknown fields so that the message says why.
constexpr std::array<std::string_view, 34> identifying{"name",          "first_name",
                                                       "last_name",     "given_name",
                                                       "family_name",   "surname",
                                                       "forename",      "full_name",
                                                       "initials",      "birth_date",
                                                       "birthdate",     "birthday",
                                                       "dob",           "date_of_birth",
                                                       "born",          "birth_year",
                                                       "year_of_birth", "address",
                                                       "street",        "city",
                                                       "postcode",      "zip",
                                                       "phone",         "telephone",
                                                       "mobile",        "email",
                                                       "insurance",     "insurance_number",
                                                       "patient_id",    "id",
                                                       "mrn",           "ssn",
                                                       "record_number", "photo"};

diagnostic refusal(const std::string& file, std::string_view code, std::string text, std::string hint = {}) {
  return {severity::error, "case." + std::string(code), {file, 0, 0, ""}, std::move(text), std::move(hint)};
}

// ASCII stands for itself in UTF-8, so only the other bytes decide.
bool is_utf8(std::string_view bytes) {
  std::string other;
  for (const char c : bytes)
    if (static_cast<unsigned char>(c) >= 0x80)
      other += c;
    else if (!other.empty() && other.back() != ' ')
      other += ' ';
  return unclean(other) != "not UTF-8";
}

std::optional<diagnostic> not_a_text(std::string_view bytes, const std::string& name) {
  if (bytes.size() > case_bytes_limit)
    return refusal(name, "too-large",
                   fault("the case", std::to_string(bytes.size()) + " bytes long",
                         "at most " + std::to_string(case_bytes_limit) + " bytes"));
  if (bytes.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return refusal(name, "empty", fault("the file", "empty", "a case"),
                   "`posterior case new` writes a blank form");
  if (bytes.find('\0') != std::string_view::npos || !is_utf8(bytes))
    return refusal(name, "not-a-case", fault("the file", "binary or not UTF-8", "a case in TOML or JSON"),
                   "save it as UTF-8 text");
  return std::nullopt;
}

parsed parse(std::string_view bytes, const std::string& name) {
  if (bytes.starts_with("\xEF\xBB\xBF"))
    bytes.remove_prefix(3);
  const auto first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{' ? parse_json(bytes, name)
                                                                : parse_toml(bytes, name);
}

void refuse_identifying(fields& f) {
  for (const std::string_view key : identifying)
    if (const node* given = f.raw(key))
      f.problem(*given, "identifying",
                fault("\"" + std::string(key) + "\" of " + f.what(), "given",
                      "left out: a case holds no name, birth date or other identifier"),
                "remove it from the file; `age` in years is enough");
}

// `low` and `high` as the file states them; the hint says what was probably mixed up.
std::optional<double> measure(fields& f, std::string_view key, double low, double high, std::string unit) {
  const auto value = f.number(key);
  if (!value || (*value >= low && *value <= high))
    return value;
  f.problem(*f.self().find(key), "out-of-range",
            fault("\"" + std::string(key) + "\" of " + f.what(), format_number(*value),
                  format_number(low) + " to " + format_number(high) + " " + unit));
  return std::nullopt;
}

void read_patient(const node& table, const std::string& file, patient& who, diagnostics& problems) {
  fields f(table, file, "case", "the patient", problems);
  refuse_identifying(f);
  who.age = measure(f, "age", 0, 120, "years");
  static const std::vector<std::string_view> sexes{"unknown", "female", "male", "other"};
  who.sex_is = static_cast<sex>(f.choice("sex", sexes).value_or(0));
  who.body_mass = measure(f, "body_mass", 1, 400, "kg");
  if (const auto height = measure(f, "height", 0.3, 2.6, "m"))
    who.height = *height * 100;
  who.leg_length = measure(f, "leg_length", 10, 150, "cm");
  if (const node* given = f.raw("pregnant"); given && given->kind == node::type::boolean)
    who.pregnant = given->truth;
  else
    f.truth("pregnant");
  f.finish();
}

void read_context(const node& table, const std::string& file, patient_case& into, diagnostics& problems) {
  fields f(table, file, "case", "the context", problems);
  refuse_identifying(f);
  into.complaint = f.text_or("complaint", "");
  static const std::vector<std::string_view> settings{
      "unknown", "physio-outpatient", "primary-care", "hospital", "sport", "surgical"};
  into.in = static_cast<setting>(f.choice("setting", settings).value_or(0));
  f.finish();
}

void read_not_asked(fields& f, observation_reader& reader, patient_case& into) {
  const auto note_unusable = [&](const std::string& id) {
    into.unusable_unknown = true;
    into.screened.not_asked.push_back(id);
  };
  const node* list = f.raw("not_asked");
  for (const std::string& id : f.texts("not_asked")) {
    const kb::finding* found = reader.find(f, *list, id);
    if (!found)
      note_unusable(id);
    else if (found->safety)
      into.screened.not_asked.push_back(found->id);
    else
      f.problem(*list, "not-safety",
                fault("\"" + found->id + "\" in \"not_asked\"", "no safety finding", "one"),
                "leave it out: what was not asked is simply not in a case", severity::warning);
  }
}

void read_screening(const node& table, const std::string& file, observation_reader& reader,
                    patient_case& into, diagnostics& problems) {
  const std::size_t before = problems.size();
  fields f(table, file, "case", "the screening", problems);
  into.screened.done = f.truth("done");
  into.screened.by = f.text_or("by", "");
  into.screened.day = read_date(f, "when");
  read_not_asked(f, reader, into);
  f.finish();
  const auto broken = [](const diagnostic& d) { return d.level == severity::error; };
  if (std::any_of(problems.begin() + static_cast<std::ptrdiff_t>(before), problems.end(), broken))
    into.unusable_unknown = true;
}

std::optional<choice> read_choice(const node& table, fields& f, const kb::snapshot& knowledge) {
  const auto id = f.required_text("tension");
  const auto take = f.required_text("take");
  choice out{id.value_or(""), take.value_or(""), f.text_or("by", ""), read_date(f, "when")};
  f.finish();
  const kb::tension* t = id ? knowledge.find_tension(*id) : nullptr;
  if (id && !t && !tell_retired(f, *table.find("tension"), "the tension", *id, knowledge)) {
    std::vector<std::string_view> known;
    for (const kb::tension& k : knowledge.all.tensions)
      known.push_back(k.id);
    const auto near = nearest(*id, known);
    f.problem(
        *table.find("tension"), "unknown-tension",
        fault("the tension \"" + quoted(*id) + "\" of " + f.what(), "not known", "one of the knowledge base"),
        near.empty() ? "`posterior kb tensions` lists them" : "did you mean \"" + std::string(near) + "\"?");
  }
  if (!t || !take)
    return std::nullopt;
  std::vector<std::string_view> takes;
  for (const kb::take& k : t->takes)
    takes.push_back(k.id);
  if (std::find(takes.begin(), takes.end(), *take) != takes.end())
    return out;
  f.problem(*table.find("take"), "unknown-take",
            fault("\"take\" of " + f.what(), "\"" + quoted(*take) + "\"", one_of(takes)));
  return std::nullopt;
}

// Two choices about one tension: the newer one counts, and at the same date the matter stays open.
void add_choice(choice c, const node& table, fields& f, std::vector<choice>& choices) {
  const auto same =
      std::find_if(choices.begin(), choices.end(), [&](const choice& o) { return o.tension == c.tension; });
  if (same == choices.end()) {
    choices.push_back(std::move(c));
    return;
  }
  if (same->take == c.take)
    return;
  const bool dated = same->day.has_value() || c.day.has_value();
  f.problem(table, "contradiction",
            fault("the choice about \"" + c.tension + "\"", "made twice", "made once"),
            dated && same->day != c.day ? "the newer one counts" : "neither counts until one is removed",
            severity::warning);
  if (same->day == c.day)
    same->take.clear();
  else if (same->day < c.day)
    *same = std::move(c);
}

void read_choices(fields& top, const kb::snapshot& knowledge, patient_case& into) {
  std::size_t number = 0;
  for (const node* table : top.tables("choice")) {
    fields f(*table, top.file(), "case", "choice " + std::to_string(++number), top.problems());
    if (auto c = read_choice(*table, f, knowledge))
      add_choice(std::move(*c), *table, f, into.choices);
  }
  std::erase_if(into.choices, [](const choice& c) { return c.take.empty(); });
}

// An unknown table may have held observations, so it leaves safety incomplete.
void finish(fields& top, patient_case& into) {
  const std::size_t before = top.problems().size();
  top.finish();
  if (top.problems().size() > before)
    into.unusable_unknown = true;
}

bool is_case(fields& top, const std::string& name, diagnostics& problems) {
  const node* given = top.raw("schema");
  if (given && given->kind == node::type::text && given->text == schema_name)
    return true;
  diagnostic d = refusal(
      name, "not-a-case",
      fault("\"schema\"", given ? describe(*given) : "missing", "\"" + std::string(schema_name) + "\""),
      "is this a case file?");
  if (given)
    d.where = top.at(*given);
  problems.push_back(std::move(d));
  return false;
}

void warn_not_asked_but_recorded(fields& top, patient_case& c) {
  for (const observation& o : c.observations)
    if (std::find(c.screened.not_asked.begin(), c.screened.not_asked.end(), o.finding) !=
        c.screened.not_asked.end())
      top.problems().push_back(
          {severity::warning, "case.contradiction", o.at,
           fault("\"" + o.finding + "\"", "recorded and in \"not_asked\"", "one of the two"),
           "what was recorded counts"});
}

void read_tables(fields& top, const kb::snapshot& knowledge, patient_case& into, diagnostics& problems) {
  observation_reader reader(knowledge, top.file(), into, problems);
  refuse_identifying(top);
  if (const node* table = top.table("patient"))
    read_patient(*table, top.file(), into.who, problems);
  if (const node* table = top.table("context"))
    read_context(*table, top.file(), into, problems);
  if (const node* table = top.table("screening"))
    read_screening(*table, top.file(), reader, into, problems);
  read_choices(top, knowledge, into);
  const node* list = top.raw("observation");
  const auto tables = top.tables("observation");
  if (list && (list->kind != node::type::array || tables.size() < list->items.size()))
    into.unusable_unknown = true;
  for (std::size_t i = 0; i < tables.size(); ++i)
    reader.read(*tables[i], i + 1);
  finish(top, into);
  warn_not_asked_but_recorded(top, into);
}

bool too_many(const node& root, const std::string& name, diagnostics& problems) {
  const node* list = root.find("observation");
  if (!list || list->items.size() <= observation_limit)
    return false;
  problems.push_back(refusal(name, "too-large",
                             fault("the number of observations", std::to_string(list->items.size()),
                                   "at most " + std::to_string(observation_limit))));
  return true;
}

} // namespace

reading read(std::string_view bytes, const std::string& name, const kb::snapshot& knowledge) {
  reading out;
  out.readable = false;
  if (auto refused = not_a_text(bytes, name)) {
    out.problems.push_back(std::move(*refused));
    return out;
  }
  parsed document = parse(bytes, name);
  out.problems = std::move(document.problems);
  if (!document.root)
    return out;
  fields top(*document.root, name, "case", "the case", out.problems);
  if (!is_case(top, name, out.problems) || too_many(*document.root, name, out.problems))
    return out;
  out.readable = true;
  patient_case into;
  read_tables(top, knowledge, into, out.problems);
  if (into.observations.empty())
    out.problems.push_back(refusal(name, "nothing-usable",
                                   fault("the case", "without a usable observation", "at least one"),
                                   "`posterior case new` writes a blank form"));
  else
    out.value = std::move(into);
  return out;
}

} // namespace posterior::cases
