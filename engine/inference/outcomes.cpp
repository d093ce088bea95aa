// A measured value is integrated over at most seven bins. Their middles are the two (log-)normals' means, one
// sd beyond each, and the quarters between them; a bin reaches halfway to the next middle. How often a value
// falls into a bin follows from the normals, what it says is what the engine would make of the value in the
// middle, clipping included. So an outcome's posterior is the one that recording that value gives.
#include "engine/inference/outcomes.hpp"

#include <algorithm>
#include <map>

#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

constexpr double adult_age = 18;

// A measured value's bins: middles in ascending order, and how likely each bin is.
struct bins {
  std::vector<double> middle;
  std::vector<pair> mass;
};

template <typename Row>
const Row* row_for(const std::map<std::string, Row>& rows, const cases::patient& who) {
  const auto own = rows.find(std::string(to_string(who.sex_is)));
  return own != rows.end() ? &own->second : rows.empty() ? nullptr : &rows.begin()->second;
}

// P(the value lies in the bin of middle k), around `mean`.
double share(const std::vector<double>& middle, std::size_t k, double mean, double sd) {
  const double from = k == 0 ? 0 : normal_below(((middle[k - 1] + middle[k]) / 2 - mean) / sd);
  const double to = k + 1 == middle.size() ? 1 : normal_below(((middle[k] + middle[k + 1]) / 2 - mean) / sd);
  return std::max(0.0, to - from);
}

bins of_normals(const kb::normal_reading& n) {
  const double low = std::min(n.absent, n.present), high = std::max(n.absent, n.present);
  bins out;
  for (double x : {low - n.sd, low, low + (high - low) / 4, (low + high) / 2, high - (high - low) / 4, high,
                   high + n.sd})
    if (out.middle.empty() || x > out.middle.back())
      out.middle.push_back(x);
  for (std::size_t k = 0; k < out.middle.size(); ++k)
    out.mass.push_back({share(out.middle, k, n.absent, n.sd), share(out.middle, k, n.present, n.sd)});
  return out;
}

bins of_log_normals(const kb::normal_reading& n) {
  bins out = of_normals({log(n.absent), log(n.present), n.sd, n.clip});
  for (double& x : out.middle)
    x = exp(x);
  return out;
}

// A table of ratios does not say how often its values occur: the values that speak most either way stand for
// all, as often as two outcomes with these ratios must occur.
bins of_ratios(const kb::ratio_reading& r) {
  const auto by_ratio = [](const auto& a, const auto& b) { return a[1] < b[1]; };
  const auto [least, most] = std::minmax_element(r.points.begin(), r.points.end(), by_ratio);
  const double low = (*least)[1], high = (*most)[1];
  if (!(low < 1 && high > 1))
    return {};
  const double false_positive = (1 - low) / (high - low);
  const pair against{1 - false_positive, low * (1 - false_positive)},
      in_favour{false_positive, high * false_positive};
  if ((*least)[0] < (*most)[0])
    return {{(*least)[0], (*most)[0]}, {against, in_favour}};
  return {{(*most)[0], (*least)[0]}, {in_favour, against}};
}

bins bins_of(const kb::observes& o, const cases::patient& who) {
  if (who.age && *who.age < adult_age)
    return {};
  if (const auto* n = row_for(o.normals, who))
    return of_normals(*n);
  if (const auto* n = row_for(o.log_normals, who))
    return of_log_normals(*n);
  const auto* r = row_for(o.ratios, who);
  return r ? of_ratios(*r) : bins{};
}

// Two readings of one finding may be about one node.
void hear(said& s, const evidence::addition& a) {
  s.mass = {s.mass.absent * a.says.absent, s.mass.present * a.says.present};
  s.counts = {s.counts.absent * a.counts.absent, s.counts.present * a.counts.present};
}

class maker {
public:
  maker(const kb::snapshot& knowledge, const cases::picture& picture, const evidence& seen)
      : knowledge_(knowledge)
      , picture_(picture)
      , seen_(seen) {}

  void add(const kb::finding& f, side where);
  std::vector<question> take() { return std::move(out_); }

private:
  std::vector<cases::settled> answers(const kb::finding& f, side where) const;
  bins values(const kb::finding& f) const;

  const kb::snapshot& knowledge_;
  const cases::picture& picture_;
  const evidence& seen_;
  std::vector<question> out_;
};

bins maker::values(const kb::finding& f) const {
  for (const kb::observes* o : knowledge_.readings_of(f.id))
    if (bins b = bins_of(*o, picture_.who); !b.middle.empty())
      return b;
  return {};
}

std::vector<cases::settled> maker::answers(const kb::finding& f, side where) const {
  std::vector<cases::settled> out;
  const auto add = [&] {
    out.emplace_back();
    out.back().finding = f.id;
    out.back().where = where;
  };
  for (double v : values(f).middle) {
    add();
    v = f.bounds ? std::clamp(v, f.bounds->min, f.bounds->max) : v;
    out.back().value = v;
    out.back().state = cases::state_of_value(f, picture_.who, v);
  }
  for (std::size_t k = 0; out.empty() && k < f.levels.size(); ++k) {
    add();
    out.back().level = static_cast<int>(k);
    out.back().state = k > 0 ? cases::truth::present : cases::truth::absent;
  }
  if (!out.empty())
    return out;
  for (cases::truth t : {cases::truth::present, cases::truth::absent}) {
    add();
    out.back().state = t;
  }
  return out;
}

