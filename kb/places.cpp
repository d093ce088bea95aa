#include "kb/places.hpp"

namespace posterior::kb {
namespace {

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::optional<std::string> filled(const variables& get, const char* name) {
  auto value = get(name);
  return value && !value->empty() ? value : std::nullopt;
}

} // namespace

std::optional<std::string> prefix_of(std::string_view program) {
  const std::string_view folder = folder_of(program);
  for (const std::string_view inner : {"/bin", "/libexec/posterior"})
    if (folder.ends_with(inner)) {
      const std::string_view prefix = folder.substr(0, folder.size() - inner.size());
      return std::string(prefix.empty() ? "/" : prefix);
    }
  return std::nullopt;
}

std::optional<std::string> own_prefix(file_system& files) {
  const auto program = files.resolve("/proc/self/exe");
  return program ? prefix_of(*program) : std::nullopt;
}

std::string home_folder(const variables& get) {
  if (const auto home = filled(get, "POSTERIOR_HOME"))
    return *home;
  if (const auto data = filled(get, "XDG_DATA_HOME"))
    return *data + "/posterior";
  if (const auto home = filled(get, "HOME"))
    return *home + "/.local/share/posterior";
  return {};
}

std::vector<search_place> search_places(const variables& get, const std::string& home,
                                        const std::string& prefix) {
  std::vector<search_place> out;
  std::string path = filled(get, "POSTERIOR_PLUGIN_PATH").value_or("");
  for (std::size_t start = 0; start < path.size();) {
    const auto end = std::min(path.find(':', start), path.size());
    if (end > start)
      out.push_back({path.substr(start, end - start), bundle_origin::path_variable});
    start = end + 1;
  }
  if (!home.empty())
    out.push_back({home + "/plugins", bundle_origin::home});
  if (!prefix.empty())
    out.push_back({prefix + "/lib/posterior/plugins", bundle_origin::program});
  return out;
}

} // namespace posterior::kb
