// Walks over the ids that a statement names, as references.hpp lists them. Private to kb.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kb/references.hpp"

namespace posterior::kb {

// Calls `act(label, id)` for every id that an item names, those of its basis too.
template <typename Act>
class each_reference {
public:
  explicit each_reference(Act act)
      : act_(act) {}
  void one(std::string_view label, const std::string& id, std::string_view, bool) {
    if (!id.empty())
      act_(label, id);
  }
  void many(std::string_view label, const std::vector<std::string>& ids, std::string_view) {
    for (const std::string& id : ids)
      act_(label, id);
  }
  void groups(std::string_view label, const std::vector<std::vector<std::string>>& list,
              std::string_view kind) {
    for (const auto& ids : list)
      many(label, ids, kind);
  }
  void when(std::string_view label, const clauses& list) {
    for (const auto& clause : list)
      for (const condition& c : clause)
        if (!c.finding.empty())
          act_(label, c.finding);
  }
  void all(std::string_view label, const std::vector<std::string>& ids, std::string_view) {
    for (const std::string& id : ids)
      act_(label, id);
  }
  void cited(const std::vector<citation>& list) {
    for (const citation& c : list)
      act_("sources", c.source);
  }

private:
  Act act_;
};

} // namespace posterior::kb
