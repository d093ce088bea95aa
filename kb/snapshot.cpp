#include "kb/snapshot.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <tuple>

namespace posterior::kb {
namespace {

constexpr auto own_id = [](const auto& item) -> std::string_view { return item.id; };
constexpr auto about = [](const auto& item) -> std::string_view { return item.statement; };
constexpr auto ruled = [](const suspension& s) -> std::string_view { return s.rule; };
constexpr auto retired = [](const retirement& r) -> std::string_view { return r.old; };

template <typename T, typename Key>
const T* by_key(const std::vector<T>& list, std::string_view id, Key key) {
  const auto at = std::lower_bound(list.begin(), list.end(), id, [&](const T& item, std::string_view wanted) {
    return key(item) < wanted;
  });
  return at != list.end() && key(*at) == id ? &*at : nullptr;
}

template <typename T>
const T* by_id(const std::vector<T>& list, std::string_view id) {
  return by_key(list, id, own_id);
}

// Mostly sorted already: what comes from the store is, and moving large statements about is slow.
template <typename T, typename Key>
void sort_by(std::vector<T>& list, Key key) {
  const auto before = [&](const T& a, const T& b) { return key(a) < key(b); };
  if (std::is_sorted(list.begin(), list.end(), before))
    return;
  // Places are sorted, and each statement is moved once.
  std::vector<std::size_t> order(list.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return before(list[a], list[b]); });
  std::vector<T> sorted;
  sorted.reserve(list.size());
  for (const std::size_t at : order)
    sorted.push_back(std::move(list[at]));
  list = std::move(sorted);
}

// The run of `list`, sorted by `key`, whose key is `wanted`, as pointers.
template <typename Out, typename List, typename Key>
std::vector<const Out*> run_of(const List& list, std::string_view wanted, Key key) {
  std::vector<const Out*> out;
  auto at = std::lower_bound(list.begin(), list.end(), wanted,
                             [&](const auto& item, std::string_view w) { return key(item) < w; });
  for (; at != list.end() && key(*at) == wanted; ++at) {
    if constexpr (std::is_pointer_v<typename List::value_type>)
      out.push_back(*at);
    else
      out.push_back(&*at);
  }
  return out;
}

} // namespace

void sort(statements& s) {
  const auto by_own_id = [](auto&... lists) { (sort_by(lists, own_id), ...); };
  by_own_id(s.sources, s.claims, s.tools, s.sites, s.families, s.states, s.findings, s.rules, s.exercises,
            s.precautions, s.sequences, s.tensions);
  sort_by(s.theories, [](const theory& t) { return std::string_view(t.from.plugin); });
  sort_by(s.readings, [](const observes& o) { return std::tie(o.finding, o.state); });
  sort_by(s.links,
          [](const link& l) { return std::tie(l.source, l.target, l.opposite, l.only_with, l.unless); });
  sort_by(s.priors, [](const prior& p) {
    return std::tuple(std::string_view(p.state), std::string_view(p.setting), std::string_view(p.sex),
                      p.age ? p.age->min : -1.0, p.age ? p.age->max : -1.0);
  });
  sort_by(s.indications, [](const indication& i) { return std::tie(i.exercise, i.cause); });
  sort_by(s.texts, [](const wording& w) { return std::tie(w.of, w.patient, w.lang); });
  sort_by(s.messages, [](const message& m) { return std::tie(m.from.plugin, m.key); });
  sort_by(s.changes, [](const change& c) { return std::tie(c.statement, c.field); });
  sort_by(s.suspensions, ruled);
  sort_by(s.retirements, retired);
  const auto by_statement = [](auto&... lists) { (sort_by(lists, about), ...); };
  by_statement(s.withdrawals, s.drafts);
}

const source* snapshot::find_source(std::string_view id) const {
  return by_id(all.sources, id);
}
const claim* snapshot::find_claim(std::string_view id) const {
  return by_id(all.claims, id);
}
const equipment* snapshot::find_equipment(std::string_view id) const {
  return by_id(all.tools, id);
}
const site* snapshot::find_site(std::string_view id) const {
  return by_id(all.sites, id);
}
const family* snapshot::find_family(std::string_view id) const {
  return by_id(all.families, id);
}
const state* snapshot::find_state(std::string_view id) const {
  return by_id(all.states, id);
}

const finding* snapshot::find_finding(std::string_view id) const {
  if (const finding* f = by_id(all.findings, id))
    return f;
  const auto at =
      std::lower_bound(aliases_.begin(), aliases_.end(), id,
                       [](const auto& pair, std::string_view wanted) { return pair.first < wanted; });
  return at != aliases_.end() && at->first == id ? at->second : nullptr;
}

const rule* snapshot::find_rule(std::string_view id) const {
  return by_id(all.rules, id);
}
const exercise* snapshot::find_exercise(std::string_view id) const {
  return by_id(all.exercises, id);
}
const precaution* snapshot::find_precaution(std::string_view id) const {
  return by_id(all.precautions, id);
}
const sequence* snapshot::find_sequence(std::string_view id) const {
  return by_id(all.sequences, id);
}
const tension* snapshot::find_tension(std::string_view id) const {
  return by_id(all.tensions, id);
}

