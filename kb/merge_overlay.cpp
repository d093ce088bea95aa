#include "kb/merge_overlay.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "kb/canonical.hpp"
#include "kb/history.hpp"
#include "kb/reader.hpp"
#include "kb/references.hpp"
#include "kb/values/date.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

bool counts(const overlay_entry& e, overlay_deed deed) {
  return e.deed == deed && e.standing == overlay_standing::in_force;
}

std::string at(const overlay_entry& e) {
  return to_string(e.where);
}

// Two entries for one field shut each other out. Ways in which a finding speaks are one field; of rules the
// strictest of all entries counts, so they never do.
std::string contested_field(const overlay_entry& e, const std::string& field) {
  constexpr std::string_view ways[] = {"read", "accuracy", "opinion", "levels", "worth"};
  constexpr std::string_view values[] = {"normal", "log_normal", "ratios"};
  if (e.statement.starts_with("observes.")) {
    if (std::find(std::begin(ways), std::end(ways), field) != std::end(ways))
      return "way";
    if (std::find(std::begin(values), std::end(values), field) != std::end(values))
      return "values";
  }
  return field;
}

// The field of the entry that is contested so.
std::string field_in(const overlay_entry& e, const std::string& contested) {
  const auto at = std::find_if(e.fields.begin(), e.fields.end(),
                               [&](const std::string& f) { return contested_field(e, f) == contested; });
  return at == e.fields.end() ? contested : *at;
}

void shut_out_doubles(overlay_document& said) {
  std::map<std::pair<std::string, std::string>, std::set<std::size_t>> by_field;
  for (std::size_t i = 0; i < said.entries.size(); ++i) {
    const overlay_entry& e = said.entries[i];
    if (e.deed == overlay_deed::override && !is_rule_id(e.statement))
      for (const std::string& f : e.fields)
        by_field[{e.statement, contested_field(e, f)}].insert(i);
  }
  for (const auto& [field, entries] : by_field)
    if (entries.size() > 1)
      for (const std::size_t i : entries) {
        overlay_entry& e = said.entries[i];
        const overlay_entry& other =
            said.entries[*entries.begin() == i ? *entries.rbegin() : *entries.begin()];
        if (e.standing == overlay_standing::in_force)
          set_aside(said, e, overlay_standing::doubled, "overlay-twice",
                    fault("\"" + field_in(e, field.second) + "\" of \"" + quoted(field.first) + "\"",
                          "set here and at " + at(other), "set once: neither counts"),
                    "take one of the two entries back");
      }
}

// What core rules, core precautions and safety findings cannot do without.
struct guard {
  std::set<std::string> ids;

  void one(std::string_view label, const std::string& id, std::string_view, bool essential) {
    if (!id.empty() && (essential || label == "cause"))
      ids.insert(id);
  }
  void all(std::string_view, const std::vector<std::string>& list, std::string_view) {
    ids.insert(list.begin(), list.end());
  }
  void many(std::string_view label, const std::vector<std::string>& list, std::string_view) {
    if (label == "asks")
      ids.insert(list.begin(), list.end());
  }
  void groups(std::string_view, const std::vector<std::vector<std::string>>&, std::string_view) {}
  void when(std::string_view, const clauses& list) {
    for (const auto& clause : list)
      for (const condition& c : clause)
        ids.insert(c.finding);
  }
  void cited(const std::vector<citation>& list) {
    for (const citation& c : list)
      ids.insert(c.source);
  }
};

std::set<std::string> protected_ids(const statements& all) {
  guard g;
  const auto keep = [&](const auto& item) {
    g.ids.insert(item.id);
    references(g, item);
  };
  for (const rule& r : all.rules)
    keep(r);
  for (const precaution& p : all.precautions)
    if (p.from.plugin == core_id)
      keep(p);
  for (const finding& f : all.findings)
    if (f.safety)
      keep(f);
  for (const claim& c : all.claims)
    if (g.ids.contains(c.id))
      references(g, c);
  for (const wording& w : all.texts)
    if (g.ids.contains(w.of))
      g.ids.insert(w.id());
  return std::move(g.ids);
}

template <typename T>
void split(std::vector<T>& all, std::vector<T>& ours) {
  const auto is_other = [](const T& x) { return x.from.plugin != overlay_id; };
  const auto first = std::stable_partition(all.begin(), all.end(), is_other);
  ours.assign(std::make_move_iterator(first), std::make_move_iterator(all.end()));
  all.erase(first, all.end());
}

} // namespace

bool is_rule_id(std::string_view id) {
  return id.starts_with("rf-");
}

