// A manifest as one line of JSON, as the store keeps it beside every plugin of every revision. Private to kb;
// pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "kb/bundle.hpp"

namespace posterior::kb {

std::string manifest_text(const manifest& m);

// False if `text` was not written by manifest_text().
bool read_manifest_text(std::string_view text, manifest& into);

} // namespace posterior::kb
