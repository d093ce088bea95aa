#include "engine/service/local/own_cases.hpp"

#include <memory>

#include "engine/assess/detectors.hpp"
#include "engine/check/bundle_cases.hpp"
#include "kb/catalogue.hpp"

namespace posterior::service {

std::optional<std::string> fails_its_cases(const kb::snapshot& knowledge, const kb::bundle& b,
                                           code_rulings& code, host::worker_pool& workers) {
  auto specs = assess::detector_specs(knowledge, code.policy());
  for (const host::detector_spec& spec : specs) {
    if (spec.plugin != b.about.id)
      continue;
    if (spec.barred != host::failure::none)
      return std::nullopt;
    const host::detector_answer tried = workers.probe({spec}).answers.front();
    if (tried.status != host::answer_status::answered)
      return tried.detail + (tried.reason.empty() ? "" : " (" + tried.reason + ")");
  }
  kb::real_files files;
  // The port shares what it asks; here the pool outlives it.
  const std::shared_ptr<host::worker_pool> borrowed(std::shared_ptr<void>(), &workers);
  const auto port = assess::ask_detectors(borrowed, std::move(specs), {});
  for (const check::case_outcome& one : check::run_cases(files, b.location, knowledge, port))
    if (!one.problems.empty())
      return one.name + ": " + one.problems.front().text;
  return std::string();
}

std::vector<check::case_set> travelling_cases(const kb::snapshot& knowledge) {
  kb::real_files files;
  std::vector<check::case_set> out;
  for (const kb::plugin_entry& p : knowledge.plugins)
    if (auto cases = check::read_cases(files, p.location); !cases.empty())
      out.push_back({p.about.id, std::move(cases)});
  return out;
}

namespace {

diagnostic no_cases(const std::string& folder, std::string_view found, std::string_view needed) {
  return {severity::error,
          "kb-test.cases",
          {folder, 0, 0, ""},
          fault("the folder of cases", found, needed),
          "NAME.case.toml with NAME.expected.toml, or NAME/case.toml with NAME/expected.toml"};
}

// A folder that holds only one of the two is not meant as a case.
void add_folders(kb::file_system& files, const std::string& folder, const std::vector<std::string>& names,
                 check::case_set& into) {
  for (const std::string& name : names) {
    check::golden_case one;
    one.name = name;
    one.case_file = folder + "/" + name + "/case.toml";
    one.expected_file = folder + "/" + name + "/expected.toml";
    auto patient = files.read(one.case_file, kb::size_limit(""));
    auto expected = files.read(one.expected_file, kb::size_limit(""));
    if (!patient || !expected)
      continue;
    one.patient = std::move(*patient);
    one.expected = std::move(*expected);
    into.cases.push_back(std::move(one));
  }
}

} // namespace

folder_cases cases_in(const std::string& folder) {
  kb::real_files files;
  const auto listed = files.list(folder);
  if (!listed)
    return {{}, no_cases(folder, kb::error_text(listed.error), "readable")};
  folder_cases out;
  out.set = {folder, check::read_case_folder(files, folder)};
  add_folders(files, folder, *listed, out.set);
  for (const check::golden_case& one : out.set.cases)
    if (!one.problems.empty())
      return {{}, one.problems.front()};
  if (out.set.cases.empty())
    return {{}, no_cases(folder, "without a golden case", "one that holds some")};
  return out;
}

} // namespace posterior::service
