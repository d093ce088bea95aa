// One item of the knowledge with all that stands around it, and lists of items, as data for whoever renders
// them. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kb/narrowing.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

// One line of "brings about: Forward tilt (forward-tilt), often [0.5 to 0.78]".
struct relation {
  std::string label; // "brings about", "is read by", "is named by (claims)"
  std::string kind, id, name;
  std::string detail; // strength, side, grade, or empty
  std::string plugin; // whose statement makes the relation; empty: the item's own
};

// Relations of one label that a card leaves out because there are too many.
struct relations_left {
  std::string label;
  std::size_t count = 0;
};

// A bundle that names the item, and in how many statements.
struct item_user {
  std::string plugin;
  std::size_t statements = 0;
};

struct shown_source {
  std::string claim; // id and text, both empty for a source cited directly
  std::string claim_text;
  std::string source, title; // id and title
  std::string place;         // in the source
  std::string seen, level;   // of the claim, or of the source with an empty level
  bool contested = false;
};

// The words of the item in another language, or for patients: label and value, in reading order.
struct item_words {
  std::string lang;
  bool patient = false;
  std::vector<std::pair<std::string, std::string>> fields;
};

struct item_card {
  std::string kind, id, name;
  std::vector<std::pair<std::string, std::string>> fields; // label and value, in reading order
  std::vector<item_words> words;                           // those for clinicians first, by language
  std::vector<relation> relations;                         // its own, then those of what names it
  std::vector<relations_left> left;
  std::vector<item_user> users;     // most first, then by id
  std::vector<std::string> missing; // ids that it names and nothing defines: it goes on without them
  std::vector<shown_source> sources;
  std::string judgement; // what it rests on besides
  std::string level, seen;
  bool contested = false;
  origin from;
};

struct listed {
  std::string kind, id, name, plugin;
  std::string level; // grade, or empty
};

// By id, alias, or the id made for a link, observes or indication. At most `most` relations of each label (0:
// all). Nothing if there is none.
std::optional<item_card> show(const snapshot& s, std::string_view id, std::size_t most = 0);

// What is known of an id that is not in force: it sleeps itself, or others sleep until it comes.
struct absent_id {
  std::vector<dormant> sleeps;  // its own entries: what it misses
  std::vector<dormant> waiting; // statements that name it
};
absent_id absence_of(const snapshot& s, std::string_view id);

// Ids like `id`, for a hint.
std::vector<std::string> near_ids(const snapshot& s, std::string_view id);

// All of one kind ("state", "cause" and the other kinds of states, "finding", "link", ...), of a plugin and a
// grade if `only` names them; empty for an unknown kind.
std::vector<listed> list(const snapshot& s, std::string_view kind, const narrowing& only = {});
// Kinds that `list` knows.
std::vector<std::string_view> kinds();

} // namespace posterior::kb
