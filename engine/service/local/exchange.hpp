// The knowledge of one machine as one file for another. It holds every statement in force as canonical text
// (statements.jsonl, whose SHA-256 is the digest of the knowledge), the documents of every bundle, and the
// clinic's overlay if there is one; never code: of a bundle with a detector the manifest is written without
// it. The same knowledge gives the same bytes.
//
// Importing checks everything first: digests, and that all bundles merge with what is here. Then each bundle
// of the other home goes through the door of every plugin (plugin_changes.hpp) in a folder of its own, and
// what comes of that is exchanged at once (swap.hpp): all of it or nothing, whatever happens in between.
// Bundles that come with the program are compared, never installed. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/service/exchange_desk.hpp"
#include "engine/service/local/plugin_changes.hpp"
#include "engine/trust/disk.hpp"
#include "kb/snapshot.hpp"

namespace posterior::service {

inline constexpr std::string_view export_schema = "posterior.knowledge-export/1";

// `knowledge` is what is in force, `home` where an overlay may lie.
export_outcome export_knowledge(trust::disk& d, const kb::snapshot& knowledge, const std::string& home);

import_outcome import_knowledge(trust::disk& d, const change_tools& tools, std::string_view bytes,
                                const std::string& name);

} // namespace posterior::service
