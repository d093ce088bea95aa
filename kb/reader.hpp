// Reads one document of a bundle: manifest, knowledge, scale. What may stand in them is kb/FORMAT.md. Errors
// are diagnostics with the place; reading goes on after each, so that one run names all of them. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>

#include "kb/bundle.hpp"
#include "kb/model.hpp"
#include "kb/values/document.hpp"

namespace posterior::kb {

inline constexpr std::string_view core_id = "org.posterior.core";
inline constexpr std::size_t statement_limit = 5000; // of one bundle

// Bundles whose id begins with `org.posterior.` write bare ids; all others need a prefix.
bool is_house_id(std::string_view bundle_id);

// On whose behalf a knowledge document is read.
struct reading_context {
  std::string bundle, version;
  std::string prefix;           // empty for org.posterior.*
  bool core = false;            // may hold what is marked *core only*
  const scale* words = nullptr; // nothing: words stay unresolved and are reported
  std::string file;             // what diagnostics call the document
  std::string relative;         // its name inside the bundle, kept as the statements' origin
};

// Appends what `root` says to `into`. In a pack, `schema` and `plugin` beside the statements are passed over.
void read_statements(const node& root, const reading_context& context, bool pack, statements& into,
                     diagnostics& problems);

scale read_scale(const node& root, const std::string& file, diagnostics& problems);

// `form` decides the schema and whether code and a file list may be named. Nothing if there is no usable id.
std::optional<manifest> read_manifest(const node& root, const std::string& file, bundle_form form,
                                      diagnostics& problems);

// One condition of FORMAT.md section 4; if it cannot be read, nothing, and `why` says what was needed.
std::optional<condition> parse_condition(std::string_view text, std::string& why);
std::string to_string(const condition& c); // reads back as the same condition

std::size_t count(const statements& s);

} // namespace posterior::kb
