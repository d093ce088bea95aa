// How values are said: probabilities, decibans, sides, citations, doses. One wording for every report.
// Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/assess/assessment.hpp"
#include "kb/model.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// "0.62"; "<0.01" and ">0.99" instead of a false nought or one.
std::string probability(double p);
// "0.62 [0.41-0.79]".
std::string with_interval(double p, double low, double high);
// "clearly for it, +7.9 dB": by the likelihood-ratio bands that clinicians use (2, 5 and 10).
std::string weight(double decibans);
// At most one decimal: "7.5", "12".
std::string short_number(double value);

// "Neural tension, left".
std::string with_side(std::string_view name, side where);
// "neural-tension@left" or "neural-tension" to words, by the snapshot's name of that state.
std::string state_name(std::string_view ref, const kb::snapshot& knowledge);
std::string finding_name(std::string_view id, const kb::snapshot& knowledge);
std::string exercise_name(std::string_view id, const kb::snapshot& knowledge);

// "evidence: moderate", "evidence: somebody's opinion, contested".
std::string grade_words(kb::grade level, bool contested);
// "majlesi2008 (p. 3, full-text); judgement". The judgement's own words are for `why`.
std::string citations(const std::vector<cases::cited>& list);
// Sources of a basis that has not been resolved: claims first.
std::string basis_words(const kb::basis& rests_on);
// "Slump test, left: present; Age: 62 years".
std::string texts_of(const std::vector<cases::observation_ref>& list);
// "a, b and c".
std::string listing(const std::vector<std::string>& words);
// "3", or "8-12".
std::string range_words(const kb::range& r);
// "3-4 sets, 8-12 repetitions, hold 5 s, 3 days a week, for 6 weeks; slow; light band".
std::string dose_words(const kb::dose& how_much);
// "9,960".
std::string grouped(std::size_t n);
// For Graphviz: in quotes, with those inside escaped.
std::string in_quotes(std::string_view text);
// "1 exercise", "2 exercises".
std::string counted(std::size_t n, std::string_view one, std::string_view many);

} // namespace posterior::report
