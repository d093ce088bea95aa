#include "kb/item.hpp"

#include <algorithm>
#include <cmath>

#include "kb/values/id.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

std::string text_of(const node& table, std::string_view key) {
  const node* value = table.find(key);
  return value && value->kind == node::type::text ? quoted(value->text) : std::string("?");
}

// How messages call the statement.
std::string called(const node& table, std::string_view kind) {
  const auto joined = [&](std::string_view a, std::string_view b) {
    return "the " + std::string(kind) + " \"" + text_of(table, a) + "\" to \"" + text_of(table, b) + "\"";
  };
  if (kind == "link")
    return joined("from", "to");
  if (kind == "observes")
    return joined("finding", "state");
  if (kind == "indication")
    return joined("exercise", "cause");
  if (kind == "text")
    return "the text of \"" + text_of(table, "of") + "\"";
  if (kind == "prior")
    return "the prior of \"" + text_of(table, "state") + "\"";
  const std::string_view key = kind == "message" ? "key" : "id";
  if (!table.find(key))
    return "a " + std::string(kind);
  return "the " + std::string(kind) + (kind == "retired" ? " id" : "") + " \"" + text_of(table, key) + "\"";
}

std::string known_words(const scale& words) {
  std::string out;
  for (const auto& [name, value] : words.words)
    out += (out.empty() ? "" : ", ") + name;
  return out;
}

} // namespace

item::item(const node& table, std::string_view kind, const reading_context& context, diagnostics& problems)
    : fields(table, context.file, "kb", called(table, kind), problems)
    , context_(context) {}

item::item(const node& table, std::string what, const item& parent, diagnostics& problems)
    : fields(table, parent.context_.file, "kb", std::move(what), problems)
    , context_(parent.context_) {}

item item::part(const node& table, std::string_view name) {
  return item(table, "\"" + std::string(name) + "\" of " + what(), *this, problems());
}

origin item::from() const {
  return {context_.bundle, context_.version, {context_.relative, self().line, self().column, ""}};
}

std::string item::own_id(std::string_view start) {
  const auto id = required_text("id");
  if (!id)
    return {};
  const std::string prefix = context_.prefix.empty() ? "" : context_.prefix + ":";
  const std::string needed = "\"" + prefix + std::string(start) + "...\"";
  const bool placed = id->starts_with(prefix);
  const std::string_view bare = placed ? std::string_view(*id).substr(prefix.size()) : std::string_view(*id);
  if (!placed || !is_plain_id(bare) || id->size() > 64) {
    problem(*self().find("id"), "bad-id",
            fault("the id of " + what(), "\"" + quoted(*id) + "\"",
                  prefix.empty()
                      ? "lower-case words joined by hyphens, at most 64 bytes"
                      : "\"" + prefix + "\" and lower-case words joined by hyphens, at most 64 bytes"),
            !placed && is_plain_id(*id) ? "write \"" + prefix + *id + "\"" : "");
  } else if (!bare.starts_with(start)) {
    problem(*self().find("id"), "bad-id", fault("the id of " + what(), "\"" + quoted(*id) + "\"", needed),
            "write \"" + prefix + std::string(start) + std::string(bare) + "\"");
  }
  return *id;
}

std::string item::required_name() {
  return required_text("name").value_or("");
}

bool item::is_reference(const node& value, std::string_view key) {
  if (value.kind == node::type::text && is_statement_id(value.text))
    return true;
  problem(value, "bad-reference",
          fault("\"" + std::string(key) + "\" of " + what(), describe(value), "the id of a statement"));
  return false;
}

std::string item::reference(std::string_view key) {
  const node* value = raw(key);
  return value && is_reference(*value, key) ? value->text : std::string();
}

std::string item::required_reference(std::string_view key) {
  if (!has(key))
    missing(key, "the id of a statement");
  return reference(key);
}

std::vector<std::string> item::references(std::string_view key) {
  std::vector<std::string> out;
  const node* list = array(key);
  if (!list)
    return out;
  for (const node& value : list->items) {
    if (!is_reference(value, key))
      continue;
    if (std::find(out.begin(), out.end(), value.text) != out.end())
      problem(value, "repeated",
              fault("\"" + value.text + "\" in \"" + std::string(key) + "\" of " + what(), "given twice",
                    "given once"));
    else
      out.push_back(value.text);
  }
  return out;
}

