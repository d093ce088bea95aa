#include "engine/inference/graded.hpp"

#include <algorithm>

namespace posterior::inference {
namespace {

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

// The one grade that is possible, -1 if there are more or none.
int only_grade(const std::vector<double>& likelihood) {
  int found = -1;
  for (std::size_t v = 0; v < likelihood.size(); ++v) {
    if (!(likelihood[v] > 0))
      continue;
    if (found >= 0)
      return -1;
    found = static_cast<int>(v);
  }
  return found;
}

bool same_for_all(const std::vector<double>& likelihood) {
  return std::all_of(likelihood.begin(), likelihood.end(), [&](double x) { return x == likelihood.front(); });
}

class reducer {
public:
  reducer(const network_question& q, std::span<const std::size_t> rows)
      : q_(q)
      , rows_(rows)
      , out_{q.net, {}} {
    std::vector<bool> is_graded(q.net.leak.size());
    for (const graded_leaf& g : q.graded)
      is_graded[ix(g.node)] = true;
    for (std::size_t row : rows)
      if (const observation& o = q.seen[row]; !is_graded[ix(o.node)])
        out_.seen.push_back({o.node, o.likelihood[0], o.likelihood[1]});
  }

  void add(const graded_leaf& leaf) {
    const std::vector<double> likelihood = likelihood_of(q_, rows_, leaf);
    const int grade = only_grade(likelihood);
    if (grade >= 0 && leaf.grades() > 1)
      add_grade(leaf, grade, likelihood[static_cast<std::size_t>(grade)]);
    else if (needs_table(likelihood))
      add_table(leaf, likelihood);
    else if (likelihood.front() != 1)
      out_.seen.push_back({leaf.node, likelihood.front(), likelihood.front()});
  }

  plain_query take() { return std::move(out_); }

private:
  void add_grade(const graded_leaf& leaf, int v, double weight) {
    const double leak_at_most = at_most(leaf.leak, v), weighed = weight * leak_at_most;
    for (const graded_leaf::link& l : leaf.links) {
      const double c = at_most(l.p, v), p = l.p[static_cast<std::size_t>(v)];
      if (c != 1)
        out_.seen.push_back({l.from, 1, c});
      if (v > 0 && p > 0)
        out_.net.links.push_back({l.from, leaf.node, p / c});
    }
    if (v == 0) {
      out_.seen.push_back({leaf.node, weighed, 0});
      return;
    }
    if (leak_at_most > 0)
      out_.net.leak[ix(leaf.node)] = leaf.leak[static_cast<std::size_t>(v)] / leak_at_most;
    out_.seen.push_back({leaf.node, 0, weighed});
  }

  void add_table(const graded_leaf& leaf, const std::vector<double>& likelihood) {
    network::table t{leaf.node, {}, {}};
    for (const graded_leaf::link& l : leaf.links)
      t.parents.push_back(l.from);
    double largest = 0;
    for (unsigned c = 0; c < (1u << leaf.links.size()); ++c) {
      double sum = 0;
      for (std::size_t v = 0; v < likelihood.size(); ++v)
        sum += likelihood[v] * grade_given(leaf, static_cast<int>(v), c);
      t.present.push_back(sum);
      largest = std::max(largest, sum);
    }
    if (largest > 0)
      for (double& x : t.present)
        x /= largest;
    out_.net.tables.push_back(std::move(t));
    out_.seen.push_back({leaf.node, 0, largest});
  }

  const network_question& q_;
  std::span<const std::size_t> rows_;
  plain_query out_;
};

} // namespace

std::vector<double> likelihood_of(const network_question& q, std::span<const std::size_t> rows,
                                  const graded_leaf& leaf) {
  std::vector<double> out(leaf.grades(), 1.0);
  for (std::size_t row : rows)
    if (q.seen[row].node == leaf.node)
      for (std::size_t v = 0; v < out.size(); ++v)
        out[v] *= q.seen[row].likelihood[v];
  return out;
}

bool needs_table(const std::vector<double>& likelihood) {
  return only_grade(likelihood) < 0 && !same_for_all(likelihood);
}

plain_query reduce(const network_question& q, std::span<const std::size_t> rows) {
  reducer r(q, rows);
  for (const graded_leaf& leaf : q.graded)
    r.add(leaf);
  return r.take();
}

double at_most(const std::vector<double>& distribution, int v) {
  double sum = 0;
  for (int g = 0; g <= v; ++g)
    sum += distribution[static_cast<std::size_t>(g)];
  return v + 1 == static_cast<int>(distribution.size()) ? 1 : sum;
}

double grade_given(const graded_leaf& leaf, int v, unsigned present) {
  // Contribution by contribution: nothing has reached v yet (all below it), or something has (none above).
  double below = at_most(leaf.leak, v - 1), reached = leaf.leak[static_cast<std::size_t>(v)];
  for (std::size_t i = 0; i < leaf.links.size(); ++i) {
    if (((present >> i) & 1) == 0)
      continue;
    const std::vector<double>& p = leaf.links[i].p;
    reached = reached * at_most(p, v) + below * p[static_cast<std::size_t>(v)];
    below *= at_most(p, v - 1);
  }
  return reached;
}

} // namespace posterior::inference
