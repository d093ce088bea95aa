#include "kb/overlaps.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "kb/evidence.hpp"

namespace posterior::kb {
namespace {

constexpr double nearly = 0.75; // of all words that two claims hold, the part that both hold

// Letters and digits only, in lower case.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text)
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80)
      out += c;
    else if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
  return out;
}

// What makes two sources one work: DOI or address, the digest of the text, or title and year.
std::vector<std::string> keys_of(const source& s) {
  std::vector<std::string> out;
  if (const auto doi = s.locator.find("10.");
      doi != std::string::npos && s.locator.find('/') != std::string::npos)
    out.push_back("doi:" + plain(s.locator.substr(doi)));
  else if (s.locator.find("://") != std::string::npos)
    out.push_back("at:" + plain(s.locator.substr(s.locator.find("://"))));
  if (!s.sha256.empty())
    out.push_back("sha256:" + s.sha256);
  if (!s.title.empty() && !s.year.empty())
    out.push_back("title:" + plain(s.title) + ":" + s.year);
  return out;
}

// Sources by the work that they are: each has the id of the first source of its work.
class works {
public:
  explicit works(const snapshot& s) {
    std::map<std::string, std::string> first;
    for (const source& one : s.all.sources) {
      std::string work = one.id;
      for (const std::string& key : keys_of(one))
        if (const auto at = first.find(key); at != first.end())
          work = std::min(work, at->second);
      for (const std::string& key : keys_of(one))
        first.emplace(key, work);
      of_.emplace(one.id, work);
    }
  }
  std::string of(const std::string& source) const {
    const auto at = of_.find(source);
    return at == of_.end() ? source : at->second;
  }

private:
  std::map<std::string, std::string> of_;
};

std::set<std::string> words_of(const std::string& text) {
  std::set<std::string> out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find(' ', i), text.size());
    if (const std::string word = plain(std::string_view(text).substr(i, end - i)); !word.empty())
      out.insert(word);
    i = end + 1;
  }
  return out;
}

bool nearly_same(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::size_t both = 0;
  for (const std::string& word : a)
    both += b.contains(word) ? 1 : 0;
  const std::size_t all = a.size() + b.size() - both;
  return all > 0 && static_cast<double>(both) >= nearly * static_cast<double>(all);
}

class finder {
public:
  explicit finder(const snapshot& s)
      : s_(s)
      , works_(s) {}

  std::vector<overlap> run() {
    for (std::size_t i = 0; i < s_.said_apart.size();) {
      const auto group = s_.contributions_to(s_.said_apart[i].statement);
      one_statement(group);
      i += std::max<std::size_t>(group.size(), 1);
    }
    same_ends();
    same_sources();
    same_words();
    return std::move(out_);
  }

private:
  void one_statement(std::span<const contribution> group) {
    std::map<std::string, std::vector<const contribution*>> by_claim, by_work;
    for (const contribution& c : group) {
      std::set<std::string> cited;
      for (const std::string& id : c.rests_on.claims) {
        by_claim[id].push_back(&c);
        if (const claim* found = s_.find_claim(id))
          cited.insert(works_.of(found->source));
      }
      for (const citation& one : c.rests_on.sources)
        cited.insert(works_.of(one.source));
      for (const std::string& work : cited)
        by_work[work].push_back(&c);
    }
    for (const auto& [id, list] : by_claim)
      if (list.size() > 1)
        add(overlap_kind::one_claim, group.front().statement, {id}, list);
    for (const auto& [work, list] : by_work)
      if (list.size() > 1 && !share_a_claim(list))
        add(overlap_kind::one_work, group.front().statement, {work}, list);
  }

  static bool share_a_claim(const std::vector<const contribution*>& list) {
    std::set<std::string> seen;
    for (const contribution* c : list)
      for (const std::string& id : c->rests_on.claims)
        if (!seen.insert(id).second)
          return true;
    return false;
  }

  void add(overlap_kind what, const std::string& id, std::vector<std::string> shared,
           const std::vector<const contribution*>& list) {
    overlap one{what, id, std::move(shared), {}};
    for (const contribution* c : list)
      one.said.push_back({c->statement, c->from});
    out_.push_back(std::move(one));
  }