std::vector<std::vector<std::string>> item::reference_groups(std::string_view key) {
  std::vector<std::vector<std::string>> out;
  const node* list = array(key);
  if (!list)
    return out;
  for (const node& group : list->items) {
    if (group.kind != node::type::array || group.items.empty()) {
      problem(group, "wrong-type",
              fault("\"" + std::string(key) + "\" of " + what(), "a list with " + describe(group),
                    "a list of lists of ids"));
      continue;
    }
    out.emplace_back();
    for (const node& value : group.items)
      if (is_reference(value, key))
        out.back().push_back(value.text);
  }
  return out;
}

namespace {

// { counts = [hits, of] }
std::optional<estimate> read_counts(fields& f, const node& value, std::string_view key) {
  const node* list = value.find("counts");
  const bool shaped = list && value.members.size() == 1 && list->items.size() == 2 &&
                      list->items[0].is_number() && list->items[1].is_number();
  const double hits = shaped ? list->items[0].number : 0, of = shaped ? list->items[1].number : 0;
  if (shaped && 0 <= hits && hits <= of && 1 <= of && of <= 1e6)
    return from_counts(hits, of);
  const std::string found =
      shaped ? "{ counts = [" + format_number(hits) + ", " + format_number(of) + "] }" : describe(value);
  f.problem(value, "bad-counts",
            fault("\"" + std::string(key) + "\" of " + f.what(), found,
                  "{ counts = [hits, of] } with 0 <= hits <= of and of between 1 and 1000000"));
  return std::nullopt;
}

} // namespace

std::optional<estimate> read_interval(fields& f, const node& value, std::string_view key, double least,
                                      double most) {
  const std::string needed = "[mean, low, high] with low <= mean <= high between " + format_number(least) +
                             " and " + format_number(most);
  const auto refuse = [&](const std::string& found) {
    f.problem(value, "bad-interval", fault("\"" + std::string(key) + "\" of " + f.what(), found, needed));
    return std::nullopt;
  };
  if (value.kind == node::type::table && least == 0 && most == 1)
    return read_counts(f, value, key);
  if (value.kind != node::type::array || value.items.size() != 3)
    return refuse(describe(value));
  double n[3];
  std::string found;
  for (std::size_t i = 0; i < 3; ++i) {
    const node& part = value.items[i];
    if (!part.is_number() || !std::isfinite(part.number))
      return refuse("a list with " + describe(part));
    n[i] = part.number;
    found += (i ? ", " : "[") + format_number(n[i]);
  }
  if (!(least <= n[1] && n[1] <= n[0] && n[0] <= n[2] && n[2] <= most))
    return refuse(found + "]");
  return estimate{n[0], n[1], n[2], ""};
}

std::optional<estimate> item::probability(std::string_view key) {
  const node* value = raw(key);
  if (!value)
    return std::nullopt;
  if (value->kind != node::type::text)
    return read_interval(*this, *value, key, 0, 1);
  if (!context_.words)
    return estimate{0, 0, 0, value->text};
  const auto& words = context_.words->words;
  if (const auto at = words.find(value->text); at != words.end()) {
    estimate out = at->second;
    out.word = at->first;
    return out;
  }
  std::vector<std::string_view> known;
  for (const auto& [name, unused] : words)
    known.push_back(name);
  const auto near = nearest(value->text, known);
  problem(*value, "unknown-word",
          fault("\"" + std::string(key) + "\" of " + what(), describe(*value),
                "a word of the scale or [mean, low, high]"),
          near.empty() ? "the scale has " + known_words(*context_.words)
                       : "did you mean \"" + std::string(near) + "\"?");
  return std::nullopt;
}

std::optional<estimate> item::required_probability(std::string_view key) {
  if (!has(key))
    missing(key, "a word of the scale or [mean, low, high]");
  return probability(key);
}

