// Whether texts in other languages and for patients fit what they are about: the words that an item of that
// kind has, and one text for each language and reader.
#include <algorithm>

#include "kb/item.hpp"
#include "kb/merge_parts.hpp"
#include "kb/schema.hpp"

namespace posterior::kb {
namespace {

struct words_of_kind {
  std::string_view kind;
  std::vector<std::string_view> keys;
};

const std::vector<words_of_kind>& words_of_kinds() {
  static const std::vector<words_of_kind> all{
      {"claim", {"text"}},
      {"equipment", {"name"}},
      {"exercise", {"name", "text", "purpose", "caution", "note", "cues", "errors", "stop"}},
      {"family", {"name"}},
      {"finding", {"name", "text", "question", "how", "levels"}},
      {"precaution", {"name", "why"}},
      {"rule", {"name", "text", "action", "timing"}},
      {"site", {"name"}},
      {"state", {"name", "text"}},
      {"tension", {"text"}},
  };
  return all;
}

// The keys of a text that hold something.
class filled_keys {
public:
  std::vector<std::string_view> out;

  void operator()(std::string_view key, const std::string& value) {
    if (!value.empty() && key != "of" && key != "lang")
      out.push_back(key);
  }
  void operator()(std::string_view key, const std::vector<std::string>& list) {
    if (!list.empty())
      out.push_back(key);
  }
  void operator()(std::string_view, bool) {}
  void operator()(std::string_view, const basis&) {}
};

void check_keys(bundle& b, const wording& w, std::string_view kind) {
  const auto& all = words_of_kinds();
  const auto row = std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.kind == kind; });
  const auto what = [&](std::string_view key) {
    return "\"" + std::string(key) + "\" of the text \"" + w.id() + "\"";
  };
  filled_keys filled;
  visit(filled, w);
  for (const std::string_view key : filled.out)
    if (row == all.end() || std::find(row->keys.begin(), row->keys.end(), key) == row->keys.end())
      refuse(b, w.from.where, "no-such-words",
             fault(what(key), "given for a " + std::string(kind),
                   row == all.end() ? std::string("left out") : one_of(row->keys)));
}

void check_levels(bundle& b, const wording& w, const bundle& defines) {
  const auto& findings = defines.says.findings;
  const auto at =
      std::find_if(findings.begin(), findings.end(), [&](const finding& f) { return f.id == w.of; });
  if (at != findings.end() && at->levels.size() != w.levels.size())
    refuse(b, w.from.where, "other-levels",
           fault("\"levels\" of the text \"" + w.id() + "\"", std::to_string(w.levels.size()) + " words",
                 std::to_string(at->levels.size()) + ", one for each level of the finding"));
}

} // namespace

void check_texts(std::vector<bundle>& bundles, const definitions& known) {
  std::map<std::string, place> said;
  for (bundle& b : bundles) {
    if (!sound(b))
      continue;
    std::map<std::string, place> own;
    for (const wording& w : b.says.texts) {
      if (const auto at = known.find(w.of); at != known.end() && at->second.kind != retired_kind) {
        check_keys(b, w, at->second.kind);
        if (!w.levels.empty())
          check_levels(b, w, *at->second.by);
      }
      own.emplace(w.id(), full_place(b, w.from.where));
      if (const auto before = said.find(w.id()); before != said.end())
        refuse(b, w.from.where, "repeated-id",
               fault("the text \"" + w.id() + "\"", "given already at " + to_string(before->second),
                     "given once in all bundles"));
    }
    if (sound(b))
      said.merge(own);
  }
}

} // namespace posterior::kb
