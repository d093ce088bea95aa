#include "engine/report/map_layout.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/report/map_layers.hpp"
#include "engine/report/text_width.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

constexpr double text_room = 104; // of a line in a box
constexpr double padding = 6;     // between a box and its text
constexpr double line_height = 1.18 * name_size;
constexpr double arrival = 9.6;   // height that the word of a line needs
constexpr double departure = 3.4; // between lines that leave a box
constexpr double box_gap = 9, lane_gap = 4.5;
constexpr double stretch = 7; // straight part where a line leaves
constexpr double arrow = 8;   // between word and box
constexpr double heading_room = 20;

std::size_t floor_of(kb::state_kind kind) {
  switch (kind) {
  case kb::state_kind::risk:
    return 0;
  case kb::state_kind::cause:
  case kb::state_kind::other:
    return 1;
  case kb::state_kind::impairment:
  case kb::state_kind::symptom:
  case kb::state_kind::home:
    break;
  }
  return 2;
}

layered_graph layers_of(const kb::causal_map& m) {
  std::vector<graph_node> nodes;
  for (const kb::map_state& s : m.states)
    nodes.push_back({floor_of(s.what->kind),
                     s.what->kind == kb::state_kind::symptom || s.what->kind == kb::state_kind::home});
  std::vector<graph_edge> edges;
  for (const kb::map_link& l : m.links)
    edges.push_back({l.from, l.to, l.what->cut});
  return layers_of(nodes, edges);
}

// Middles of things that stand below each other in a fixed order, each as near as can be to where it would
// like to be, at least `apart[i]` below the one before: isotonic regression by pooling.
std::vector<double> placed(const std::vector<double>& wishes, const std::vector<double>& weights,
                           const std::vector<double>& apart) {
  struct pool {
    double sum, weight;
    std::size_t count;
    double mean() const { return sum / weight; }
  };
  std::vector<pool> pools;
  std::vector<double> shift(wishes.size());
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    shift[i] = (i == 0 ? 0 : shift[i - 1]) + apart[i];
    pools.push_back({(wishes[i] - shift[i]) * weights[i], weights[i], 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean() >= pools.back().mean()) {
      const pool last = pools.back();
      pools.pop_back();
      pools.back().sum += last.sum;
      pools.back().weight += last.weight;
      pools.back().count += last.count;
    }
  }
  std::vector<double> out;
  for (const pool& p : pools)
    for (std::size_t k = 0; k < p.count; ++k)
      out.push_back(p.mean() + shift[out.size()]);
  return out;
}

class planner {
public:
  planner(const kb::causal_map& m, const std::vector<std::string>& words)
      : m_(m)
      , words_(words)
      , g_(layers_of(m))
      , states_(m.states.size())
      , height_(g_.spots.size(), 0)
      , y_(g_.spots.size(), 0)
      , arrivals_(g_.spots.size())
      , departures_(g_.spots.size()) {}

  map_layout run() {
    make_ports();
    make_boxes();
    stack();
    for (int i = 0; i < 10; ++i)
      relax(i % 2 == 0);
    to_the_top();
    make_columns();
    make_lines();
    return std::move(out_);
  }

private:
  bool is_lane(std::size_t spot) const { return spot >= states_; }
  double word_width(std::size_t e) const {
    return text_width(words_[e], word_size) + (m_.links[e].disputed ? sign_width : 0) + 4;
  }

  // Lines at a box stand in the order of what they come from or go to.
  void make_ports() {
    for (std::size_t e = 0; e < g_.chains.size(); ++e) {
      const auto& chain = g_.chains[e];
      departures_[chain.front()].push_back({g_.spots[chain[1]].order, e});
      arrivals_[chain.back()].push_back({g_.spots[chain[chain.size() - 2]].order, e});
    }
    for (auto* side : {&departures_, &arrivals_})
      for (auto& list : *side)
        std::sort(list.begin(), list.end());
  }

