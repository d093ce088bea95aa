#include "kb/model.hpp"

#include <algorithm>
#include <array>

#include "kb/values/beta.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::kb {
namespace {

template <std::size_t N, typename E>
std::string_view word(const std::array<std::string_view, N>& words, E value) {
  const auto i = static_cast<std::size_t>(value);
  return i < N ? words[i] : std::string_view{};
}

} // namespace

std::string prior::id() const {
  std::string out = "prior." + state;
  for (const std::string& part : {setting, sex})
    if (!part.empty())
      out += "." + part;
  return age ? out + "." + format_number(age->min) + "-" + format_number(age->max) : out;
}

std::string link::id() const {
  std::string out = "link." + source + "." + target + (opposite ? ".opposite" : "");
  const auto add = [&](std::string_view word, std::vector<std::string> states) {
    std::sort(states.begin(), states.end());
    for (std::size_t i = 0; i < states.size(); ++i)
      out += (i == 0 ? "." + std::string(word) + "." : ".") + states[i];
  };
  add("with", only_with);
  add("unless", unless);
  return out;
}

std::string wording::id() const {
  return "text." + of + "." + lang + (patient ? ".patient" : "");
}

bool sequence::has_anything() const {
  const auto full = [](const std::vector<exercise_group>& list) {
    return std::count_if(list.begin(), list.end(), [](const exercise_group& g) { return !g.empty(); });
  };
  return full(order) > 1 || (at_most_one && at_most_one->exercises.size() > 1) ||
         (covers && full(covers->each) > 0) ||
         (apart && !(apart->exercises.empty() && apart->phases.empty()));
}

estimate from_counts(double hits, double of) {
  const beta_distribution b = beta_from_counts(hits, of);
  const beta_range ends = range_of(b);
  return {b.mean, ends.low, ends.high, "", hits, of};
}

std::string_view to_string(grade g) {
  static constexpr std::array<std::string_view, 5> words{"high", "moderate", "low", "very-low", "opinion"};
  return word(words, g);
}

std::optional<grade> grade_of(std::string_view word) {
  for (int i = 0; i <= static_cast<int>(grade::opinion); ++i)
    if (const auto g = static_cast<grade>(i); to_string(g) == word)
      return g;
  return std::nullopt;
}

std::string_view to_string(seen_as s) {
  static constexpr std::array<std::string_view, 6> words{"full-text", "abstract", "second-hand",
                                                         "memory",    "computed", "judgement"};
  return word(words, s);
}

std::string_view to_string(attribute a) {
  static constexpr std::array<std::string_view, 6> words{"none",     "age",       "sex",
                                                         "pregnant", "body-mass", "height"};
  return word(words, a);
}

std::string_view to_string(comparison c) {
  static constexpr std::array<std::string_view, 6> words{"", "<", "<=", "=", ">=", ">"};
  return word(words, c);
}

std::string_view to_string(state_kind k) {
  static constexpr std::array<std::string_view, 6> words{"risk",    "cause", "impairment",
                                                         "symptom", "other", "home"};
  return word(words, k);
}

std::string_view to_string(finding_kind k) {
  static constexpr std::array<std::string_view, 7> words{"history", "symptom", "sign",     "test",
                                                         "measure", "safety",  "attribute"};
  return word(words, k);
}

std::string_view to_string(urgency u) {
  static constexpr std::array<std::string_view, 4> words{"emergency", "urgent", "prompt", "watch"};
  return word(words, u);
}

std::string_view to_string(closing c) {
  static constexpr std::array<std::string_view, 3> words{"plan", "loading", "nothing"};
  return word(words, c);
}

std::string_view to_string(phase p) {
  static constexpr std::array<std::string_view, 8> words{"protection", "neural",     "mobility",
                                                         "activation", "isometric",  "concentric",
                                                         "eccentric",  "integration"};
  return word(words, p);
}

std::string_view to_string(irritability i) {
  static constexpr std::array<std::string_view, 3> words{"low", "moderate", "high"};
  return word(words, i);
}

std::string_view to_string(precaution_effect e) {
  return e == precaution_effect::block ? "block" : "warn";
}

std::string_view to_string(review_status s) {
  static constexpr std::array<std::string_view, 3> words{"draft", "reviewed", "retired"};
  return word(words, s);
}

} // namespace posterior::kb
