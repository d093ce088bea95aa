// What was recorded, as likelihoods on the network's nodes: readings of answers, published accuracies,
// measured values, capped opinion words; families pooled; certainty mixed in. Pure; borrows snapshot, picture
// and grounding.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/case/settle.hpp"
#include "engine/inference/grounding.hpp"
#include "engine/inference/network.hpp"
#include "engine/inference/parameters.hpp"

namespace posterior::inference {

// Names of a reading's numbers among the parameters.
struct reading_streams {
  stream sensitivity = 0, specificity = 0, present = 0, absent = 0;
  explicit reading_streams(const kb::observes& o);
  reading_streams() = default;
};

// One observation speaking about one node.
struct speaker {
  const cases::settled* seen = nullptr;
  const kb::finding* finding = nullptr;
  const kb::observes* reading = nullptr;
  node_index node = -1;
  std::string group; // family, or the finding itself: left out together, both sides and all nodes
  reading_streams numbers;
  const kb::accuracy* accuracy = nullptr; // the row for this setting; none for opinions
  double bound = 0;                       // of the false-positive rate, times the state's leak; 0: none
  bool not_counted = false;               // an opinion beyond the tenfold limit of its state
};

// P(observation | node absent), P(observation | node present).
struct pair {
  double absent = 1, present = 1;
};

class evidence {
public:
  // Findings listed in `suspended` do not speak (they are counted in a derived finding).
  evidence(const kb::snapshot& knowledge, const cases::picture& picture, const grounding& ground,
           const std::vector<std::pair<std::string, side>>& suspended);

  evidence(const evidence&) = delete;
  evidence& operator=(const evidence&) = delete;

  const std::vector<speaker>& speakers() const { return speakers_; }
  // Group names in order, each once.
  const std::vector<std::string>& groups() const { return groups_; }
  // Nodes that anything speaks about, each once, ascending.
  const std::vector<node_index>& nodes() const { return nodes_; }

  // Nodes whose state is certain to be absent: a plain answer "no" that nothing else speaks about.
  const std::vector<node_index>& certainly_absent() const { return absent_; }

  // Pooled likelihood on each of `nodes()` in draw `i` of `p` (i < 0: the means), without group `without`
  // (empty: none).
  std::vector<likelihood> likelihoods(const parameters& p, int i, std::string_view without = {}) const;

  // What each group says about each node, in the order in which likelihoods() multiplies them.
  struct part {
    node_index node;
    std::size_t group; // into groups()
    pair said;
  };
  std::vector<part> parts(const parameters& p, int i) const;

  // One speaker alone.
  pair speak(const speaker& s, const parameters& p, int i) const;

  // What one more answer would say of one node (one_more.cpp).
  struct addition {
    node_index node = -1;
    pair says;   // by itself: how likely the answer is
    pair counts; // beside what was recorded: P(all | node) with it, over P(all | node) without it
  };
  // By reading of the answer's finding; readings that say nothing, and nodes that are certain already, are
  // left out. The same as recording the answer would do, except where an opinion word would then take
  // another's place within the tenfold limit.
  std::vector<addition> one_more(const cases::settled& answer, const parameters& p, int i) const;

private:
  void add(const cases::settled& seen, const kb::finding& f, const kb::observes& o);
  // Without a look at whether it says anything.
  std::optional<speaker> speaker_for(const cases::settled& seen, const kb::finding& f,
                                     const kb::observes& o) const;
  bool counts_as_opinion(const speaker& s, const parameters& p) const;
  pair beside(const speaker& s, const parameters& p, int i) const;
  void limit_opinions();
  void mark_certain();
  pair pooled(const std::vector<std::size_t>& members, double rho, const parameters& p, int i) const;

  const kb::snapshot& knowledge_;
  const cases::picture& picture_;
  const grounding& ground_;
  std::vector<cases::settled> attributes_; // of the patient, as far as they speak
  std::vector<speaker> speakers_;
  std::vector<std::string> groups_;
  std::vector<node_index> nodes_, absent_;
  struct cluster {
    node_index node;
    double rho;
    std::vector<std::size_t> members; // into speakers_, pooling order
    bool certain = false;             // a plain answer that is alone on its node
  };
  std::vector<cluster> clusters_; // by node, then group
};

// All opinion words together move one state at most tenfold: ln 10.
inline constexpr double opinion_limit = 2.302585092994046;

// Present, absent or unknown; a level above the lowest is present.
cases::truth answer_of(const cases::settled& s);
// A plain answer to a plain question: it is its state, if nothing else speaks about it.
bool is_plain(const speaker& s);

// log(present / absent), at most 20 either way; and a pair that has it.
double log_ratio(pair p);
pair from_log_ratio(double l);

// The likelihood pair of a state answer under one reading, before certainty; used for what-if and next tests
// too.
pair answer_pair(const kb::observes& o, const kb::accuracy* row, const reading_streams& names,
                 cases::truth answer, double most_false, const parameters& p, int i);

// The likelihood pair of a measured value with this error (readings.cpp); {1,1} where the reading reads no
// values, and under 18 years.
pair value_pair(const kb::observes& o, double value, double error, const cases::patient& who);

// Settings name accuracies as FORMAT.md does; the row for unknown settings is the weaker one.
const kb::accuracy* accuracy_for(const kb::observes& o, cases::setting in);

} // namespace posterior::inference