void set_aside(overlay_document& said, overlay_entry& e, overlay_standing standing, std::string_view code,
               std::string text, std::string hint) {
  e.standing = standing;
  e.why = text;
  const bool wrong = standing == overlay_standing::refused || standing == overlay_standing::doubled;
  said.problems.push_back({wrong ? severity::error : severity::warning, "kb." + std::string(code), e.where,
                           std::move(text), std::move(hint)});
}

origin origin_of(const overlay_entry& e) {
  return {std::string(overlay_id), "", e.where};
}

void add_change(overlay_document& said, overlay_entry& e, const std::string& field, std::string before,
                std::string now, std::vector<change>& changes) {
  if (const auto known = e.was.find(field); known != e.was.end() && known->second != before)
    said.problems.push_back(
        {severity::warning, "kb.overlay-was", e.where,
         "\"" + field + "\" of \"" + e.statement + "\" was " + quoted(known->second, 200) +
             " when the clinic set it; without the overlay it is now " +
             (before.empty() ? "not given" : quoted(before, 200)) + ". The clinic's own counts",
         "look at it again; `posterior kb reset` takes the clinic's back"});
  changes.push_back(
      {e.statement, field, std::move(before), std::move(now), e.by, e.when, e.reason, origin_of(e)});
}

int phase_of(const overlay_entry& suspension, std::int64_t today) {
  const auto from = parse_date(suspension.when), until = parse_date(suspension.until);
  if (!from || !until || today > *until)
    return 1;
  return today < *from ? -1 : 0;
}

overlay_merger::overlay_merger(merge_options& options)
    : options_(options)
    , said_(options.overlay)
    , changes_(std::move(options.word_changes)) {
  shut_out_doubles(said_);
}

overlay_entry* overlay_merger::entry_at(const place& where) {
  for (overlay_entry& e : said_.entries)
    if (e.deed == overlay_deed::addition && e.where.file == where.file && e.where.line == where.line &&
        e.where.column == where.column)
      return &e;
  return nullptr;
}

// --- additions --------------------------------------------------------------------

void overlay_merger::add_to(std::vector<bundle>& bundles) {
  const auto core = std::find_if(bundles.begin(), bundles.end(),
                                 [](const bundle& b) { return b.about.id == core_id && sound(b); });
  bundle ours;
  ours.about.id = ours.about.name = overlay_id;
  ours.about.prefix = overlay_prefix;
  ours.origin = bundle_origin::home;
  ours.location = options_.folder;
  for (overlay_entry& e : said_.entries) {
    if (!counts(e, overlay_deed::addition))
      continue;
    statements one;
    diagnostics problems;
    read_addition_of(e, core == bundles.end() ? nullptr : &core->words, one, problems);
    if (has_errors(problems)) {
      set_aside(said_, e, overlay_standing::refused, "overlay-invalid", problems.front().text,
                problems.front().hint);
      continue;
    }
    move_statements(one, ours.says);
  }
  bundles.push_back(std::move(ours));
}

// Statements of the bundle at one place, all kinds.
void drop_at(statements& says, const place& where) {
  each_kind(says, [&](std::string_view, auto& list) {
    std::erase_if(list, [&](const auto& item) { return item.from.where == where; });
  });
}

place overlay_merger::inside(place where) const {
  if (where.file.starts_with(options_.folder + "/"))
    where.file.erase(0, options_.folder.size() + 1);
  return where;
}

void overlay_merger::leave_out(bundle& ours, const diagnostic& fault) {
  const place where = inside(fault.where);
  const std::size_t before = count(ours.says);
  drop_at(ours.says, where);
  if (overlay_entry* e = entry_at(where); e != nullptr && e->standing == overlay_standing::in_force)
    set_aside(said_, *e, overlay_standing::refused, "overlay-invalid", fault.text, fault.hint);
  if (count(ours.says) < before)
    return;
  // Nothing stands there: then nothing added can be trusted.
  ours.says = {};
  said_.problems.push_back(fault);
}

std::vector<std::string> overlay_merger::settle(std::vector<bundle>& bundles) {
  std::vector<std::size_t> told;
  for (const bundle& b : bundles)
    told.push_back(b.problems.size());
  while (true) {
    check_together(bundles, collect(bundles));
    auto loops = refuse_loops(bundles);
    const auto orders = refuse_orders(bundles);
    loops.insert(loops.end(), orders.begin(), orders.end());
    const auto ours = std::find_if(bundles.begin(), bundles.end(),
                                   [](const bundle& b) { return b.about.id == overlay_id; });
    if (ours == bundles.end() || !has_errors(ours->problems))
      return loops;
    const diagnostics faults = ours->problems;
    for (std::size_t i = 0; i < bundles.size(); ++i)
      bundles[i].problems.resize(told[i]);
    for (const diagnostic& d : faults)
      if (d.level == severity::error)
        leave_out(*ours, d);
  }
}

