// Statements of small knowledge bases as text.
#pragma once

#include <string>

namespace posterior::inference::tests {

inline const std::string basis = "judgement = \"made up for a test\"\n";

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
inline std::string link(const std::string& from, const std::string& to, const std::string& p,
                        const std::string& more = "") {
  return "[[link]]\nfrom = \"" + from + "\"\nto = \"" + to + "\"\np = " + p + "\nbecause = \"it does\"\n" +
         more + "\n" + basis;
}
inline std::string prior(const std::string& s, const std::string& leak, const std::string& whom) {
  return "[[prior]]\nstate = \"" + s + "\"\nleak = " + leak + "\n" + whom + "\n" + basis;
}

inline const std::string accurate =
    "accuracy = { sensitivity = [0.8, 0.7, 0.9], specificity = [0.9, 0.8, 0.95] }";

} // namespace posterior::inference::tests
