// What of each statement is searched, in the order in which equal hits are given. Private to kb; pure.
#pragma once

#include <string>
#include <vector>

#include "kb/snapshot.hpp"

namespace posterior::kb {

struct text_document {
  std::string kind, id, plugin, level, name;
  std::vector<std::string> aliases;
  std::vector<std::string> texts;   // what people read besides
  std::vector<std::string> kinds;   // that it can be asked for by: a state's own kind too
  std::vector<std::string> sources; // that it rests on, itself or through a claim; sorted
};

// By the length of the name (statements without one come last, by that of their id), then kind and id.
std::vector<text_document> documents_of(const statements& all);

} // namespace posterior::kb