void overlay_merger::take_from(std::vector<bundle>& bundles) {
  const auto ours =
      std::find_if(bundles.begin(), bundles.end(), [](const bundle& b) { return b.about.id == overlay_id; });
  if (ours == bundles.end())
    return;
  for (diagnostic& d : ours->problems) {
    d.where = inside(d.where);
    said_.problems.push_back(std::move(d));
  }
  bundles.erase(ours);
}

// --- what is taken out ------------------------------------------------------------

void overlay_merger::withdraw(statements& all, absences& gone) {
  for (const retirement& r : all.retirements)
    gone[r.old] = {"is retired (" + r.reason + ")",
                   r.replaced_by.empty() ? "" : "\"" + r.replaced_by + "\" takes its place"};
  std::map<std::string, overlay_entry*> wanted;
  for (overlay_entry& e : said_.entries)
    if (counts(e, overlay_deed::disable))
      wanted[e.statement] = &e;
  if (wanted.empty())
    return;
  const auto firm = protected_ids(all);
  std::set<std::string> done;
  each_kind(all, [&](std::string_view kind, auto& list) {
    std::erase_if(list, [&](const auto& item) {
      const auto at = wanted.find(id_of(item));
      if (at == wanted.end() || firm.contains(at->first))
        return false;
      if (done.insert(at->first).second)
        withdrawals_.push_back({at->first, std::string(kind), name_in(canonical_text(item)), at->second->by,
                                at->second->when, at->second->reason, origin_of(*at->second)});
      return true;
    });
  });
  for (const auto& [id, e] : wanted)
    if (firm.contains(id))
      set_aside(said_, *e, overlay_standing::refused, "overlay-protected",
                fault("\"" + quoted(id) + "\"", "disabled",
                      "left in force: rules of the core and the safety "
                      "screen need it"),
                is_rule_id(id) ? "a rule can be suspended, for 90 days at most" : "");
    else if (done.contains(id))
      gone[id] = {"the clinic took out", "`posterior kb reset` brings it back"};
    else
      set_aside(said_, *e, overlay_standing::asleep, "overlay-asleep",
                "no statement in force is called \"" + quoted(id) +
                    "\": the entry sleeps until there is one");
}

// --- what beats others ------------------------------------------------------------

// A disagreement among bundles about one statement is settled where the clinic says it.
void settle_tension(std::vector<tension>& tensions, const std::string& statement) {
  std::erase_if(tensions, [&](const tension& t) { return t.id == "tension." + statement; });
}

template <typename T>
void overlay_merger::beat(std::vector<T>& list, const std::vector<T>& ours, std::vector<tension>& tensions) {
  for (const T& mine : ours) {
    const std::string id = mine.id();
    const auto theirs = std::find_if(list.begin(), list.end(), [&](const T& x) { return x.id() == id; });
    settle_tension(tensions, id);
    if (theirs == list.end()) {
      list.push_back(mine);
      continue;
    }
    replaced_[id] = canonical_text(*theirs);
    *theirs = mine;
  }
}

void overlay_merger::combine_all(statements& all) {
  statements ours;
  split(all.links, ours.links);
  split(all.readings, ours.readings);
  split(all.priors, ours.priors);
  split(all.indications, ours.indications);
  combine(all);
  beat(all.links, ours.links, all.tensions);
  beat(all.readings, ours.readings, all.tensions);
  beat(all.priors, ours.priors, all.tensions);
  beat(all.indications, ours.indications, all.tensions);
}

// --- records ----------------------------------------------------------------------

template <typename T>
void overlay_merger::record_addition(const T& item, const std::string& before) {
  overlay_entry* e = entry_at(item.from.where);
  if (e == nullptr)
    return;
  const std::string now = canonical_text(item);
  if (before.empty())
    return add_change(said_, *e, "statement", "", now, changes_);
  const auto was = field_texts(before), is = field_texts(now);
  const auto text_in = [](const std::vector<field_text>& list, const std::string& name) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const field_text& f) { return f.name == name; });
    return found == list.end() ? std::string() : found->text;
  };
  std::set<std::string> names;
  for (const auto* list : {&was, &is})
    for (const field_text& f : *list)
      names.insert(f.name);
  for (const std::string& name : names)
    if (text_in(was, name) != text_in(is, name))
      add_change(said_, *e, name, text_in(was, name), text_in(is, name), changes_);
}

