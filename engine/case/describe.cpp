#include <algorithm>

#include "engine/case/screen.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cases {
namespace {

std::string what_was_found(const settled& s, const kb::finding* f) {
  if (s.value)
    return format_number(*s.value) + (f && f->unit != "1" && !f->unit.empty() ? " " + f->unit : "");
  if (s.level && f && static_cast<std::size_t>(*s.level) < f->levels.size())
    return f->levels[static_cast<std::size_t>(*s.level)];
  std::string out(to_string(s.state));
  if (s.certainty < 1)
    out += " (certainty " + format_number(s.certainty) + ")";
  return s.from_screening ? out + " (screening)" : out;
}

void add(std::vector<cited>& out, cited c) {
  const bool known = std::any_of(out.begin(), out.end(),
                                 [&](const cited& o) { return o.source == c.source && o.place == c.place; });
  if (!known)
    out.push_back(std::move(c));
}

} // namespace

std::vector<cited> cite(const kb::basis& basis, const kb::snapshot& knowledge) {
  std::vector<cited> out;
  for (const kb::citation& c : basis.sources) {
    const kb::source* s = knowledge.find_source(c.source);
    add(out, {c.source, c.place, s ? s->seen : basis.seen});
  }
  for (const std::string& id : basis.claims)
    if (const kb::claim* c = knowledge.find_claim(id))
      add(out, {c->source, c->place, c->seen});
  if (out.empty() && !basis.judgement.empty())
    out.push_back({"judgement", basis.judgement, kb::seen_as::judgement});
  return out;
}

observation_ref describe(const settled& s, const kb::snapshot& knowledge) {
  const kb::finding* f = knowledge.find_finding(s.finding);
  std::string text = f ? f->name : s.finding;
  if (s.where != side::none)
    text += ", " + std::string(posterior::to_string(s.where));
  return {s.finding, s.where, text + ": " + what_was_found(s, f)};
}

} // namespace posterior::cases
