// One item of the knowledge with all that stands around it, and lists of items, as data for whoever renders
// them. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kb/snapshot.hpp"

namespace posterior::kb {

// One line of "brings about: Forward tilt (forward-tilt), often [0.5 to 0.78]".
struct relation {
  std::string label; // "brings about", "is read by", "is used by"
  std::string kind, id, name;
  std::string detail; // strength, side, grade, or empty
};

struct shown_source {
  std::string claim; // id and text, both empty for a source cited directly
  std::string claim_text;
  std::string source, title; // id and title
  std::string place;         // in the source
  std::string seen, level;   // of the claim, or of the source with an empty level
  bool contested = false;
};

struct item_card {
  std::string kind, id, name;
  std::vector<std::pair<std::string, std::string>> fields; // label and value, in reading order
  std::vector<relation> relations;
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

// By id, alias, or the id made for a link, observes or indication. Nothing if there is none.
std::optional<item_card> show(const snapshot& s, std::string_view id);

// Ids like `id`, for a hint.
std::vector<std::string> near_ids(const snapshot& s, std::string_view id);

// All of one kind ("state", "cause" and the other kinds of states, "finding", "link", ...); empty for an
// unknown kind.
std::vector<listed> list(const snapshot& s, std::string_view kind);
// Kinds that `list` knows.
std::vector<std::string_view> kinds();

} // namespace posterior::kb