void overlay_merger::record_additions(const statements& all, const std::vector<draft>& drafts) {
  std::set<std::pair<std::string, int>> awake;
  each_kind(all, [&](std::string_view, const auto& list) {
    for (const auto& item : list)
      if (item.from.plugin == overlay_id) {
        awake.emplace(item.from.where.file, item.from.where.line);
        const auto before = replaced_.find(id_of(item));
        record_addition(item, before == replaced_.end() ? "" : before->second);
      }
  });
  for (overlay_entry& e : said_.entries) {
    if (!counts(e, overlay_deed::addition) || awake.contains({e.where.file, e.where.line}))
      continue;
    const bool is_draft =
        std::any_of(drafts.begin(), drafts.end(), [&](const draft& d) { return d.statement == e.statement; });
    e.standing = overlay_standing::asleep;
    e.why = is_draft ? "it is a draft" : "something that it names is not there";
  }
}

void overlay_merger::suspend(statements& all) {
  std::map<std::string, std::vector<overlay_entry*>> of_rule;
  for (overlay_entry& e : said_.entries) {
    if (!counts(e, overlay_deed::suspend))
      continue;
    const int phase = phase_of(e, options_.today);
    const bool known =
        std::any_of(all.rules.begin(), all.rules.end(), [&](const rule& r) { return r.id == e.statement; });
    if (phase > 0)
      set_aside(said_, e, overlay_standing::expired, "overlay-expired",
                "the suspension of \"" + quoted(e.statement) + "\" ended on " + e.until +
                    ": the rule is in force again");
    else if (phase < 0)
      set_aside(said_, e, overlay_standing::refused, "overlay-invalid",
                fault("\"when\" of the suspension of \"" + quoted(e.statement) + "\"", e.when,
                      "today or earlier: a suspension is not decided in advance"));
    else if (!known)
      set_aside(said_, e, overlay_standing::asleep, "overlay-asleep",
                "no red-flag rule is called \"" + quoted(e.statement) +
                    "\": the entry sleeps until there is one");
    else
      of_rule[e.statement].push_back(&e);
  }
  for (const auto& [rule, entries] : of_rule)
    if (entries.size() == 1) {
      const overlay_entry& e = *entries.front();
      all.suspensions.push_back({rule, e.until, e.by, e.when, e.reason, origin_of(e)});
    } else {
      for (overlay_entry* e : entries)
        set_aside(said_, *e, overlay_standing::doubled, "overlay-twice",
                  fault("the rule \"" + rule + "\"",
                        "suspended here and at " + at(*entries[e == entries.front() ? 1 : 0]),
                        "suspended once: neither counts"),
                  "take one of the two entries back");
    }
}

// What two entries did to one field is one change, the later one's.
void overlay_merger::keep_changes(statements& all) {
  std::map<std::string, change> by_id;
  for (change& c : changes_)
    if (const auto [at, fresh] = by_id.emplace(c.id(), c); !fresh) {
      c.before = at->second.before;
      at->second = std::move(c);
    }
  for (auto& [id, c] : by_id)
    all.changes.push_back(std::move(c));
}

void overlay_merger::finish(statements& all, const scale& words, std::vector<draft> drafts,
                            std::vector<change> reviewed) {
  record_additions(all, drafts);
  set_fields(said_, all, words, changes_);
  for (const change& c : changes_)
    settle_tension(all.tensions, c.statement);
  suspend(all);
  std::move(reviewed.begin(), reviewed.end(), std::back_inserter(changes_));
  keep_changes(all);
  std::move(withdrawals_.begin(), withdrawals_.end(), std::back_inserter(all.withdrawals));
  all.drafts = std::move(drafts);
}

void overlay_merger::list_idle(std::vector<dormant>& asleep) const {
  const std::string by(overlay_id);
  for (const overlay_entry& e : said_.entries)
    if (e.standing == overlay_standing::asleep && e.deed != overlay_deed::addition)
      asleep.push_back({std::string(to_string(e.deed)) + "." + e.statement, e.statement, by});
  for (const diagnostic& d : said_.problems)
    if (d.level == severity::error)
      asleep.push_back({to_string(d.where), d.text, by});
  std::sort(asleep.begin(), asleep.end(), [](const dormant& a, const dormant& b) {
    return std::tie(a.statement, a.missing) < std::tie(b.statement, b.missing);
  });
}

std::optional<std::int64_t> overlay_merger::valid_until() const {
  std::optional<std::int64_t> last;
  for (const overlay_entry& e : said_.entries) {
    if (e.deed != overlay_deed::suspend || phase_of(e, options_.today) > 0)
      continue;
    const bool to_come = phase_of(e, options_.today) < 0;
    const std::int64_t day = to_come ? *parse_date(e.when) - 1 : *parse_date(e.until);
    last = last ? std::min(*last, day) : day;
  }
  return last;
}

} // namespace posterior::kb
