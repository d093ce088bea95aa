#include "engine/check/bundle_cases.hpp"

#include <set>

#include "engine/case/reader.hpp"
#include "engine/check/golden.hpp"
#include "kb/catalogue.hpp"

namespace posterior::check {
namespace {

constexpr std::string_view case_end = ".case.toml", expected_end = ".expected.toml";

class runner {
public:
  runner(kb::file_system& files, std::string folder, const kb::snapshot& knowledge,
         const assess::detector_port& detectors)
      : files_(files)
      , folder_(std::move(folder))
      , knowledge_(knowledge)
      , detectors_(detectors) {}

  std::vector<case_outcome> run() {
    std::vector<case_outcome> out;
    for (const std::string& name : names()) {
      now_ = {name, {}};
      one();
      out.push_back(std::move(now_));
    }
    return out;
  }

private:
  std::set<std::string> names() {
    std::set<std::string> out;
    const auto listed = files_.list(folder_);
    if (listed)
      for (std::string_view file : *listed)
        for (std::string_view end : {case_end, expected_end})
          if (file.size() > end.size() && file.ends_with(end))
            out.emplace(file.substr(0, file.size() - end.size()));
    return out;
  }

  std::string path(std::string_view end) const { return folder_ + "/" + now_.name + std::string(end); }

  void fail(std::string file, std::string text) {
    now_.problems.push_back(
        {severity::error, "check.golden-case", {std::move(file), 0, 0, ""}, std::move(text), ""});
  }

  std::optional<std::string> read(std::string_view end) {
    auto bytes = files_.read(path(end), kb::size_limit(""));
    if (bytes)
      return std::move(*bytes);
    fail(path(end), fault("the file", kb::error_text(bytes.error), "readable"));
    return std::nullopt;
  }

  void one() {
    const auto patient = read(case_end), wanted = read(expected_end);
    if (!patient || !wanted)
      return;
    expectation_reading sentences = read_expectation(*wanted, path(expected_end));
    cases::reading presented = cases::read(*patient, path(case_end), knowledge_);
    if (!sentences.value || !presented.value) {
      now_.problems = std::move(sentences.value ? presented.problems : sentences.problems);
      return;
    }
    const auto got = assess::assess(*presented.value, presented.problems, knowledge_, detectors_, {});
    for (std::string& sentence : failures(*sentences.value, got))
      fail(path(expected_end), std::move(sentence));
  }

  kb::file_system& files_;
  std::string folder_;
  const kb::snapshot& knowledge_;
  const assess::detector_port& detectors_;
  case_outcome now_;
};

} // namespace

std::vector<case_outcome> run_cases(kb::file_system& files, const std::string& location,
                                    const kb::snapshot& knowledge, const assess::detector_port& detectors) {
  return runner(files, location + "/cases", knowledge, detectors).run();
}

} // namespace posterior::check
