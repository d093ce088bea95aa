#include "engine/inference/question_reader.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "kb/values/fields.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::inference {
namespace {

constexpr std::size_t most_problems = 20;
constexpr double sum_tolerance = 1e-9;

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

std::string item(std::string_view name, std::size_t index) {
  return std::string(name) + " " + std::to_string(index);
}

std::string_view singular(std::string_view key) {
  return key.ends_with('s') ? key.substr(0, key.size() - 1) : key;
}

// What a node is brought about by.
enum class form : std::uint8_t { noisy_or, table, graded };

class question_builder {
public:
  question_builder(const node& root, std::string file, diagnostics& problems)
      : top_(root, file, "network", "the network", problems)
      , file_(std::move(file))
      , problems_(problems) {}

  void read() {
    each("nodes", true, &question_builder::add_node);
    each("tables", false, &question_builder::add_table);
    each("graded", false, &question_builder::add_graded);
    each("links", false, &question_builder::add_link);
    each("pairs", false, &question_builder::add_pair);
    each("evidence", false, &question_builder::add_evidence);
    require_leaks();
    top_.finish();
  }

  network_question take() { return std::move(out_); }

private:
  using row_reader = void (question_builder::*)(fields&);

  bool enough() const { return problems_.size() >= most_problems; }

  void each(std::string_view key, bool required, row_reader read_row) {
    if (required && !top_.has(key))
      top_.missing(key, "a list of tables");
    const node* list = top_.array(key);
    if (list == nullptr)
      return;
    const std::size_t limit = key == "nodes" ? network_nodes_limit : network_rows_limit;
    if (list->items.size() > limit)
      return top_.problem(*list, "too-many",
                          fault("the number of " + std::string(key), std::to_string(list->items.size()),
                                "at most " + std::to_string(limit)));
    for (std::size_t i = 0; i < list->items.size() && !enough(); ++i) {
      const node& row = list->items[i];
      if (row.kind != node::type::table) {
        top_.problem(row, "wrong-type", fault(item(singular(key), i), describe(row), "a table"));
        continue;
      }
      fields f(row, file_, "network", item(singular(key), i), problems_);
      (this->*read_row)(f);
      f.finish();
    }
  }

  void add_node(fields& f) {
    const auto id = f.required_text("id");
    const auto leak = f.number_between("leak", 0, 1);
    if (!id)
      return;
    if (!numbers_.emplace(*id, static_cast<node_index>(out_.ids.size())).second)
      return f.problem(*f.raw("id"), "repeated",
                       fault("the node \"" + quoted(*id) + "\"", "given twice", "given once"));
    out_.ids.push_back(*id);
    out_.net.leak.push_back(leak.value_or(0));
    rows_.push_back(&f.self());
    forms_.push_back(form::noisy_or);
  }

  // Tables and graded leaves have no leak of their own; all others must.
  void require_leaks() {
    for (std::size_t v = 0; v < rows_.size() && !enough(); ++v) {
      const node* leak = rows_[v]->find("leak");
      const std::string name = "\"leak\" of \"" + quoted(out_.ids[v]) + "\"";
      if (forms_[v] == form::noisy_or && leak == nullptr)
        top_.problem(*rows_[v], "missing-field", fault(name, "missing", "a number between 0 and 1"),
                     "a node without parents has its prior there");
      if (forms_[v] != form::noisy_or && leak != nullptr)
        top_.problem(*leak, "leak", fault(name, "given", "left out: its table or its grades say it all"));
    }
  }

  std::optional<node_index> node_named(fields& f, const node& at, const std::string& id) {
    const auto found = numbers_.find(id);
    if (found != numbers_.end())
      return found->second;
    std::vector<std::string_view> known(
        out_.ids.begin(),
        out_.ids.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(out_.ids.size(), 1000)));
    const std::string_view near = nearest(id, known);
    f.problem(at, "unknown-node", fault("the node", "\"" + quoted(id) + "\"", "one of \"nodes\""),
              near.empty() ? std::string() : "did you mean \"" + quoted(near) + "\"?");
    return std::nullopt;
  }

