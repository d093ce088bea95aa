// The compact form in which the store keeps a compiled snapshot, so that it loads without reading a single
// document: the members of schema.hpp one after another, numbers as eight bytes, texts with their length. It
// never leaves the machine. Private to kb; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/bundle.hpp"
#include "kb/overlay.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

// What became of the entries of the clinic's overlay, in their order.
struct overlay_fate {
  overlay_standing standing = overlay_standing::in_force;
  std::string why;
};
struct overlay_outcome {
  std::vector<overlay_fate> fates;
  diagnostics problems; // places are inside the home
  std::optional<std::int64_t> valid_until_day;
};

// What one import found: the merged knowledge, and every bundle with its problems (in the order of the scan,
// without statements).
struct compiled {
  snapshot content;
  std::vector<bundle> bundles;
  overlay_outcome overlay{};
};

std::string encode(const compiled& what);

// False if the bytes were not written by this encode() or were damaged; `into` is then of no use.
bool decode(std::string_view bytes, compiled& into);

// Whether the bytes begin as this encode() begins: those of another version of the program do not.
bool was_written_by_this(std::string_view bytes);

// Changes whenever a member is added, renamed or changes its type: what was stored before is then made anew.
std::string codec_shape();

} // namespace posterior::kb
