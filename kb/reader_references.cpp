// What statements rest on and name: sources, claims, equipment, sites, families, messages.
#include <algorithm>

#include "kb/item.hpp"
#include "kb/values/id.hpp"

namespace posterior::kb {
namespace {

// A year may stand as a number or a text ("2019-2021", "undated").
std::string year(item& f) {
  const node* value = f.raw("year");
  if (value && value->kind == node::type::integer)
    return std::to_string(value->integer);
  return value ? f.text_or("year", "") : std::string();
}

std::string hex_digest(item& f) {
  const std::string text = f.text_or("sha256", "");
  const bool good = text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!text.empty() && !good)
    f.problem(*f.raw("sha256"), "bad-digest",
              fault("\"sha256\" of " + f.what(), "a text of " + std::to_string(text.size()) + " bytes",
                    "64 lower-case hexadecimal digits"));
  return text;
}

source read_source(item& f) {
  source s;
  s.id = f.own_id();
  s.title = f.required_text("title").value_or("");
  s.authors = f.text_or("authors", "");
  s.year = year(f);
  s.venue = f.text_or("venue", "");
  s.locator = f.text_or("locator", "");
  s.kind = f.text_or("kind", "");
  s.seen = f.required_word("seen", seen_as::judgement).value_or(seen_as::memory);
  s.sha256 = hex_digest(f);
  s.note = f.text_or("note", "");
  s.licence = f.text_or("licence", "");
  s.oxford = f.oxford_level();
  s.from = f.from();
  return s;
}

claim read_claim(item& f) {
  claim c;
  c.id = f.own_id();
  c.text = f.required_text("text").value_or("");
  c.source = f.required_reference("source");
  c.place = f.text_or("place", "");
  c.level = f.required_word("grade", grade::opinion).value_or(grade::opinion);
  c.seen = f.required_word("seen", seen_as::judgement).value_or(seen_as::judgement);
  c.contested = f.truth("contested");
  c.type = f.text_or("type", "");
  c.oxford = f.oxford_level();
  c.from = f.from();
  return c;
}

equipment read_equipment(item& f) {
  equipment e;
  e.id = f.own_id();
  e.name = f.required_name();
  e.at_home = f.truth("default");
  e.from = f.from();
  return e;
}

site read_site(item& f) {
  site s;
  s.id = f.own_id();
  s.name = f.required_name();
  s.from = f.from();
  return s;
}

family read_family(item& f) {
  family out;
  out.id = f.own_id();
  out.name = f.required_name();
  if (!f.has("rho"))
    f.missing("rho", "a number between 0 and 1");
  out.rho = f.number_between("rho", 0, 1).value_or(0);
  out.from = f.from();
  return out;
}

message read_message(item& f) {
  message m;
  m.key = f.required_text("key").value_or("");
  if (!m.key.empty() && !is_plain_id(m.key))
    f.problem(*f.raw("key"), "bad-id",
              fault("the key of " + f.what(), describe(*f.raw("key")), "lower-case words joined by hyphens"));
  m.text = f.required_text("text").value_or("");
  m.from = f.from();
  return m;
}

// Only ids that people or statements name can be missed.
retirement read_retirement(item& f) {
  const std::vector<std::string_view> kinds{"source",  "claim",    "family",     "state",
                                            "finding", "exercise", "precaution", "tension"};
  retirement r;
  r.old = f.own_id();
  if (const auto i = f.required_choice("kind", kinds))
    r.kind = kinds[*i];
  r.replaced_by = f.reference("replaced_by");
  r.reason = f.required_text("reason").value_or("");
  if (!r.old.empty() && r.old == r.replaced_by)
    f.problem(
        *f.raw("replaced_by"), "bad-reference",
        fault("\"replaced_by\" of " + f.what(), "the retired id itself", "the id that takes its place"));
  r.from = f.from();
  return r;
}

} // namespace

void read_references(fields& top, const reading_context& context, statements& into, diagnostics& problems) {
  const auto each = [&](std::string_view kind, auto& list, auto read) {
    read_list(top, kind, context, list, problems, read);
  };
  read_reviewed_list(top, "source", context, into, into.sources, problems, read_source);
  read_reviewed_list(top, "claim", context, into, into.claims, problems, read_claim);
  read_reviewed_list(top, "family", context, into, into.families, problems, read_family);
  each("message", into.messages, read_message);
  each("retired", into.retirements, read_retirement);
  if (!context.core)
    return;
  each("equipment", into.tools, read_equipment);
  each("site", into.sites, read_site);
}

} // namespace posterior::kb
