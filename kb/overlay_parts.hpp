// How the overlay acts on statements, in parts that each have a file. Private to kb; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kb/overlay.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

// What the addition `e` says. Without words those of the scale stay unresolved.
void read_addition_of(const overlay_entry& e, const scale* words, statements& into, diagnostics& problems);

// The entry does not count (any more): its standing, one sentence, and a problem at its place.
void set_aside(overlay_document& said, overlay_entry& e, overlay_standing standing, std::string_view code,
               std::string text, std::string hint = {});

// Records that the entry made `now` of `before` (canonical JSON), and tells it if the entry knew another
// `before`.
void add_change(overlay_document& said, overlay_entry& e, const std::string& field, std::string before,
                std::string now, std::vector<change>& changes);

// Rules of the core: decided by the form of their ids.
bool is_rule_id(std::string_view id);

// Where a record of the overlay stands.
origin origin_of(const overlay_entry& e);

// A statement as the table of a document that says the same (FORMAT.md section 5), so that the readers can
// read it again with other values. Words of the scale stand as the numbers that they are.
node document_form(std::string_view kind, std::string_view canonical_text);
node document_form(const scale& words);

// Sets a member of a table, whether it has it or not.
void put_member(node& table, std::string_view name, const node& value);

// Each member of a statement with its canonical JSON, those of a dose one by one ("dose.sets"); in schema
// order. Members that hold nothing are left out.
struct field_text {
  std::string name, text;
};
std::vector<field_text> field_texts(std::string_view canonical_text);
std::vector<field_text> field_texts(const scale& words); // "words.often", "read.told", "credence" ...

// Sets the words of the scale that the overlay overrides; what changed goes to `changes`.
void set_words(overlay_document& said, scale& words, std::vector<change>& changes);

// Sets fields of statements. `all` is merged, sorted and without what is disabled; `words` is the scale.
void set_fields(overlay_document& said, statements& all, const scale& words, std::vector<change>& changes);

} // namespace posterior::kb
