// Statements of a small knowledge base as text, for tests that build one.
#pragma once

#include <string>

namespace posterior::inference::tests {

inline const std::string basis = "judgement = \"made up for a test\"\n";
inline const std::string accurate =
    "accuracy = { sensitivity = [0.8, 0.7, 0.9], specificity = [0.9, 0.8, 0.95] }";

inline std::string state(const std::string& id, const std::string& kind, const std::string& leak,
                         const std::string& more = "") {
  return "[[state]]\nid = \"" + id + "\"\nname = \"" + id + "\"\nkind = \"" + kind +
         "\"\npresent_when = \"it is there\"\nleak = " + leak + "\n" + more + "\n" + basis;
}
inline std::string finding(const std::string& id, const std::string& more = "") {
  return "[[finding]]\nid = \"" + id + "\"\nname = \"" + id +
         "\"\nkind = \"sign\"\nquestion = \"it shows\"\n" + more + "\n" + basis;
}
inline std::string observes(const std::string& f, const std::string& s, const std::string& how) {
  return "[[observes]]\nfinding = \"" + f + "\"\nstate = \"" + s + "\"\n" + how + "\n" + basis;
}
inline std::string link(const std::string& from, const std::string& to, const std::string& p) {
  return "[[link]]\nfrom = \"" + from + "\"\nto = \"" + to + "\"\np = " + p + "\nbecause = \"it does\"\n" +
         basis;
}
inline std::string theory(const std::string& cause, const std::string& credence) {
  return "[[theory]]\ncredence = " + credence + "\ncauses = [\"" + cause + "\"]\n" + basis;
}

// Two causes of one sign, one of them with a sign of its own.
inline std::string two_causes() {
  return state("cause-a", "cause", "[0.2, 0.1, 0.3]") + state("cause-b", "cause", "[0.1, 0.05, 0.2]") +
         state("shared", "impairment", "[0.1, 0.05, 0.2]") + state("own", "impairment", "[0.1, 0.05, 0.2]") +
         link("cause-a", "shared", "[0.7, 0.5, 0.8]") + link("cause-b", "shared", "[0.6, 0.5, 0.8]") +
         link("cause-a", "own", "[0.8, 0.7, 0.9]") + finding("sign-shared") + finding("sign-own") +
         observes("sign-shared", "shared", accurate) + observes("sign-own", "own", accurate);
}

} // namespace posterior::inference::tests
