#include "kb/usage.hpp"

#include <algorithm>

#include "kb/each_reference.hpp"

namespace posterior::kb {
namespace {

struct named_use {
  std::uint32_t id;
  use who;
};

// Numbers for texts in the order in which they come.
class numbering {
public:
  explicit numbering(std::unordered_map<std::string_view, std::uint32_t>& numbers)
      : numbers_(numbers) {}
  std::uint32_t of(std::string_view text) {
    return numbers_.try_emplace(text, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

private:
  std::unordered_map<std::string_view, std::uint32_t>& numbers_;
};

// Of one statement, each id once for each label.
template <typename T>
void note(const T& item, use who, numbering& ids, std::vector<named_use>& out) {
  const std::size_t first = out.size();
  each_reference visitor([&](std::string_view label, const std::string& id) {
    const std::uint32_t number = ids.of(id);
    const bool known =
        std::any_of(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(),
                    [&](const named_use& other) { return other.id == number && other.who.label == label; });
    if (known)
      return;
    who.label = label;
    out.push_back({number, who});
  });
  references(visitor, item);
}

} // namespace

usage::usage(const statements& all) {
  std::unordered_map<std::string_view, std::uint32_t> plugin_numbers;
  numbering ids(number_), bundles(plugin_numbers);
  std::vector<named_use> found;
  std::size_t total = 0;
  each_kind(all, [&](std::string_view, const auto& list) { total += list.size(); });
  number_.reserve(total);
  found.reserve(3 * total);
  std::uint32_t kind = 0;
  each_kind(all, [&](std::string_view, const auto& list) {
    for (std::size_t i = 0; i < list.size(); ++i)
      note(list[i], {{}, kind, static_cast<std::uint32_t>(i), bundles.of(list[i].from.plugin)}, ids, found);
    ++kind;
  });
  plugins_.resize(plugin_numbers.size());
  for (const auto& [name, number] : plugin_numbers)
    plugins_[number] = name;
  begin_.assign(number_.size() + 1, 0);
  for (const named_use& one : found)
    ++begin_[one.id + 1];
  for (std::size_t i = 1; i < begin_.size(); ++i)
    begin_[i] += begin_[i - 1];
  uses_.resize(found.size());
  std::vector<std::uint32_t> next = begin_;
  for (const named_use& one : found)
    uses_[next[one.id]++] = one.who;
}

std::span<const use> usage::of(std::string_view id) const {
  const auto at = number_.find(id);
  if (at == number_.end())
    return {};
  return std::span(uses_).subspan(begin_[at->second], begin_[at->second + 1] - begin_[at->second]);
}

} // namespace posterior::kb
