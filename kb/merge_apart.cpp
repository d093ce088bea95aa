// The record of who said what before one statement was made of it: for whoever asks what was counted once.
#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "kb/merge_parts.hpp"

namespace posterior::kb {
namespace {

template <typename T>
void note_repeated(const std::vector<T>& list, std::vector<contribution>& out) {
  std::unordered_map<std::string, const T*> first; // nullptr once it is noted
  first.reserve(list.size());
  for (const T& s : list) {
    const auto [at, fresh] = first.try_emplace(s.id(), &s);
    if (fresh)
      continue;
    if (at->second != nullptr)
      out.push_back({at->first, at->second->from, at->second->rests_on});
    at->second = nullptr;
    out.push_back({at->first, s.from, s.rests_on});
  }
}

} // namespace

std::vector<contribution> said_apart(const statements& all) {
  std::vector<contribution> out;
  note_repeated(all.links, out);
  note_repeated(all.readings, out);
  note_repeated(all.priors, out);
  note_repeated(all.indications, out);
  std::sort(out.begin(), out.end(), [](const contribution& a, const contribution& b) {
    return std::tie(a.statement, a.from.plugin, a.from.where.file, a.from.where.line) <
           std::tie(b.statement, b.from.plugin, b.from.where.file, b.from.where.line);
  });
  return out;
}

} // namespace posterior::kb
