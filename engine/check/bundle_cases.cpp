#include "engine/check/bundle_cases.hpp"

#include <set>

#include "engine/case/reader.hpp"
#include "engine/check/golden.hpp"
#include "kb/catalogue.hpp"

namespace posterior::check {
namespace {

constexpr std::string_view case_end = ".case.toml", expected_end = ".expected.toml";

diagnostic problem(std::string file, std::string text) {
  return {severity::error, "check.golden-case", {std::move(file), 0, 0, ""}, std::move(text), ""};
}

std::set<std::string> names(kb::file_system& files, const std::string& folder) {
  std::set<std::string> out;
  const auto listed = files.list(folder);
  if (listed)
    for (std::string_view file : *listed)
      for (std::string_view end : {case_end, expected_end})
        if (file.size() > end.size() && file.ends_with(end))
          out.emplace(file.substr(0, file.size() - end.size()));
  return out;
}

std::optional<std::string> read(kb::file_system& files, const std::string& path, diagnostics& problems) {
  auto bytes = files.read(path, kb::size_limit(""));
  if (bytes)
    return std::move(*bytes);
  problems.push_back(problem(path, fault("the file", kb::error_text(bytes.error), "readable")));
  return std::nullopt;
}

} // namespace

std::vector<golden_case> read_cases(kb::file_system& files, const std::string& location) {
  return read_case_folder(files, location + "/cases");
}

std::vector<golden_case> read_case_folder(kb::file_system& files, const std::string& folder) {
  std::vector<golden_case> out;
  for (const std::string& name : names(files, folder)) {
    golden_case one;
    one.name = name;
    one.case_file = folder + "/" + name + std::string(case_end);
    one.expected_file = folder + "/" + name + std::string(expected_end);
    one.patient = read(files, one.case_file, one.problems);
    one.expected = read(files, one.expected_file, one.problems);
    out.push_back(std::move(one));
  }
  return out;
}

case_outcome hold_case(const golden_case& one, const kb::snapshot& knowledge,
                       const assess::detector_port& detectors, const assess::options& how) {
  case_outcome out{one.name, one.problems, {}};
  if (!one.patient || !one.expected)
    return out;
  expectation_reading sentences = read_expectation(*one.expected, one.expected_file);
  cases::reading presented = cases::read(*one.patient, one.case_file, knowledge);
  if (!sentences.value || !presented.value) {
    out.problems = std::move(sentences.value ? presented.problems : sentences.problems);
    return out;
  }
  auto got = assess::assess(*presented.value, presented.problems, knowledge, detectors, how);
  for (std::string& sentence : failures(*sentences.value, got))
    out.problems.push_back(problem(one.expected_file, std::move(sentence)));
  out.took_part = std::move(got.took_part);
  return out;
}

std::vector<case_outcome> run_cases(kb::file_system& files, const std::string& location,
                                    const kb::snapshot& knowledge, const assess::detector_port& detectors) {
  std::vector<case_outcome> out;
  for (const golden_case& one : read_cases(files, location))
    out.push_back(hold_case(one, knowledge, detectors));
  return out;
}

} // namespace posterior::check
