// What every change of a home's plugins shares: the home's lock, its trust file, what lies there now, and the
// outcome that is filled in. Private to plugin_changes.cpp and plugin_install.cpp. One thread.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/service/local/plugin_changes.hpp"
#include "engine/trust/policy.hpp"
#include "engine/trust/store.hpp"
#include "kb/catalogue.hpp"
#include "kb/snapshot.hpp"

namespace posterior::service {

class plugin_home {
public:
  plugin_home(const change_tools& tools, change_outcome& out);

  // False, and told, if there is no home, somebody else holds it, or its trust file is damaged.
  bool open();

  // Everything that lies at the places now, read and merged in memory; `extra` is a folder more, whose bundle
  // takes the place of the home's bundle with the same id.
  struct reading {
    std::vector<kb::bundle> bundles;
    std::shared_ptr<const kb::snapshot> knowledge; // empty without a sound core
  };
  reading read(const std::string& extra = {}, const std::string& without = {});

  bool save_trust(const trust::trust_file& wanted); // false, and told
  void fail(change_verdict how, std::string_view code, std::string text, std::string hint = {});
  // Removes entries of the store that nothing at the places names any more.
  void tidy_store(const reading& now);

  // HOME/plugins without symbolic links, as bundles' locations are.
  const std::string& plugins() const { return plugins_; }
  // Whether a bundle lies in that folder itself: what a link leads to elsewhere is not ours to move.
  bool holds(const std::string& location) const;
  const std::string& home() const { return home_; }

  trust::disk& disk; // the real one, unless the tools bring another
  trust::trusted known;

private:
  trust::real_disk real_;
  const change_tools& tools_;
  change_outcome& out_;
  std::string home_, plugins_;
  trust::lock held_;
};

bool in_home(const kb::bundle& b);
kb::plugin_entry entry_of(const kb::bundle& b);

// "hip" for "org.posterior.hip", or the id itself; nullptr if no bundle of `all` is it.
const kb::bundle* find_bundle(const std::vector<kb::bundle>& all, const std::string& id);

change_outcome install_plugin(const change_tools& tools, const change_request& asked);

} // namespace posterior::service
