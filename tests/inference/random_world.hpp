// Seeded random knowledge bases as documents, with lateral states, risks, families, opinions and measured
// values, and random cases about them.
#pragma once

#include <string>
#include <vector>

#include "tests/inference/random_network.hpp"
#include "tests/inference/small_world.hpp"

namespace posterior::inference::tests {

class world_maker {
public:
  explicit world_maker(judge::dice& d)
      : d_(d) {}

  // At most `causes` causes and as many risks, impairments and symptoms, each with a finding or two.
  std::string make(int causes) {
    text_.clear();
    states_.clear();
    findings_.clear();
    layer("risk", "risk", 1 + d_.below(2), false);
    layer("cause", "cause", 2 + d_.below(causes - 1), true);
    layer("other", "other", d_.below(2), false);
    layer("impairment", "impairment", 1 + d_.below(causes), true);
    layer("symptom", "symptom", 1 + d_.below(causes), true);
    links();
    for (const made& s : states_)
      for (int k = d_.below(3); k > 0 || (k == 0 && s.kind == "symptom" && !s.asked); --k)
        finding(s);
    return text_;
  }

  std::vector<answer_given> answers(double share) {
    std::vector<answer_given> out;
    for (const made_finding& f : findings_) {
      const std::vector<side> sides =
          f.lateral ? std::vector<side>{side::left, side::right} : std::vector<side>{side::none};
      for (side s : sides)
        if (d_.unit() < share)
          out.push_back({f.id, s, d_.below(2) ? cases::truth::present : cases::truth::absent,
                         d_.below(4) ? 1 : 0.6 + 0.4 * d_.unit()});
    }
    return out;
  }

private:
  struct made {
    std::string id, kind;
    bool lateral, asked;
  };
  struct made_finding {
    std::string id;
    bool lateral;
  };

  std::string estimate(double low, double high) {
    const double mean = low + (high - low) * d_.unit();
    const auto text = [](double x) { return std::to_string(x); };
    return "[" + text(mean) + ", " + text(mean * 0.8) + ", " + text(std::min(0.99, mean * 1.1)) + "]";
  }

  void layer(const std::string& name, const std::string& kind, int count, bool may_be_lateral) {
    for (int k = 0; k < count; ++k) {
      const bool lateral = may_be_lateral && d_.below(2);
      const std::string id = name + "-" + std::to_string(k);
      text_ += "[[state]]\nid = \"" + id + "\"\nname = \"" + id + "\"\nkind = \"" + kind +
               "\"\npresent_when = \"it is there\"\nleak = " + estimate(0.02, 0.3) + "\n" +
               (lateral ? "lateral = true\npair = 0.4\n" : "") + basis();
      states_.push_back({id, kind, lateral, false});
    }
  }

  void links() {
    for (std::size_t to = 0; to < states_.size(); ++to)
      for (std::size_t from = 0; from < to; ++from)
        if (states_[from].kind != states_[to].kind && states_[to].kind != "risk" && d_.unit() < 0.45)
          text_ += "[[link]]\nfrom = \"" + states_[from].id + "\"\nto = \"" + states_[to].id +
                   "\"\np = " + estimate(0.2, 0.9) + "\nbecause = \"it does\"\n" + basis();
  }

  void finding(const made& s) {
    const std::string id = "finding-" + std::to_string(findings_.size());
    const int kind = d_.below(5);
    const bool lateral = s.lateral && d_.below(4) > 0;
    text_ += "[[finding]]\nid = \"" + id + "\"\nname = \"" + id +
             "\"\nkind = \"sign\"\nquestion = \"it shows\"\nminutes = " + std::to_string(1 + d_.below(3)) +
             "\n" + (lateral ? "lateral = true\n" : "") + (kind == 1 ? "family = \"family-a\"\n" : "") +
             (kind == 3 ? "unit = \"deg\"\nrange = [0, 100]\n" : "") + basis();
    text_ +=
        "[[observes]]\nfinding = \"" + id + "\"\nstate = \"" + s.id + "\"\n" + reading(kind) + "\n" + basis();
    if (d_.below(6) == 0 && states_.size() > 1) {
      const made& other = states_[static_cast<std::size_t>(d_.below(static_cast<int>(states_.size())))];
      if (other.id != s.id)
        text_ += "[[observes]]\nfinding = \"" + id + "\"\nstate = \"" + other.id + "\"\n" + reading(0) +
                 "\n" + basis();
    }
    findings_.push_back({id, lateral});
  }

  std::string reading(int kind) {
    if (kind == 2)
      return "opinion = \"supports\"";
    if (kind == 3)
      return "read = \"felt\"\nnormal = { absent = 30, present = 50, sd = 12, clip = 20 }";
    if (kind == 4)
      return "read = \"told\"";
    return "accuracy = { sensitivity = " + estimate(0.6, 0.9) + ", specificity = " + estimate(0.6, 0.9) +
           " }";
  }

  static std::string basis() { return "judgement = \"made up for a test\"\n"; }

  judge::dice& d_;
  std::string text_;
  std::vector<made> states_;
  std::vector<made_finding> findings_;
};

inline const std::string family_a = "[[family]]\nid = \"family-a\"\nname = \"family a\"\nrho = 0.6\n";

} // namespace posterior::inference::tests