  std::optional<node_index> required_node(fields& f, std::string_view key) {
    const auto id = f.required_text(key);
    return id ? node_named(f, *f.raw(key), *id) : std::nullopt;
  }

  // A node that may have children.
  std::optional<node_index> parent(fields& f, const node& at, const std::string& id) {
    const auto v = node_named(f, at, id);
    if (v && forms_[ix(*v)] == form::graded) {
      f.problem(at, "graded-parent",
                fault("the parent \"" + quoted(id) + "\"", "a graded node", "one without grades"),
                "graded nodes are leaves");
      return std::nullopt;
    }
    return v;
  }

  std::optional<node_index> required_parent(fields& f, std::string_view key) {
    const auto id = f.required_text(key);
    return id ? parent(f, *f.raw(key), *id) : std::nullopt;
  }

  // A node that is brought about as noisy-OR.
  std::optional<node_index> plain_node(fields& f, std::string_view key) {
    const auto v = required_node(f, key);
    if (v && forms_[ix(*v)] != form::noisy_or) {
      f.problem(*f.raw(key), "not-noisy-or",
                fault("the node \"" + quoted(out_.ids[ix(*v)]) + "\"",
                      forms_[ix(*v)] == form::table ? "one with a table" : "a graded one",
                      "a noisy-OR node"));
      return std::nullopt;
    }
    return v;
  }

  void required_probability(fields& f, std::string_view key, double& into) {
    if (!f.has(key))
      return f.missing(key, "a number between 0 and 1");
    into = f.number_between(key, 0, 1).value_or(0);
  }

  void add_link(fields& f) {
    const auto from = required_parent(f, "from");
    const auto to = plain_node(f, "to");
    double p = 0;
    required_probability(f, "probability", p);
    if (!from || !to)
      return;
    if (!links_.emplace(*from, *to).second)
      return f.problem("repeated", fault("the link from \"" + quoted(out_.ids[ix(*from)]) + "\" to \"" +
                                             quoted(out_.ids[ix(*to)]) + "\"",
                                         "given twice", "given once"));
    out_.net.links.push_back({*from, *to, p});
  }

  void add_pair(fields& f) {
    const auto a = plain_node(f, "a");
    const auto b = plain_node(f, "b");
    double p = 0;
    required_probability(f, "probability", p);
    if (a && b && *a == *b)
      return f.problem("pair", fault("the ends of " + f.what(), "the same node", "two nodes"));
    if (a && b)
      out_.net.shocks.push_back({*a, *b, p});
  }

  // A list of probabilities of `count` numbers, or of 2 to grades_limit if `count` is 0.
  std::optional<std::vector<double>> probabilities(fields& f, std::string_view key, std::size_t count) {
    if (!f.has(key)) {
      f.missing(key, "a list of numbers");
      return std::nullopt;
    }
    const node* list = f.array(key);
    if (list == nullptr)
      return std::nullopt;
    const std::size_t n = list->items.size();
    const std::string name = "\"" + std::string(key) + "\" of " + f.what();
    if (count == 0 ? n < 2 || n > grades_limit : n != count) {
      f.problem(*list, "wrong-length",
                fault(name, "a list of " + std::to_string(n),
                      count == 0 ? "a list of 2 to " + std::to_string(grades_limit)
                                 : "a list of " + std::to_string(count)));
      return std::nullopt;
    }
    std::vector<double> out;
    for (const node& x : list->items)
      if (x.is_number() && x.number >= 0 && x.number <= 1)
        out.push_back(x.number);
      else
        f.problem(x, "out-of-range", fault("a number in " + name, describe(x), "between 0 and 1"));
    return out.size() == n ? std::optional(out) : std::nullopt;
  }