const theory* snapshot::find_theory(std::string_view plugin) const {
  return by_key(all.theories, plugin, [](const theory& t) -> std::string_view { return t.from.plugin; });
}

const message* snapshot::find_message(std::string_view plugin, std::string_view key) const {
  const auto wanted = std::tie(plugin, key);
  const auto at =
      std::lower_bound(all.messages.begin(), all.messages.end(), wanted, [](const message& m, const auto& w) {
        return std::pair<std::string_view, std::string_view>(m.from.plugin, m.key) <
               std::pair(std::get<0>(w), std::get<1>(w));
      });
  return at != all.messages.end() && at->from.plugin == plugin && at->key == key ? &*at : nullptr;
}

const suspension* snapshot::find_suspension(std::string_view id) const {
  return by_key(all.suspensions, id, ruled);
}
const withdrawal* snapshot::find_withdrawal(std::string_view id) const {
  return by_key(all.withdrawals, id, about);
}
const draft* snapshot::find_draft(std::string_view id) const {
  return by_key(all.drafts, id, about);
}
const retirement* snapshot::find_retirement(std::string_view old_id) const {
  return by_key(all.retirements, old_id, retired);
}

const plugin_entry* snapshot::find_plugin(std::string_view id) const {
  return by_key(plugins, id, [](const plugin_entry& p) -> std::string_view { return p.about.id; });
}

std::vector<const observes*> snapshot::readings_of(std::string_view finding) const {
  return run_of<observes>(all.readings, finding,
                          [](const observes& o) -> std::string_view { return o.finding; });
}

std::vector<const prior*> snapshot::priors_of(std::string_view state) const {
  return run_of<prior>(all.priors, state, [](const prior& p) -> std::string_view { return p.state; });
}

std::vector<const wording*> snapshot::texts_of(std::string_view id) const {
  return run_of<wording>(all.texts, id, [](const wording& w) -> std::string_view { return w.of; });
}

std::vector<const link*> snapshot::links_from(std::string_view state) const {
  return run_of<link>(all.links, state, [](const link& l) -> std::string_view { return l.source; });
}

std::vector<const link*> snapshot::links_to(std::string_view state) const {
  return run_of<link>(by_target_, state, [](const link* l) -> std::string_view { return l->target; });
}

std::vector<const indication*> snapshot::indications_for(std::string_view cause) const {
  return run_of<indication>(by_cause_, cause,
                            [](const indication* i) -> std::string_view { return i->cause; });
}

std::vector<const indication*> snapshot::indications_of(std::string_view exercise) const {
  return run_of<indication>(all.indications, exercise,
                            [](const indication& i) -> std::string_view { return i.exercise; });
}

std::vector<const change*> snapshot::changes_of(std::string_view statement) const {
  return run_of<change>(all.changes, statement, about);
}

std::span<const contribution> snapshot::contributions_to(std::string_view statement) const {
  const auto by_statement = [](const contribution& c, std::string_view wanted) {
    return std::string_view(c.statement) < wanted;
  };
  const auto begin = std::lower_bound(said_apart.begin(), said_apart.end(), statement, by_statement);
  const auto end =
      std::find_if(begin, said_apart.end(), [&](const contribution& c) { return c.statement != statement; });
  return {begin, end};
}

struct snapshot::made_once {
  std::once_flag users_made;
  usage users;
};

const usage& snapshot::users() const {
  static const usage none;
  if (!made_)
    return none;
  std::call_once(made_->users_made, [this] { made_->users = usage(all); });
  return made_->users;
}

std::shared_ptr<const snapshot> index(snapshot&& merged) {
  auto out = std::make_shared<snapshot>(std::move(merged));
  out->made_ = std::make_shared<snapshot::made_once>();
  sort(out->all);
  sort_by(out->plugins, [](const plugin_entry& p) { return std::string_view(p.about.id); });
  for (const finding& f : out->all.findings)
    for (const std::string& alias : f.aliases)
      out->aliases_.emplace_back(alias, &f);
  std::sort(out->aliases_.begin(), out->aliases_.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const link& l : out->all.links)
    out->by_target_.push_back(&l);
  sort_by(out->by_target_,
          [](const link* l) { return std::tie(l->target, l->source, l->opposite, l->only_with, l->unless); });
  for (const indication& i : out->all.indications)
    out->by_cause_.push_back(&i);
  sort_by(out->by_cause_, [](const indication* i) { return std::tie(i->cause, i->exercise); });
  return out;
}

std::string summary(const snapshot& s) {
  const statements& a = s.all;
  const std::pair<const char*, std::size_t> counts[] = {
      {"states", a.states.size()},
      {"findings", a.findings.size()},
      {"links", a.links.size()},
      {"readings", a.readings.size()},
      {"red-flag rules", a.rules.size()},
      {"exercises", a.exercises.size()},
      {"indications", a.indications.size()},
      {"precautions", a.precautions.size()},
      {"sequencing rules", a.sequences.size()},
      {"tensions", a.tensions.size()},
      {"claims", a.claims.size()},
      {"sources", a.sources.size()},
  };
  std::string out;
  for (const auto& [name, count] : counts)
    out += (out.empty() ? "" : ", ") + std::string(name) + ": " + std::to_string(count);
  return out;
}

} // namespace posterior::kb
