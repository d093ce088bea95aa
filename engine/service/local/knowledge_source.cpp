#include "engine/service/local/knowledge_source.hpp"

#include <algorithm>
#include <utility>

#include "engine/service/local/swap.hpp"
#include "engine/service/version.hpp"
#include "engine/trust/trust_file.hpp"
#include "kb/knowledge_base.hpp"
#include "kb/places.hpp"

namespace posterior::service {
namespace {

kb::open_options options_for(const places& at, bool with_plugin_path) {
  kb::open_options options;
  options.home = at.home.string();
  options.places = kb::search_places(at.variables, options.home, at.prefix.string());
  if (!with_plugin_path)
    std::erase_if(options.places,
                  [](const kb::search_place& p) { return p.origin == kb::bundle_origin::path_variable; });
  options.program_version = engine_version();
  trust::real_disk disk;
  options.disabled = trust::read_trust(disk, options.home).value.disabled;
  return options;
}

constexpr std::uint64_t records_limit = 4u << 20;

// Opening tells of a list that cannot be read; here it only means that nothing is held.
std::vector<kb::held_bundle> held_in(kb::file_system& files, const std::string& home) {
  const std::string path = home + "/builds.json";
  std::string told_by_opening;
  const auto bytes = files.read(path, records_limit);
  auto known = bytes ? read_builds(*bytes, path, told_by_opening) : std::nullopt;
  return known ? std::move(known->held) : std::vector<kb::held_bundle>();
}

bool without_effect(const kb::bundle& b) {
  return b.shadowed || b.disabled || has_errors(b.problems);
}

} // namespace

kb::opened open_in_memory(kb::file_system& files, const places& at, bool with_plugin_path) {
  kb::open_options options = options_for(at, with_plugin_path);
  options.held = held_in(files, options.home);
  options.in_memory = true;
  return kb::open(files, options);
}

opened_knowledge open_knowledge(const places& at, bool with_plugin_path, bool with_drafts,
                                const build_checks& checks) {
  trust::real_disk disk;
  if (!at.home.empty())
    finish_swap(disk, at.home.string()); // what it cannot do, opening says of the same folder
  kb::real_files files;
  kb::open_options options = options_for(at, with_plugin_path);
  if (with_drafts) {
    options.with_drafts = true;
    options.held = held_in(files, options.home);
  }
  kb::opened found =
      with_drafts ? kb::open(files, options) : open_generation(files, std::move(options), checks);
  opened_knowledge out{std::move(found.knowledge), std::move(found.overlay), found.valid_until_day, {},
                       std::move(found.problems),  std::move(found.notes)};
  std::copy_if(found.bundles.begin(), found.bundles.end(), std::back_inserter(out.refused), without_effect);
  return out;
}

} // namespace posterior::service
