#include "engine/service/local/knowledge_source.hpp"

#include <algorithm>
#include <utility>

#include "engine/service/local/backup.hpp"
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

bool without_effect(const kb::bundle& b) {
  return b.shadowed || b.disabled || has_errors(b.problems);
}

} // namespace

opened_knowledge open_knowledge(const places& at, bool with_plugin_path, const build_checks& checks) {
  trust::real_disk disk;
  if (!at.home.empty())
    finish_restore(disk, at.home.string()); // what it cannot do, opening says of the same folder
  kb::real_files files;
  kb::opened found = open_generation(files, options_for(at, with_plugin_path), checks);
  opened_knowledge out{std::move(found.knowledge), {}, std::move(found.problems), std::move(found.notes)};
  std::copy_if(found.bundles.begin(), found.bundles.end(), std::back_inserter(out.refused), without_effect);
  return out;
}

} // namespace posterior::service
