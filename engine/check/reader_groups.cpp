#include "engine/check/reader_groups.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/check/subject.hpp"

namespace posterior::check {
namespace {

using row = std::pair<std::string_view, std::string_view>;

constexpr std::array groups{
    row{"bundle.no-knowledge", "B01"},
    row{"bundle.no-scale", "B01"},
    row{"bundle.core-only", "B01"},
    row{"manifest.code-in-pack", "B01"},
    row{"bundle.no-manifest", "B02"},
    row{"bundle.unreadable", "B09"},
    row{"bundle.file-kind", "B09"},
    row{"manifest.bad-schema", "B03"},
    row{"manifest.bad-id", "B04"},
    row{"manifest.bad-version", "B05"},
    row{"manifest.bad-abi", "B07"},
    row{"bundle.extra-file", "B08"},
    row{"bundle.missing-file", "B08"},
    row{"bundle.size-differs", "B08"},
    row{"bundle.hash-differs", "B08"},
    row{"bundle.no-detector", "B08"},
    row{"manifest.bad-path", "B08"},
    row{"manifest.bad-digest", "B08"},
    row{"manifest.repeated", "B08"},
    row{"manifest.bad-requires", "B10"},
    row{"manifest.out-of-range", "B11"},
    row{"bundle.too-large", "B11"},
    row{"bundle.too-many-files", "B11"},
    row{"bundle.too-many-statements", "B11"},
    row{"manifest.unknown-field", "B12"},
    row{"manifest.bad-prefix", "K02"},
    row{"bundle.not-the-core", "K02"},
    row{"kb.bad-id", "K02"},
    row{"kb.repeated", "K02"},
    row{"kb.repeated-id", "K02"},
    row{"kb.retired-id", "K02"},
    row{"kb.repeated-prefix", "K02"},
    row{"kb.repeated-statement", "K02"},
    row{"kb.one-theory", "K02"},
    row{"kb.unknown-id", "K03"},
    row{"kb.wrong-kind", "K03"},
    row{"kb.bad-reference", "K03"},
    row{"kb.dormant", "K03"},
    row{"kb.no-basis", "K04"},
    row{"kb.bad-digest", "K04"},
    row{"kb.bad-interval", "K06"},
    row{"kb.bad-counts", "K06"},
    row{"kb.bad-normal", "K06"},
    row{"kb.bad-ratios", "K06"},
    row{"kb.unequal-sd", "K06"},
    row{"kb.one-way", "K06"},
    row{"kb.other-levels", "K06"},
    row{"kb.no-levels", "K06"},
    row{"kb.unknown-word", "K06"},
    row{"kb.two-priors", "K07"},
    row{"kb.no-part", "K07"},
    row{"kb.bad-pair", "K07"},
    row{"kb.bad-range", "K08"},
    row{"kb.no-unit", "K08"},
    row{"kb.unknown-unit", "K08"},
    row{"kb.bad-levels", "K08"},
    row{"kb.unit-and-levels", "K08"},
    row{"kb.bad-cutoff", "K08"},
    row{"kb.out-of-range", "K08"},
    row{"kb.bad-condition", "K09"},
    row{"kb.derived-in-rule", "K09"},
    row{"kb.no-trigger", "K09"},
    row{"kb.half-cause", "K09"},
    row{"kb.not-measured", "K09"},
    row{"kb.no-side", "K09"},
    row{"kb.double-evidence", "K10"},
    row{"kb.loop", "K11"},
    row{"kb.self-link", "K11"},
    row{"kb.self-gate", "K11"},
    row{"kb.too-many-gates", "K11"},
    row{"kb.not-cut", "K11"},
    row{"kb.bad-order", "K12"},
    row{"kb.empty-group", "K12"},
    row{"kb.half-start", "K12"},
    row{"kb.one-form", "K12"},
    row{"kb.order-loop", "K12"},
    row{"kb.core-only", "K13"},
    row{"kb.must-close", "K13"},
    row{"kb.not-derived", "K01"},
    row{"bundle.bad-text", "K14"},
    row{"kb.bad-text", "K14"},
    row{"kb.text-too-long", "K14"},
    row{"manifest.bad-text", "B02"},
    row{"manifest.text-too-long", "B02"},
};

} // namespace

std::string_view check_of(const diagnostic& d) {
  const auto at = std::find_if(groups.begin(), groups.end(), [&](const row& r) { return r.first == d.code; });
  if (at != groups.end())
    return at->second;
  const bool manifest = d.where.file.ends_with("/plugin.toml") || d.code.starts_with("manifest.");
  return manifest ? "B02" : "K01";
}

void take_readers(const subject& s, std::string_view id, verdict& out) {
  for (const diagnostic& d : s.says.problems)
    if (check_of(d) == id)
      out.take(d);
}

} // namespace posterior::check
