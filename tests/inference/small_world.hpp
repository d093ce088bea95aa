// A small knowledge base written as a document, and cases as pairs of finding and answer: for tests of
// reasoning.
#pragma once

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <tuple>

#include "engine/case/settle.hpp"
#include "engine/inference/reasoner.hpp"
#include "kb/reader.hpp"
#include "kb/snapshot.hpp"
#include "kb/values/document.hpp"

namespace posterior::inference::tests {

inline std::shared_ptr<const kb::snapshot> knowledge(const std::string& toml) {
  std::ifstream file(std::string(POSTERIOR_SOURCE_DIR) + "/kb/core/scale.toml");
  const std::string scale{std::istreambuf_iterator<char>(file), {}};
  diagnostics problems;
  kb::snapshot s;
  s.words = kb::read_scale(*parse_toml(scale, "scale.toml").root, "scale.toml", problems);
  const auto document = parse_toml(toml, "small.toml");
  if (!document.root)
    throw std::runtime_error(to_string(document.problems.front()));
  kb::reading_context context;
  context.bundle = "org.posterior.core";
  context.version = "1.0.0";
  context.core = true;
  context.words = &s.words;
  context.file = "small.toml";
  kb::read_statements(*document.root, context, false, s.all, problems);
  if (has_errors(problems))
    throw std::runtime_error(to_string(problems.front()));
  return kb::index(std::move(s));
}

struct answer_given {
  std::string finding;
  side where = side::none;
  cases::truth state = cases::truth::present;
  double certainty = 1;
};

inline cases::picture picture(const std::vector<answer_given>& answers) {
  cases::picture p;
  for (const auto& a : answers) {
    cases::settled s;
    s.finding = a.finding;
    s.where = a.where;
    s.state = a.state;
    s.certainty = a.certainty;
    p.findings.push_back(s);
  }
  std::sort(p.findings.begin(), p.findings.end(), [](const auto& a, const auto& b) {
    return std::tie(a.finding, a.where) < std::tie(b.finding, b.where);
  });
  return p;
}

inline reasoning think(const kb::snapshot& k, const cases::picture& p, int draws = 0) {
  const grounding ground(k, circumstances_of(p));
  const evidence seen(k, p, ground, {});
  reasoning_options asked;
  asked.draws = draws;
  return reason(k, p, ground, seen, asked);
}

inline const node_belief& belief(const reasoning& r, std::string_view state, side where = side::none) {
  for (const auto& b : r.beliefs)
    if (b.state->id == state && b.where == where)
      return b;
  throw std::runtime_error("no belief about " + std::string(state));
}

} // namespace posterior::inference::tests
