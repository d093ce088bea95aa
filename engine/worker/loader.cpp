#include "engine/worker/loader.hpp"

#include <boost/dll/shared_library_load_mode.hpp>

#include <dlfcn.h>
#include <link.h>

#include <cstddef>
#include <cstring>
#include <exception>
#include <optional>

namespace posterior::worker {
namespace {

using wire::refusal_step;

constexpr std::uint32_t classes_max = 64;

// What ABI 1.0 has of the two structs. Not sizeof: that grows with each minor, and an older plugin stays
// welcome.
constexpr std::size_t plugin_bytes_min =
    offsetof(posterior_plugin, deinit) + sizeof(posterior_plugin::deinit);
constexpr std::size_t class_bytes_min =
    offsetof(posterior_detector_class, get_extension) + sizeof(posterior_detector_class::get_extension);

std::string quoted(const char* text) {
  return text == nullptr ? "nothing" : "`" + std::string{text, strnlen(text, 128)} + "`";
}
std::string quoted(std::string_view text) {
  return "`" + std::string{text} + "`";
}
bool same(const char* found, std::string_view wanted) {
  return found != nullptr && strnlen(found, wanted.size() + 1) == wanted.size() &&
         std::memcmp(found, wanted.data(), wanted.size()) == 0;
}

// True if the symbol lies in the library itself and not in one that it depends on.
bool owns(const boost::dll::shared_library& library, const void* symbol) {
  Dl_info unused{};
  void* owner = nullptr;
  void* own = nullptr;
  return dladdr1(symbol, &unused, &owner, RTLD_DL_LINKMAP) != 0 &&
         dlinfo(library.native(), RTLD_DI_LINKMAP, &own) == 0 && owner == own;
}

// The loader's own sentence out of Boost's, with the library's path where the loader knows a descriptor only.
std::string loaders_words(std::string text, const std::string& opened, std::string_view path) {
  constexpr std::string_view lead = "dlerror system message: ";
  if (const auto begin = text.find(lead); begin != std::string::npos)
    text = text.substr(begin + lead.size(), text.rfind(')') - begin - lead.size());
  for (auto at = text.find(opened); at != std::string::npos; at = text.find(opened, at + path.size()))
    text.replace(at, opened.size(), path);
  return text;
}

std::variant<loaded, refused> open(const wire::load_order& order, int descriptor) {
  namespace load_mode = boost::dll::load_mode;
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  loaded result;
  try {
    result.library.load(path, load_mode::rtld_now | load_mode::rtld_local);
  } catch (const std::exception& error) {
    return refused{refusal_step::open, loaders_words(error.what(), path, order.library)};
  }
  if (!result.library.has(POSTERIOR_PLUGIN_SYMBOL))
    return refused{refusal_step::symbol,
                   "the symbol " POSTERIOR_PLUGIN_SYMBOL " was not found, must be exported"};
  result.plugin = &result.library.get<const posterior_plugin>(POSTERIOR_PLUGIN_SYMBOL);
  if (!owns(result.library, result.plugin))
    return refused{refusal_step::symbol_owner,
                   "the symbol " POSTERIOR_PLUGIN_SYMBOL
                   " was found in a library that this one depends on, must be its own"};
  return result;
}

std::optional<refused> check_head(const posterior_plugin& plugin) {
  if (plugin.size < plugin_bytes_min)
    return refused{refusal_step::descriptor, "the descriptor's size was " + std::to_string(plugin.size) +
                                                 ", must be at least " + std::to_string(plugin_bytes_min)};
  if (plugin.abi_major != POSTERIOR_ABI_MAJOR)
    return refused{refusal_step::abi_major, "the plugin was built for ABI " +
                                                std::to_string(plugin.abi_major) + ", this engine speaks " +
                                                std::to_string(POSTERIOR_ABI_MAJOR)};
  if (plugin.abi_minor_required > POSTERIOR_ABI_MINOR)
    return refused{refusal_step::abi_minor,
                   "the plugin needs ABI 1." + std::to_string(plugin.abi_minor_required) +
                       ", this engine speaks 1." + std::to_string(POSTERIOR_ABI_MINOR)};
  if (plugin.reserved != 0)
    return refused{refusal_step::descriptor, "a reserved field of the descriptor is not 0"};
  if (plugin.init == nullptr || plugin.deinit == nullptr || plugin.classes == nullptr)
    return refused{refusal_step::descriptor,
                   "init, deinit or classes of the descriptor is NULL, must be given"};
  return std::nullopt;
}

std::optional<refused> check_identity(const posterior_plugin& plugin, const wire::load_order& order) {
  if (!same(plugin.id, order.plugin))
    return refused{refusal_step::plugin_id, "the library's id was " + quoted(plugin.id) + ", must be " +
                                                quoted(order.plugin) + " as in plugin.toml"};
  if (!same(plugin.version, order.version))
    return refused{refusal_step::plugin_version, "the library's version was " + quoted(plugin.version) +
                                                     ", must be " + quoted(order.version) +
                                                     " as in plugin.toml"};
  if (plugin.class_count == 0 || plugin.class_count > classes_max)
    return refused{refusal_step::detector_class,
                   "the number of classes was " + std::to_string(plugin.class_count) + ", must be 1 to 64"};
  return std::nullopt;
}

std::optional<refused> check_class(const posterior_detector_class& one) {
  if (one.size < class_bytes_min)
    return refused{refusal_step::detector_class, "the class's size was " + std::to_string(one.size) +
                                                     ", must be at least " + std::to_string(class_bytes_min)};
  if (one.flags != 0)
    return refused{refusal_step::detector_class, "the class's flags are not 0"};
  if (one.create == nullptr || one.destroy == nullptr || one.evaluate == nullptr)
    return refused{refusal_step::detector_class,
                   "create, destroy or evaluate of the class is NULL, must be given"};
  return std::nullopt;
}

} // namespace

std::variant<const posterior_detector_class*, refused> check_descriptor(const posterior_plugin& plugin,
                                                                        const wire::load_order& order) {
  if (auto no = check_head(plugin))
    return *no;
  if (auto no = check_identity(plugin, order))
    return *no;
  for (std::uint32_t i = 0; i < plugin.class_count; ++i) {
    const posterior_detector_class* one = plugin.classes[i];
    if (one == nullptr)
      return refused{refusal_step::detector_class, "a class is NULL, must be given"};
    if (auto no = check_class(*one))
      return *no;
    if (same(one->id, order.class_id))
      return one;
  }
  return refused{refusal_step::detector_class,
                 "no class is called " + quoted(order.class_id) + ", one must be"};
}

std::variant<loaded, refused> load(const wire::load_order& order, int descriptor) {
  auto opened = open(order, descriptor);
  if (auto* one = std::get_if<loaded>(&opened)) {
    auto checked = check_descriptor(*one->plugin, order);
    if (auto* no = std::get_if<refused>(&checked))
      opened = std::move(*no); // unloads: nothing of it was called
    else
      one->made_by = std::get<const posterior_detector_class*>(checked);
  }
  return opened;
}

} // namespace posterior::worker