  template <typename T>
  void add_pair(overlap_kind what, std::vector<std::string> shared, const T& a, const std::string& id_a,
                const T& b, const std::string& id_b) {
    out_.push_back({what, id_a, std::move(shared), {{id_a, a.from}, {id_b, b.from}}});
  }

  // Links are sorted by their ends.
  void same_ends() {
    const auto& links = s_.all.links;
    for (std::size_t i = 0; i < links.size(); ++i)
      for (std::size_t k = i + 1;
           k < links.size() && links[k].source == links[i].source && links[k].target == links[i].target;
           ++k) {
        std::vector<std::string> shared;
        for (const std::string& id : links[i].rests_on.claims)
          if (const auto& other = links[k].rests_on.claims;
              std::find(other.begin(), other.end(), id) != other.end())
            shared.push_back(id);
        if (!shared.empty())
          add_pair(overlap_kind::same_ends, std::move(shared), links[i], links[i].id(), links[k],
                   links[k].id());
      }
  }

  void same_sources() {
    std::map<std::string, const source*> first;
    for (const source& one : s_.all.sources)
      if (const auto [at, fresh] = first.emplace(works_.of(one.id), &one); !fresh)
        add_pair(overlap_kind::same_source, {}, *at->second, at->second->id, one, one.id);
  }

  void same_words() {
    std::map<std::string, std::vector<std::pair<const claim*, std::set<std::string>>>> by_work;
    for (const claim& c : s_.all.claims)
      by_work[works_.of(c.source)].emplace_back(&c, words_of(c.text));
    for (const auto& [work, list] : by_work)
      for (std::size_t i = 0; i < list.size(); ++i)
        for (std::size_t k = i + 1; k < list.size(); ++k)
          if (nearly_same(list[i].second, list[k].second))
            add_pair(overlap_kind::same_words, {work}, *list[i].first, list[i].first->id, *list[k].first,
                     list[k].first->id);
  }

  const snapshot& s_;
  works works_;
  std::vector<overlap> out_;
};

// The states that a statement joins, from its id.
bool names_state(const std::string& id, const std::string& state) {
  const std::string dotted = "." + id + ".";
  return dotted.find("." + state + ".") != std::string::npos;
}

bool wanted(const overlap& o, const snapshot& s, const narrowing& only, const cited_about& cited) {
  const auto any = [&](auto fits) { return std::any_of(o.said.begin(), o.said.end(), fits); };
  if (!only.plugin.empty() && !any([&](const overlap_side& x) { return x.from.plugin == only.plugin; }))
    return false;
  if (!only.cause.empty() && !any([&](const overlap_side& x) {
        return names_state(x.id, only.cause) || cited.has_claim(x.id) || cited.has_source(x.id);
      }))
    return false;
  if (only.source.empty())
    return true;
  const auto is_it = [&](const std::string& id) {
    const claim* c = s.find_claim(id);
    return id == only.source || (c != nullptr && c->source == only.source);
  };
  return std::any_of(o.shared.begin(), o.shared.end(), is_it) ||
         any([&](const overlap_side& x) { return is_it(x.id); });
}

} // namespace

std::string_view to_string(overlap_kind k) {
  switch (k) {
  case overlap_kind::one_claim:
    return "one-claim";
  case overlap_kind::one_work:
    return "one-work";
  case overlap_kind::same_ends:
    return "same-ends";
  case overlap_kind::same_source:
    return "same-source";
  case overlap_kind::same_words:
    break;
  }
  return "same-words";
}

std::vector<overlap> overlaps_of(const snapshot& s, const narrowing& only) {
  std::vector<overlap> out = finder(s).run();
  const cited_about cited(s, only.cause);
  std::erase_if(out, [&](const overlap& o) { return !wanted(o, s, only, cited); });
  std::stable_sort(out.begin(), out.end(), [](const overlap& a, const overlap& b) {
    return std::tie(a.what, a.id) < std::tie(b.what, b.id);
  });
  return out;
}

} // namespace posterior::kb