  void make_boxes() {
    for (std::size_t v = 0; v < states_; ++v) {
      map_box box;
      const bool bold = m_.states[v].what->kind == kb::state_kind::cause;
      box.lines = lines_of(m_.states[v].what->name, name_size, text_room, bold);
      double widest = 40;
      for (const std::string& line : box.lines)
        widest = std::max(widest, text_width(line, name_size, bold));
      box.at.width = widest + 2 * padding;
      box.at.height = std::max({static_cast<double>(box.lines.size()) * line_height + padding,
                                static_cast<double>(arrivals_[v].size()) * arrival + 3,
                                static_cast<double>(departures_[v].size()) * departure + 6, 18.0});
      height_[v] = box.at.height;
      out_.boxes.push_back(std::move(box));
    }
    for (std::size_t v = states_; v < height_.size(); ++v)
      height_[v] = 1;
  }

  double apart(std::size_t above, std::size_t below) const {
    return (height_[above] + height_[below]) / 2 + (is_lane(above) || is_lane(below) ? lane_gap : box_gap);
  }

  void stack() {
    for (const auto& list : g_.layers)
      for (std::size_t i = 0; i < list.size(); ++i)
        y_[list[i]] = i == 0 ? height_[list[0]] / 2 : y_[list[i - 1]] + apart(list[i - 1], list[i]);
  }

  // How far below the middle of its box a line leaves or arrives.
  double offset(const std::vector<std::pair<std::size_t, std::size_t>>& ports, std::size_t e,
                std::size_t spot) const {
    const auto at = std::find_if(ports.begin(), ports.end(), [&](const auto& p) { return p.second == e; });
    if (at == ports.end() || is_lane(spot))
      return 0;
    const double step = (height_[spot] - 3) / static_cast<double>(ports.size());
    return (static_cast<double>(at - ports.begin()) + 0.5) * step - (height_[spot] - 3) / 2;
  }
  double leaves(std::size_t e, std::size_t spot) const {
    return y_[spot] + offset(departures_[spot], e, spot);
  }
  double arrives(std::size_t e, std::size_t spot) const {
    return y_[spot] + offset(arrivals_[spot], e, spot);
  }

  // Each column moves to where the lines from the one before it (or behind it) come straight.
  void relax(bool onward) {
    std::vector<double> wish(y_.size(), 0), weight(y_.size(), 0);
    for (std::size_t e = 0; e < g_.chains.size(); ++e)
      for (std::size_t i = 0; i + 1 < g_.chains[e].size(); ++i) {
        const std::size_t a = g_.chains[e][i], b = g_.chains[e][i + 1];
        const double force = is_lane(a) && is_lane(b) ? 8 : is_lane(a) || is_lane(b) ? 2 : 1;
        const std::size_t moved = onward ? b : a;
        wish[moved] += force * (onward ? leaves(e, a) - (arrives(e, b) - y_[b])
                                       : arrives(e, b) - (leaves(e, a) - y_[a]));
        weight[moved] += force;
      }
    for (const auto& list : g_.layers) {
      std::vector<double> wishes, weights, gaps;
      for (std::size_t i = 0; i < list.size(); ++i) {
        const std::size_t v = list[i];
        wishes.push_back(weight[v] > 0 ? wish[v] / weight[v] : y_[v]);
        weights.push_back(weight[v] > 0 ? weight[v] : 0.05);
        gaps.push_back(i == 0 ? 0 : apart(list[i - 1], v));
      }
      const std::vector<double> found = placed(wishes, weights, gaps);
      for (std::size_t i = 0; i < list.size(); ++i)
        y_[list[i]] = found[i];
    }
  }

  void to_the_top() {
    double top = 1e9, end = 0;
    for (std::size_t v = 0; v < y_.size(); ++v)
      top = std::min(top, y_[v] - height_[v] / 2);
    for (std::size_t v = 0; v < y_.size(); ++v) {
      y_[v] += heading_room - top;
      end = std::max(end, y_[v] + height_[v] / 2);
    }
    out_.height = end;
  }