  // The same, summing to one; made to do so to the last digit.
  std::optional<std::vector<double>> distribution(fields& f, std::string_view key, std::size_t count) {
    auto out = probabilities(f, key, count);
    if (!out)
      return out;
    const double sum = std::accumulate(out->begin(), out->end(), 0.0);
    if (std::fabs(sum - 1) > sum_tolerance) {
      f.problem(*f.raw(key), "sum",
                fault("the sum of \"" + std::string(key) + "\" of " + f.what(), format_number(sum), "1"));
      return std::nullopt;
    }
    for (double& x : *out)
      x /= sum;
    return out;
  }

  // The node that a table or a graded leaf is about, which nothing else has been said about.
  std::optional<node_index> take_node(fields& f, form as) {
    const auto v = plain_node(f, "node");
    if (v)
      forms_[ix(*v)] = as;
    return v;
  }

  void add_table(fields& f) {
    const auto v = take_node(f, form::table);
    network::table t{v.value_or(-1), {}, {}};
    const node* parents = f.array("parents");
    if (parents == nullptr)
      return f.has("parents") ? void() : f.missing("parents", "a list of ids");
    if (parents->items.size() > most_table_parents)
      return f.problem(*parents, "too-many",
                       fault("the number of parents of " + f.what(), std::to_string(parents->items.size()),
                             "at most " + std::to_string(most_table_parents)));
    for (const node& id : parents->items)
      add_table_parent(f, id, t);
    const auto present = probabilities(f, "present", std::size_t{1} << parents->items.size());
    if (!v || !present || t.parents.size() != parents->items.size())
      return;
    t.present = *present;
    out_.net.tables.push_back(std::move(t));
  }

  void add_table_parent(fields& f, const node& id, network::table& t) {
    if (id.kind != node::type::text)
      return f.problem(id, "wrong-type", fault("a parent of " + f.what(), describe(id), "an id"));
    const auto v = parent(f, id, id.text);
    if (!v)
      return;
    if (std::find(t.parents.begin(), t.parents.end(), *v) != t.parents.end())
      return f.problem(id, "repeated",
                       fault("the parent \"" + quoted(id.text) + "\"", "given twice", "given once"));
    t.parents.push_back(*v);
  }

  void add_graded(fields& f) {
    const auto v = take_node(f, form::graded);
    auto leak = distribution(f, "leak", 0);
    graded_leaf leaf{v.value_or(-1), leak.value_or(std::vector<double>{}), {}};
    std::size_t index = 0;
    for (const node* row : f.tables("links")) {
      fields l(*row, file_, "network", item("link", index++) + " of " + f.what(), problems_);
      const auto from = required_parent(l, "from");
      const auto p =
          leak ? distribution(l, "probabilities", leak->size()) : probabilities(l, "probabilities", 0);
      l.finish();
      const bool again = from && std::any_of(leaf.links.begin(), leaf.links.end(),
                                             [&](const auto& other) { return other.from == *from; });
      if (again)
        l.problem("repeated", fault("the link from \"" + quoted(out_.ids[ix(*from)]) + "\"", "given twice",
                                    "given once"));
      else if (from && p)
        leaf.links.push_back({*from, *p});
    }
    if (!v || !leak)
      return;
    check_parents_of_graded(f, leaf);
    graded_at_[*v] = out_.graded.size();
    out_.graded.push_back(std::move(leaf));
  }

  // Two graded leaves may not be each other's parents: one read later is not known yet when links are read.
  void check_parents_of_graded(fields& f, const graded_leaf& leaf) {
    for (const auto& [child, parent_of] : graded_parents_)
      if (parent_of == leaf.node)
        f.problem("graded-parent",
                  fault("the node \"" + quoted(out_.ids[ix(leaf.node)]) + "\"",
                        "a parent of \"" + quoted(out_.ids[ix(child)]) + "\"", "a leaf, as it has grades"));
    for (const auto& l : leaf.links)
      graded_parents_.emplace_back(leaf.node, l.from);
    for (const auto& t : out_.net.tables)
      if (std::find(t.parents.begin(), t.parents.end(), leaf.node) != t.parents.end())
        f.problem("graded-parent", fault("the node \"" + quoted(out_.ids[ix(leaf.node)]) + "\"",
                                         "a parent in a table", "a leaf, as it has grades"));
  }