bool same(const std::vector<said>& a, const std::vector<said>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const said& x, const said& y) {
    return x.mass.absent == y.mass.absent && x.mass.present == y.mass.present &&
           x.counts.absent == y.counts.absent && x.counts.present == y.counts.present;
  });
}

bool on_the_side_of_present(const possible_outcome& o) {
  if (!o.answer.value)
    return o.answer.state == cases::truth::present;
  const pair& first = o.says[0].counts;
  return first.present > first.absent;
}

} // namespace

// One half plus phi(x) (x + x^3/3 + x^5/15 + ...), which has only positive terms for x > 0.
double normal_below(double x) {
  if (x < 0)
    return 1 - normal_below(-x);
  if (x > 8)
    return 1;
  double term = x, sum = x;
  for (int k = 1; k < 200 && term > sum * 1e-12; ++k) {
    term *= x * x / (2 * k + 1);
    sum += term;
  }
  return std::min(1.0, 0.5 + 0.3989422804014327 * exp(-x * x / 2) * sum);
}

bool may_be_asked(const kb::finding& f) {
  return !f.derived && !f.safety && f.kind != kb::finding_kind::attribute &&
         f.kind != kb::finding_kind::safety;
}

std::vector<std::vector<said>> said_in(const question& x, const evidence& seen, const parameters& p, int i) {
  std::vector<std::vector<said>> out;
  for (std::size_t k = 0; k < x.outcomes.size(); ++k) {
    std::vector<said> says(x.nodes.size());
    for (const evidence::addition& a : seen.one_more(x.outcomes[k].answer, p, i)) {
      const auto n = std::find(x.nodes.begin(), x.nodes.end(), a.node);
      if (n != x.nodes.end())
        hear(says[static_cast<std::size_t>(n - x.nodes.begin())], a);
    }
    if (x.outcomes[k].answer.value)
      for (std::size_t n = 0; n < x.nodes.size(); ++n)
        says[n].mass = x.outcomes[k].says[n].mass;
    out.push_back(std::move(says));
  }
  return out;
}

void maker::add(const kb::finding& f, side where) {
  question x{&f, where, {}, {}};
  std::vector<std::vector<evidence::addition>> says;
  const parameters means(0);
  for (cases::settled& a : answers(f, where)) {
    says.push_back(seen_.one_more(a, means, -1));
    for (const auto& s : says.back())
      if (std::find(x.nodes.begin(), x.nodes.end(), s.node) == x.nodes.end())
        x.nodes.push_back(s.node);
    x.outcomes.push_back({std::move(a), false, {}});
  }
  if (x.nodes.empty())
    return;
  const bins measured = x.outcomes[0].answer.value ? values(f) : bins{};
  for (std::size_t k = 0; k < x.outcomes.size(); ++k) {
    possible_outcome& o = x.outcomes[k];
    o.says.resize(x.nodes.size());
    for (const auto& s : says[k])
      hear(o.says[static_cast<std::size_t>(std::find(x.nodes.begin(), x.nodes.end(), s.node) -
                                           x.nodes.begin())],
           s);
    if (!measured.mass.empty())
      for (said& s : o.says)
        s.mass = measured.mass[k];
    o.positive = on_the_side_of_present(o);
  }
  std::vector<possible_outcome> distinct;
  for (possible_outcome& o : x.outcomes)
    if (std::none_of(distinct.begin(), distinct.end(),
                     [&](const possible_outcome& d) { return !d.answer.value && same(d.says, o.says); }))
      distinct.push_back(std::move(o));
  x.outcomes = std::move(distinct);
  if (x.outcomes.size() > 1)
    out_.push_back(std::move(x));
}

std::vector<question> open_questions(const kb::snapshot& knowledge, const cases::picture& picture,
                                     const evidence& seen, const finding_list& only) {
  finding_list sorted = only;
  std::sort(sorted.begin(), sorted.end());
  const auto wanted = [&](const kb::finding& f, side s) {
    return sorted.empty() || std::binary_search(sorted.begin(), sorted.end(), std::pair(f.id, s));
  };
  maker make(knowledge, picture, seen);
  for (const kb::finding& f : knowledge.all.findings) {
    if (!may_be_asked(f))
      continue;
    // An answer "unknown" is as good as none: the question stays open.
    auto known = picture.of(f.id);
    std::erase_if(known, [](const cases::settled* x) {
      return x->state == cases::truth::unknown && !x->value && !x->level;
    });
    const bool unsided =
        std::any_of(known.begin(), known.end(), [](const auto* s) { return s->where == side::none; });
    if (!f.lateral && known.empty() && wanted(f, side::none))
      make.add(f, side::none);
    for (side s : {side::left, side::right})
      if (f.lateral && !unsided && wanted(f, s) &&
          std::none_of(known.begin(), known.end(), [&](const auto* x) { return x->where == s; }))
        make.add(f, s);
  }
  return make.take();
}

} // namespace posterior::inference