  std::string heading_of(const std::vector<std::size_t>& list) const {
    std::set<kb::state_kind> kinds;
    for (const std::size_t v : list)
      if (!is_lane(v))
        kinds.insert(m_.states[v].what->kind);
    std::vector<std::string> names;
    for (const kb::state_kind k : kinds)
      names.push_back(plural_of(k));
    return listing(names);
  }

  // A channel is as wide as its steepest line and its longest word ask for.
  double channel_before(std::size_t layer) {
    double steepest = 0, word = 0;
    for (std::size_t e = 0; e < g_.chains.size(); ++e)
      for (std::size_t i = 0; i + 1 < g_.chains[e].size(); ++i) {
        const std::size_t a = g_.chains[e][i], b = g_.chains[e][i + 1];
        if (g_.spots[b].layer != layer)
          continue;
        steepest = std::max(steepest, std::fabs(leaves(e, a) - arrives(e, b)));
        if (!is_lane(b))
          word = std::max(word, word_width(e));
      }
    word_zone_.push_back(word + arrow);
    return stretch + std::clamp(12 + 0.14 * steepest, 20.0, 66.0) + word + arrow;
  }

  void make_columns() {
    double x = 0;
    word_zone_ = {0};
    for (std::size_t l = 0; l < g_.layers.size(); ++l) {
      if (l > 0)
        x += channel_before(l);
      double width = 8;
      for (const std::size_t v : g_.layers[l])
        if (!is_lane(v))
          width = std::max(width, out_.boxes[v].at.width);
      for (const std::size_t v : g_.layers[l])
        if (!is_lane(v))
          out_.boxes[v].at = {x, y_[v] - height_[v] / 2, width, height_[v]};
      out_.columns.push_back({x, width, heading_of(g_.layers[l])});
      x += width;
    }
    out_.width = x;
  }

  void make_lines() {
    for (std::size_t e = 0; e < g_.chains.size(); ++e) {
      map_line line;
      line.reversed = g_.reversed[e];
      line.word = words_[e];
      const auto& chain = g_.chains[e];
      for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        const map_column &here = out_.columns[g_.spots[chain[i]].layer],
                         &there = out_.columns[g_.spots[chain[i + 1]].layer];
        const double from = leaves(e, chain[i]), to = arrives(e, chain[i + 1]);
        line.path.push_back({here.x + here.width, from});
        line.path.push_back({here.x + here.width + stretch, from});
        line.path.push_back({there.x - word_zone_[g_.spots[chain[i + 1]].layer], to});
        line.path.push_back({there.x, to});
      }
      const map_point end = line.path.back();
      const double width = word_width(e);
      line.word_at = {end.x - arrow - width, end.y - arrival / 2, width, arrival};
      out_.lines.push_back(std::move(line));
    }
  }

  const kb::causal_map& m_;
  const std::vector<std::string>& words_;
  layered_graph g_;
  std::size_t states_;
  std::vector<double> height_, y_; // of each spot; y of its middle
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> arrivals_, departures_; // order, link
  std::vector<double> word_zone_;                                                       // before each layer
  map_layout out_;
};

} // namespace

map_layout lay_out(const kb::causal_map& m, const std::vector<std::string>& words) {
  return m.states.empty() ? map_layout{} : planner(m, words).run();
}

std::string plural_of(kb::state_kind kind) {
  switch (kind) {
  case kb::state_kind::risk:
    return "risks";
  case kb::state_kind::cause:
    return "causes";
  case kb::state_kind::impairment:
    return "impairments";
  case kb::state_kind::symptom:
    return "symptoms";
  case kb::state_kind::other:
    return "other conditions";
  case kb::state_kind::home:
    break;
  }
  return "unexplained symptoms";
}

} // namespace posterior::report
