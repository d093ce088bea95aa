#include "engine/service/code_rulings.hpp"

#include <filesystem>

namespace posterior::service {
namespace {

std::string library_hash(const kb::manifest& about) {
  for (const kb::file_entry& f : about.files)
    if (f.path == about.detector_file)
      return f.sha256;
  return {};
}

} // namespace

assess::code_policy code_rulings(const places&) {
  return [](const kb::plugin_entry& p) {
    assess::code_ruling out;
    out.bundled = p.origin == kb::bundle_origin::program;
    out.library = (std::filesystem::path(p.location) / p.about.detector_file).string();
    out.sha256 = library_hash(p.about);
    return out;
  };
}

} // namespace posterior::service
