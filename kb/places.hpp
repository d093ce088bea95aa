// Where the program, its home and its plugins lie. No variable is read here: whoever starts the program hands
// in a look-up. Pure but for resolving the program's own path.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/catalogue.hpp"

namespace posterior::kb {

using variables = std::function<std::optional<std::string>(const char*)>; // getenv

// The folder that holds bin/, libexec/, lib/ and share/, from the path of a program in it; nothing if the
// program lies in none of them.
std::optional<std::string> prefix_of(std::string_view program);
std::optional<std::string> own_prefix(file_system& files); // by /proc/self/exe

// POSTERIOR_HOME, else XDG_DATA_HOME/posterior, else HOME/.local/share/posterior; empty without any of them.
std::string home_folder(const variables& get);

// The entries of POSTERIOR_PLUGIN_PATH, then the home's plugins/, then the prefix's lib/posterior/plugins.
std::vector<search_place> search_places(const variables& get, const std::string& home,
                                        const std::string& prefix);

} // namespace posterior::kb
