#include "engine/service/local/kept_builds.hpp"

#include <algorithm>

#include "engine/trust/store.hpp"
#include "kb/values/digest.hpp"

namespace posterior::service {
namespace {

std::string folder_in(const std::string& home) {
  return home + "/kept";
}

} // namespace

std::string keep_build(const std::string& home, const kb::bundle& b) {
  if (home.empty())
    return {};
  trust::real_disk d;
  std::string reason;
  const auto files = trust::read_bundle(d, b.location, reason);
  const auto manifest = std::find_if(files.begin(), files.end(), [](const trust::archive_file& f) {
    return f.name == "plugin.toml" || f.name.ends_with(".pack.toml");
  });
  if (manifest == files.end())
    return {};
  trust::bundle_store kept(d, folder_in(home));
  return kept.fetch(b.digest, files, {manifest->name, sha256_hex(manifest->bytes), manifest->bytes.size()})
      .folder;
}

void forget_builds(const std::string& home, const std::set<std::string>& digests) {
  trust::real_disk d;
  if (home.empty() || !d.status(folder_in(home)))
    return;
  trust::bundle_store(d, folder_in(home)).remove_unused(digests);
}

} // namespace posterior::service
