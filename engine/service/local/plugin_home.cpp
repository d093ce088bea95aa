#include "engine/service/local/plugin_home.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/service/local/swap.hpp"
#include "kb/merge.hpp"
#include "kb/places.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {

bool in_home(const kb::bundle& b) {
  return b.origin == kb::bundle_origin::home;
}

kb::plugin_entry entry_of(const kb::bundle& b) {
  return {b.about, b.location, b.digest, b.origin, b.form};
}

const kb::bundle* find_bundle(const std::vector<kb::bundle>& all, const std::string& id) {
  const kb::bundle* best = nullptr;
  for (const kb::bundle& b : all)
    if ((b.about.id == id || b.about.id == "org.posterior." + id) && (best == nullptr || best->shadowed))
      best = &b;
  return best;
}

plugin_home::plugin_home(const change_tools& tools, change_outcome& out)
    : disk(tools.disk != nullptr ? *tools.disk : real_)
    , tools_(tools)
    , out_(out)
    , home_(tools.at.home.string())
    , plugins_(home_ + "/plugins") {}

void plugin_home::fail(change_verdict how, std::string_view code, std::string text, std::string hint) {
  out_.how = how;
  // Before the warnings.
  out_.problems.insert(
      out_.problems.begin(),
      {severity::error, "plugin." + std::string(code), {}, std::move(text), std::move(hint)});
}

bool plugin_home::open() {
  if (home_.empty()) {
    fail(change_verdict::failed, "no-home",
         fault("the home", "not known", "named by POSTERIOR_HOME or HOME"));
    return false;
  }
  if (const int error = disk.make_folder(plugins(), 0700)) {
    fail(change_verdict::failed, "home",
         plugins() + ": " + fault("the folder", kb::error_text(error), "writable"));
    return false;
  }
  if (const auto real = disk.resolve(plugins_))
    plugins_ = *real;
  trust::lock_result mine = disk.wait_for_lock(home_ + "/plugins.lock", tools_.wait_ms);
  if (!mine.held) {
    const bool busy = mine.error == EWOULDBLOCK;
    fail(busy ? change_verdict::busy : change_verdict::failed, "busy",
         home_ + ": " +
             fault("the lock of the plugins", busy ? "held by another change" : kb::error_text(mine.error),
                   "free"),
         busy ? "try again when it has ended" : "");
    return false;
  }
  held_ = std::move(mine.held);
  if (const int error = complete_swap(disk, home_)) {
    fail(change_verdict::failed, "home",
         home_ + ": " + fault("the folder", kb::error_text(error), "writable"));
    return false;
  }
  known = trust::read_trusted(disk, home_, trust::system_trust_folder, trust::bundled_digests());
  if (known.home_damaged) {
    out_.problems = known.problems;
    out_.how = change_verdict::failed;
    out_.problems.front().hint = "mend it, or move it away and trust again what you trusted";
  }
  return !known.home_damaged;
}

plugin_home::reading plugin_home::read(const std::string& extra, const std::string& without) {
  auto places = kb::search_places(tools_.at.variables, home_, tools_.at.prefix.string());
  if (!tools_.plugin_path || !extra.empty())
    std::erase_if(places, [](const auto& p) { return p.origin == kb::bundle_origin::path_variable; });
  diagnostics of_places;
  auto found = kb::scan(disk, places, of_places);
  if (!extra.empty()) {
    auto more = kb::scan(disk, {{extra, kb::bundle_origin::home}}, of_places);
    found.insert(found.begin(), more.begin(), more.end());
  }
  auto bundles = kb::read_bundles(disk, found);
  const std::string mine = extra.empty() || bundles.empty() ? "" : bundles.front().about.id;
  std::erase_if(bundles, [&](const kb::bundle& b) {
    const bool replaced = !mine.empty() && b.about.id == mine && in_home(b) && !b.location.starts_with(extra);
    return replaced || (!without.empty() && b.about.id == without && in_home(b));
  });
  for (kb::bundle& b : bundles) {
    b.shadowed = false;
    b.shadowed_by.clear();
    const auto& off = known.home.disabled;
    b.disabled = std::find(off.begin(), off.end(), b.about.id) != off.end() && b.about.id != mine;
  }
  kb::settle_versions(bundles);
  kb::merge_result merged = kb::merge(std::move(bundles));
  return {std::move(merged.bundles), merged.usable ? kb::index(std::move(merged.content)) : nullptr};
}

bool plugin_home::holds(const std::string& location) const {
  return location.substr(0, location.rfind('/')) == plugins_;
}

bool plugin_home::save_trust(const trust::trust_file& wanted) {
  if (wanted == known.home)
    return true;
  if (const int error = trust::write_trust(disk, home_, wanted)) {
    fail(change_verdict::failed, "trust-file",
         trust::trust_path(home_) + ": " + fault("the trust file", kb::error_text(error), "writable"));
    return false;
  }
  known.home = wanted;
  return true;
}

void plugin_home::tidy_store(const reading& now) {
  std::set<std::string> wanted;
  for (const kb::bundle& b : now.bundles)
    wanted.insert(b.digest);
  trust::bundle_store(disk, home_ + "/store").remove_unused(wanted);
}

} // namespace posterior::service
