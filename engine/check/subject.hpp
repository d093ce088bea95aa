// The bundle that is checked, with everything that checks look at: its files, what they say, what is in force
// around it, and a bench where its code can be tried. Made by open_subject(); lent to the checks of one run.
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/assess/detectors.hpp"
#include "engine/check/lab.hpp"
#include "kb/catalogue.hpp"
#include "kb/snapshot.hpp"

namespace posterior::check {

// Where a check runs.
struct surroundings {
  std::vector<kb::search_place> installed; // the core and the plugins that the bundle will live with
  std::string worker, trial_worker;        // absolute paths of the programs
  assess::code_policy others;              // what of the installed code may run in golden cases
};

struct subject {
  kb::file_system* files = nullptr;
  kb::found_bundle found;
  kb::bundle says;                               // with its statements and all that reading found
  bool in_force = false;                         // it holds together with what is installed
  std::shared_ptr<const kb::snapshot> knowledge; // with it in force; empty if it is not
  std::optional<kb::bundle> before;              // the version to compare with
  std::string library;                           // path of the detector; empty: none is there
  std::string library_bytes;
  assess::detector_port detectors; // those of `knowledge`, this bundle's among them
  std::uint64_t seed = 1;
  mutable lab code; // only where `library` is given and `in_force`

  bool is_pack() const { return found.pack; }
  bool is_packed() const { return says.form == kb::bundle_form::packed_folder; }
  const kb::bundle_file* file(std::string_view name) const;
  std::optional<std::string> text(std::string_view name) const; // of a file of the bundle
  // A place in it: the manifest, or the pack itself, where no name is given.
  place at(std::string_view name = {}) const;
};

using opened_subject = std::variant<std::unique_ptr<subject>, diagnostic>;

// `path` is a bundle's folder or a NAME.pack.toml; `against`, if not empty, an earlier version of it.
opened_subject open_subject(kb::file_system& files, const std::string& path, const std::string& against,
                            const surroundings& around, std::uint64_t seed);

} // namespace posterior::check
