// Says of each plugin with code whether it may run here, and which file is loaded: by engine/trust's rules,
// from the content store. Reads the trust files once, when it is made. One thread; owner: whoever opens a
// world.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/assess/detectors.hpp"
#include "engine/report/plugins.hpp"
#include "engine/service/places.hpp"
#include "engine/trust/policy.hpp"
#include "engine/trust/store.hpp"

namespace posterior::service {

class code_rulings {
public:
  explicit code_rulings(const places& at);
  // By other words than those in the home's trust file.
  code_rulings(const places& at, trust::trusted known);

  // Borrows this object.
  assess::code_policy policy();
  assess::code_ruling operator()(const kb::plugin_entry& p);

  // How each plugin with code stands that was ruled on, by id.
  std::vector<report::code_standing> take_standings();
  // What must live as long as anything may be loaded from what was ruled.
  std::shared_ptr<const void> take_leases();
  // Lines for people: a damaged trust file, a store that cannot be written. Each once.
  std::vector<std::string> take_notes();

private:
  void load_from_store(const kb::plugin_entry& p, assess::code_ruling& out, report::code_standing& shown);
  void load_in_place(const kb::plugin_entry& p, assess::code_ruling& out, const trust::stored& why);
  void note(std::string text);

  trust::real_disk disk_;
  trust::trusted known_;
  trust::bundle_store store_;
  bool homeless_;
  std::vector<report::code_standing> standings_;
  std::shared_ptr<std::vector<trust::lock>> leases_;
  std::vector<std::string> notes_;
};

} // namespace posterior::service
