#include "engine/check/runner.hpp"

#include <algorithm>
#include <chrono>
#include <exception>

namespace posterior::check {
namespace {

// Why a check cannot be made on this bundle; empty if it can.
std::string lacking(const subject& s, needs wants) {
  if (wants >= needs::manifest && s.says.about.id.empty())
    return "the manifest gives no usable id; mend the checks B02 to B05 first";
  if (wants == needs::knowledge && !s.in_force)
    return "the bundle contributes nothing yet; mend its other faults first";
  if (wants >= needs::library && !s.says.about.has_detector)
    return "there is no code in this bundle";
  if (wants >= needs::library && s.library.empty())
    return "the code is not built: " + s.says.about.detector_file +
           " is not in the bundle; build it, then check the built bundle";
  if (wants == needs::detector && !s.in_force)
    return "the code is tried when its knowledge is sound; mend the other faults first";
  return {};
}

// "/home/me/hip/knowledge.toml" in the bundle /home/me/hip is "knowledge.toml".
void shorten(std::string& file, const subject& s) {
  const std::string& root = s.found.location;
  if (file == root)
    file = root.substr(root.rfind('/') + 1);
  else if (file.starts_with(root + "/"))
    file.erase(0, root.size() + 1);
}

outcome one(const subject& s, const spec& c) {
  const auto began = std::chrono::steady_clock::now();
  verdict found;
  if (std::string reason = lacking(s, c.wants); !reason.empty())
    found.skip(std::move(reason));
  else
    try {
      c.run(s, found);
    } catch (const std::exception& e) {
      found.crash(s.at(), std::string("the check itself broke off: ") + e.what(),
                  "this is a fault of the program: report it with the bundle");
    }
  outcome out{c, found.how(), found.notes(), found.reason(), found.remark(), 0};
  for (diagnostic& d : out.notes) {
    d.code = "check." + std::string(c.id);
    shorten(d.where.file, s);
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return out;
}

} // namespace

std::vector<std::string> unknown_ids(const std::set<std::string>& only) {
  const std::vector<spec> all = all_checks();
  std::vector<std::string> out;
  for (const std::string& id : only)
    if (std::none_of(all.begin(), all.end(), [&](const spec& c) { return c.id == id; }))
      out.push_back(id);
  return out;
}

summary sum_up(const std::vector<outcome>& outcomes, std::size_t asked, bool strict) {
  summary out;
  out.strict = strict;
  for (const outcome& o : outcomes)
    switch (o.how) {
    case result::ok:
      ++out.ok;
      break;
    case result::warn:
      ++out.warn;
      break;
    case result::fail:
      ++out.fail;
      break;
    case result::skip:
      ++out.skip;
      break;
    case result::crash:
      ++out.crash;
      break;
    }
  const std::size_t faults = out.fail + out.crash + (strict ? out.warn : 0);
  out.sound = asked > 0 && outcomes.size() == asked && faults == 0;
  return out;
}

report run_checks(const subject& s, const std::set<std::string>& only, bool strict) {
  report out;
  out.path = s.found.location;
  out.id = s.says.about.id;
  out.version = s.says.about.version;
  out.seed = s.seed;
  std::size_t asked = only.empty() ? all_checks().size() : only.size();
  for (const spec& c : all_checks())
    if (only.empty() || only.contains(std::string(c.id)))
      out.outcomes.push_back(one(s, c));
  out.total = sum_up(out.outcomes, asked, strict);
  return out;
}

} // namespace posterior::check
