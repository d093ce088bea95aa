#include "engine/service/local/own_cases.hpp"

#include <memory>

#include "engine/assess/detectors.hpp"
#include "engine/check/bundle_cases.hpp"

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

} // namespace posterior::service
