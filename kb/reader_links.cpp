// Links between states, and recorded disagreements.
#include <algorithm>

#include "kb/item.hpp"
#include "kb/values/id.hpp"

namespace posterior::kb {
namespace {

constexpr std::size_t most_gates = 4; // the source is the fifth parent of the table that decides

void check_gates(item& f, const link& l) {
  std::vector<std::string> all = l.only_with;
  all.insert(all.end(), l.unless.begin(), l.unless.end());
  if (all.size() > most_gates)
    f.problem("too-many-gates",
              fault(f.what(),
                    "with " + std::to_string(all.size()) + " states in \"only_with\" and \"unless\"",
                    "with at most " + std::to_string(most_gates)));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == l.source || all[i] == l.target)
      f.problem("self-gate",
                fault("the gate \"" + all[i] + "\" of " + f.what(), "an end of the link", "another state"));
    else if (std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), all[i]) !=
             all.begin() + static_cast<std::ptrdiff_t>(i))
      f.problem("repeated", fault("the gate \"" + all[i] + "\" of " + f.what(), "given twice", "given once"));
  }
}

link read_link(item& f) {
  link l;
  l.source = f.required_reference("from");
  l.target = f.required_reference("to");
  if (!l.source.empty() && l.source == l.target)
    f.problem("self-link", fault(f.what(), "from a state to itself", "between two states"));
  l.opposite = f.choice("side", {"same", "opposite"}).value_or(0) == 1;
  l.only_with = f.references("only_with");
  l.unless = f.references("unless");
  std::sort(l.only_with.begin(), l.only_with.end());
  std::sort(l.unless.begin(), l.unless.end());
  check_gates(f, l);
  l.p = f.required_probability("p").value_or(estimate{});
  l.because = f.required_text("because").value_or("");
  l.cut = f.truth("cut");
  l.cut_reason = f.text_or("cut_reason", "");
  if (l.cut && l.cut_reason.empty())
    f.missing("cut_reason", "one sentence why the link takes no part");
  if (!l.cut && !l.cut_reason.empty())
    f.problem(*f.raw("cut_reason"), "not-cut",
              fault("\"cut_reason\" of " + f.what(), "given without cut = true", "for cut links only"));
  l.rests_on = f.rests_on();
  l.from = f.from();
  return l;
}

take read_take(const node& table, item& parent) {
  item f = parent.part(table, "take");
  take t;
  t.id = f.required_text("id").value_or("");
  if (!t.id.empty() && !is_plain_id(t.id))
    f.problem(*f.raw("id"), "bad-id",
              fault("the id of " + f.what(), describe(*f.raw("id")), "lower-case words joined by hyphens"));
  t.text = f.required_text("text").value_or("");
  t.withholds = f.references("withholds");
  f.finish();
  return t;
}

tension read_tension(item& f) {
  tension t;
  t.id = f.own_id();
  t.text = f.required_text("text").value_or("");
  t.between = f.reference_groups("between");
  t.about = f.references("about");
  t.decides = f.references("decides");
  t.same_plan = f.truth("same_plan");
  for (const node* table : f.tables("take"))
    t.takes.push_back(read_take(*table, f));
  for (std::size_t i = 0; i < t.takes.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (t.takes[i].id == t.takes[j].id)
        f.problem(*f.raw("take"), "repeated",
                  fault("the take \"" + t.takes[i].id + "\" of " + f.what(), "given twice", "given once"));
  // The claims that disagree are what a tension rests on.
  t.rests_on = f.rests_on(t.between.empty());
  t.from = f.from();
  return t;
}

} // namespace

void read_links(fields& top, const reading_context& context, statements& into, diagnostics& problems) {
  read_reviewed_list(top, "link", context, into, into.links, problems, read_link);
  read_reviewed_list(top, "tension", context, into, into.tensions, problems, read_tension);
}

} // namespace posterior::kb
