// Orders of exercises that no session could follow: a before b by one rule, b before a by another, straight
// or over others. A rule that names a phase speaks of every exercise of that phase that it does not name
// itself. The causes and findings of rules do not matter: nobody can tell apart two rules of which only one
// ever holds, so they must agree too. Where a later bundle's exercise has a phase that makes the rules before
// it disagree, no rule is to blame: the planner lets such exercises stand as without rules.
#include <deque>
#include <optional>

#include "kb/merge_graph.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::kb {
namespace {

// Between two groups lies a node of its own, so that the arcs grow with the groups and not with their
// product.
constexpr char between = '#';

class order_graph {
public:
  explicit order_graph(std::deque<std::string>& names)
      : names_(names) {}

  graph<sequence> up_to(std::vector<bundle>& bundles, int level) {
    std::vector<arc<sequence>> rules;
    phase_.clear();
    named_.clear();
    for (bundle& b : bundles) {
      if (!sound(b) || tier(b) > level)
        continue;
      for (const exercise& e : b.says.exercises)
        phase_.emplace(e.id, e.stage);
      for (const sequence& s : b.says.sequences)
        if (!s.order.empty())
          rules.push_back({&s, &b});
    }
    for (const arc<sequence>& r : rules)
      for (const exercise_group& g : r.statement->order)
        named_.insert(g.exercises.begin(), g.exercises.end());
    graph<sequence> out;
    for (const arc<sequence>& r : rules)
      enter(out, r);
    return out;
  }

private:
  void enter(graph<sequence>& out, const arc<sequence>& rule) {
    std::set<std::string_view> own;
    for (const exercise_group& g : rule.statement->order)
      own.insert(g.exercises.begin(), g.exercises.end());
    std::optional<std::string_view> before;
    for (const exercise_group& g : rule.statement->order) {
      const auto members = members_of(g, own);
      if (members.empty())
        continue;
      if (before)
        for (const std::string_view m : members)
          out[*before][m].push_back(rule);
      const std::string_view after =
          names_.emplace_back(rule.statement->id + between + std::to_string(names_.size()));
      if (before)
        out[*before][after].push_back(rule);
      for (const std::string_view m : members)
        out[m][after].push_back(rule);
      before = after;
    }
  }

  std::vector<std::string_view> members_of(const exercise_group& g,
                                           const std::set<std::string_view>& own) const {
    std::vector<std::string_view> out(g.exercises.begin(), g.exercises.end());
    if (g.phases.empty())
      return out;
    for (const phase p : g.phases)
      out.push_back(to_string(p));
    for (const std::string_view id : named_) {
      const auto at = phase_.find(id);
      if (at != phase_.end() && !own.contains(id) &&
          std::find(g.phases.begin(), g.phases.end(), at->second) != g.phases.end())
        out.push_back(id);
    }
    return out;
  }

  std::deque<std::string>& names_;
  std::map<std::string_view, phase> phase_;
  std::set<std::string_view> named_; // by any rule
};

std::string named(const graph<sequence>& g, const std::vector<std::string_view>& loop) {
  std::vector<std::string_view> members;
  for (const std::string_view node : loop)
    if (node.find(between) == std::string_view::npos)
      members.push_back(node);
  if (members.front() != members.back() || members.size() == 1)
    members.push_back(members.front());
  std::string out;
  for (const std::string_view m : members)
    out += (out.empty() ? "" : " before ") + std::string(m);
  out += " (" + joined_along(g, loop, [](const sequence& s) { return std::vector{s.id}; });
  const std::string cited = joined_along(g, loop, [](const sequence& s) { return s.rests_on.claims; });
  return out + (cited.empty() ? ")" : "; claims " + cited + ")");
}

void refuse_order(bundle& b, const sequence& s, const std::string& loop) {
  refuse(b, s.from.where, "order-loop",
         fault("the sequence \"" + s.id + "\"", "part of the loop " + loop,
               "an order that a session can follow"),
         "take out or turn round one of the two");
}

} // namespace

std::vector<std::string> refuse_orders(std::vector<bundle>& bundles) {
  std::deque<std::string> names;
  order_graph orders(names);
  return refuse_all_loops<sequence>([&](int level) { return orders.up_to(bundles, level); }, named,
                                    refuse_order);
}

} // namespace posterior::kb