std::optional<range> item::min_max(std::string_view key) {
  const node* value = raw(key);
  if (!value)
    return std::nullopt;
  range out;
  const bool one = value->is_number() && std::isfinite(value->number);
  const node* low = value->find("min");
  const node* high = value->find("max");
  const bool two = value->kind == node::type::table && value->members.size() == 2 && low && high &&
                   low->is_number() && high->is_number() && std::isfinite(low->number) &&
                   std::isfinite(high->number);
  if (one)
    out = {value->number, value->number};
  else if (two)
    out = {low->number, high->number};
  if (!(one || two) || out.min < 0 || out.min > out.max || out.max > 100000) {
    const std::string found =
        two ? "{ min = " + format_number(out.min) + ", max = " + format_number(out.max) + " }"
            : describe(*value);
    problem(*value, "bad-range",
            fault("\"" + std::string(key) + "\" of " + what(), found,
                  "one number or { min = , max = } with 0 <= min <= max <= 100000"));
    return std::nullopt;
  }
  return out;
}

std::optional<clauses> item::conditions(std::string_view key) {
  const node* list = array(key);
  if (!list)
    return std::nullopt;
  clauses out;
  for (const node& group : list->items) {
    if (group.kind != node::type::array || group.items.empty()) {
      problem(group, "bad-condition",
              fault("\"" + std::string(key) + "\" of " + what(), "a list with " + describe(group),
                    "a list of lists of conditions: [[\"a\", \"b\"], [\"c\"]]"));
      continue;
    }
    out.emplace_back();
    for (const node& value : group.items) {
      std::string why = "a text";
      auto c = value.kind == node::type::text ? parse_condition(value.text, why) : std::nullopt;
      if (c)
        out.back().push_back(std::move(*c));
      else
        problem(value, "bad-condition", fault("a condition of " + what(), describe(value), why));
    }
  }
  return out;
}

int item::whole(std::string_view key, int low, int high, int otherwise) {
  const auto given = integer(key);
  if (given && (*given < low || *given > high)) {
    problem(*raw(key), "out-of-range",
            fault("\"" + std::string(key) + "\" of " + what(), std::to_string(*given),
                  "between " + std::to_string(low) + " and " + std::to_string(high)));
    return otherwise;
  }
  return static_cast<int>(given.value_or(otherwise));
}

std::vector<phase> item::phases(std::string_view key) {
  std::vector<phase> out;
  const node* list = array(key);
  if (!list)
    return out;
  for (const node& value : list->items) {
    const auto known = out.size();
    for (int i = 0; i <= static_cast<int>(phase::integration); ++i)
      if (value.kind == node::type::text && value.text == to_string(static_cast<phase>(i)))
        out.push_back(static_cast<phase>(i));
    if (out.size() == known)
      problem(value, "bad-choice", fault("a phase of " + what(), describe(value), "one of the eight phases"));
  }
  return out;
}

std::vector<citation> item::citations() {
  std::vector<citation> out;
  const node* list = array("sources");
  if (!list)
    return out;
  for (const node& value : list->items) {
    if (value.kind != node::type::text) {
      is_reference(value, "sources");
      continue;
    }
    if (!clean(value, "sources"))
      continue;
    // A prefixed id holds a colon of its own; the one before a place is followed by a blank.
    const auto split = value.text.find(": ");
    citation c{value.text.substr(0, split), split == std::string::npos ? "" : value.text.substr(split + 2)};
    if (!is_statement_id(c.source))
      problem(value, "bad-reference",
              fault("\"sources\" of " + what(), describe(value), "\"source-id\" or \"source-id: place\""));
    else
      out.push_back(std::move(c));
  }
  return out;
}

basis item::rests_on(bool needed) {
  basis out;
  out.claims = references("claims");
  out.sources = citations();
  out.judgement = text_or("judgement", "");
  if (const auto level = word("grade", grade::opinion)) {
    out.level = *level;
    out.level_given = true;
  }
  if (const auto seen = word("seen", seen_as::judgement)) {
    out.seen = *seen;
    out.seen_given = true;
  }
  out.contested = truth("contested");
  if (needed && !has("claims") && !has("sources") && out.judgement.empty())
    problem("no-basis",
            fault("the basis of " + what(), "missing", "\"claims\", \"sources\" or \"judgement\""),
            "say what the statement rests on, or who judged so and why");
  else if (needed && out.claims.empty() && out.sources.empty() && out.judgement.empty())
    problem("no-basis", fault("the basis of " + what(), "empty", "\"claims\", \"sources\" or \"judgement\""));
  return out;
}

bool item::is_draft() {
  return choice("review", {"active", "draft"}).value_or(0) == 1;
}

} // namespace posterior::kb
