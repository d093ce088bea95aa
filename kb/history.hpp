// What became of the knowledge from one revision to another, as plain values; and the comparison of two
// canonical texts. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posterior::kb {

// What happened to a bundle: came, went, changed (version or content), disabled, enabled, refused, shadowed,
// in-force (again).
struct bundle_change {
  std::string id, what;
  std::string version_before, version_now; // empty: it was or is not there
};

// A row of a statement that began or ended. `why` is empty for a beginning, else changed, renewed (the same
// words, said by another version), superseded (`by` says it now), withdrawn (the plugin no longer says it),
// asleep (something that it names is gone), plugin-removed, plugin-disabled or plugin-refused.
struct statement_event {
  std::string kind, id, plugin, version, why, by;
};

struct revision_change {
  std::int64_t number = 0, made_at = 0, statements = 0;
  std::string digest, program;
  std::vector<bundle_change> bundles;            // by id
  std::int64_t added = 0, changed = 0, gone = 0; // statements; `renewed` ones are none of these
  std::vector<statement_event> events;           // of the id that was asked for
};

// "/p/0" was 0.65 and is 0.6. Values are canonical JSON; empty: not there.
struct field_change {
  std::string field, before, now;
};

struct statement_change {
  std::string kind, id;
  std::string what;                      // added, removed, changed
  std::string plugin_before, plugin_now; // empty: it was or is not there
  std::string why;                       // removed: as statement_event
  std::string name;                      // of the one that is there, or was
  std::vector<field_change> fields;      // changed: in the order of the texts
};

struct revision_diff {
  std::int64_t from = 0, to = 0;
  std::string digest_from, digest_to;
  std::vector<statement_change> changes; // by kind, then id
};

// Field by field, down to single values; a list of plain values is one field, a text is one field.
std::vector<field_change> compare_texts(std::string_view before, std::string_view now);

// The name, title or text that people know a statement by; empty if it has none.
std::string name_in(std::string_view canonical_text);

} // namespace posterior::kb
