// What of each statement is searched, in the order in which equal hits are given. Private to kb; pure.
#pragma once

#include <string>
#include <vector>

#include "kb/snapshot.hpp"

namespace posterior::kb {

// A statement in one language. The words for patients count to those of their language.
struct text_document {
  std::string language = "en"; // that it is written in
  // Languages in which it is not to be found: another language's text is one of that language alone, and who
  // asks in that one is not given the English beside it.
  std::vector<std::string> hidden_in;
  std::string kind, id, plugin, level, name;
  std::vector<std::string> aliases;
  std::vector<std::string> texts;   // what people read besides
  std::vector<std::string> kinds;   // that it can be asked for by: a state's own kind too
  std::vector<std::string> sources; // and claims that it rests on or is, itself or through a claim; sorted
};

// Every statement in English and in every language that somebody gives its words in. By the length of the
// name (statements without one come last, by that of their id), then kind and id.
std::vector<text_document> documents_of(const statements& all);

} // namespace posterior::kb