  void add_evidence(fields& f) {
    const auto v = required_node(f, "node");
    const auto graded = v ? graded_at_.find(*v) : graded_at_.end();
    const bool is_graded = graded != graded_at_.end();
    const std::size_t states = is_graded ? out_.graded[graded->second].grades() : 2;
    const node* grade = f.raw("grade");
    if (grade != nullptr && f.has("likelihood"))
      return f.problem("evidence", fault(f.what(), "given a grade and a likelihood", "given one of them"));
    if (grade != nullptr && v && !is_graded)
      return f.problem(
          *grade, "not-graded",
          fault("the node \"" + quoted(out_.ids[ix(*v)]) + "\"", "one without grades", "a graded one"),
          "give it \"likelihood\": [P(seen | absent), P(seen | present)]");
    const auto likelihood = grade != nullptr ? read_grade(f, states) : probabilities(f, "likelihood", states);
    if (!v || !likelihood)
      return;
    if (is_graded && needs_more_parents(*likelihood, out_.graded[graded->second]))
      return f.problem(
          "uncertain-grade",
          fault("the number of parents of \"" + quoted(out_.ids[ix(*v)]) + "\"",
                std::to_string(out_.graded[graded->second].links.size()),
                "at most " + std::to_string(most_uncertain_parents) + " where the grade is uncertain"));
    out_.seen.push_back({*v, *likelihood});
  }

  std::optional<std::vector<double>> read_grade(fields& f, std::size_t states) {
    const auto grade = f.integer("grade");
    if (!grade)
      return std::nullopt;
    if (*grade < 0 || *grade >= static_cast<std::int64_t>(states)) {
      f.problem(
          *f.raw("grade"), "out-of-range",
          fault("\"grade\" of " + f.what(), std::to_string(*grade), "0 to " + std::to_string(states - 1)));
      return std::nullopt;
    }
    std::vector<double> out(states);
    out[static_cast<std::size_t>(*grade)] = 1;
    return out;
  }

  // One possible grade, or the same for all, needs no table.
  static bool needs_more_parents(const std::vector<double>& likelihood, const graded_leaf& leaf) {
    const auto possible = std::count_if(likelihood.begin(), likelihood.end(), [](double x) { return x > 0; });
    const bool same =
        std::all_of(likelihood.begin(), likelihood.end(), [&](double x) { return x == likelihood.front(); });
    return possible != 1 && !same && leaf.links.size() > most_uncertain_parents;
  }

  fields top_;
  std::string file_;
  diagnostics& problems_;
  network_question out_;
  std::map<std::string, node_index, std::less<>> numbers_;
  std::vector<const node*> rows_;
  std::vector<form> forms_;
  std::set<std::pair<node_index, node_index>> links_;
  std::map<node_index, std::size_t> graded_at_;
  std::vector<std::pair<node_index, node_index>> graded_parents_; // leaf, parent
};

question_read refused(const std::string& file, std::string code, std::string text, std::string hint = {}) {
  return {{}, {{severity::error, "network." + code, {file, 0, 0, ""}, std::move(text), std::move(hint)}}};
}

} // namespace

question_read read_question(std::string_view bytes, const std::string& file) {
  if (bytes.size() > network_bytes_limit)
    return refused(file, "too-long",
                   fault("the network", std::to_string(bytes.size()) + " bytes long",
                         "at most " + std::to_string(network_bytes_limit) + " bytes"));
  if (bytes.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return refused(file, "empty", fault("the network", "empty", "a JSON document"),
                   "the smallest is {\"nodes\": []}");
  const parsed document = parse_json(bytes, file);
  if (!document.root)
    return {{}, document.problems};
  question_read out;
  question_builder builder(*document.root, file, out.problems);
  builder.read();
  if (out.problems.size() > most_problems)
    out.problems.resize(most_problems);
  if (out.problems.empty())
    out.value = builder.take();
  return out;
}

} // namespace posterior::inference
