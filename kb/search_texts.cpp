#include "kb/search_texts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "kb/schema.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

// Collects what people read in a statement: names and aliases apart from the rest.
class text_collector {
public:
  explicit text_collector(text_document& to)
      : to_(to) {}

  void operator()(std::string_view key, const std::string& value) {
    if (key == "name" || key == "title")
      to_.name = value;
    else if (is_prose(key))
      add(value);
  }
  void operator()(std::string_view key, const std::vector<std::string>& list) {
    if (key == "aliases")
      to_.aliases = list;
    else if (is_prose(key))
      std::for_each(list.begin(), list.end(), [&](const std::string& value) { add(value); });
  }
  void operator()(std::string_view, const std::vector<take>& list) {
    for (const take& t : list)
      add(t.text);
  }
  void operator()(std::string_view, const dose& d) { visit(*this, d); }
  void operator()(std::string_view, const basis& b) { add(b.judgement); }
  template <typename T>
  void operator()(std::string_view, const T&) {}

private:
  static bool is_prose(std::string_view key) {
    static constexpr std::string_view prose[] = {
        "text",       "present_when", "population", "question", "how",     "position", "reliability",
        "because",    "action",       "timing",     "purpose",  "targets", "caution",  "cues",
        "errors",     "stop",         "note",       "why",      "authors", "venue",    "locator",
        "cut_reason", "tempo",        "load",       "year",     "reason",  "levels"};
    return std::find(std::begin(prose), std::end(prose), key) != std::end(prose);
  }
  void add(const std::string& value) {
    if (!value.empty())
      to_.texts.push_back(value);
  }

  text_document& to_;
};

using claim_sources = std::unordered_map<std::string_view, std::string_view>; // claim to source

template <typename T>
void add_level(const T& item, text_document& to) {
  if (const basis* rests_on = basis_of(item))
    to.level = to_string(rests_on->level);
  else if constexpr (std::same_as<T, claim>)
    to.level = to_string(item.level);
}

template <typename T>
void add_sources(const T& item, const claim_sources& of_claims, text_document& to) {
  if constexpr (std::same_as<T, source>)
    to.sources.push_back(item.id);
  if constexpr (std::same_as<T, claim>)
    to.sources.insert(to.sources.end(), {item.id, item.source});
  if (const basis* rests_on = basis_of(item)) {
    for (const citation& c : rests_on->sources)
      to.sources.push_back(c.source);
    for (const std::string& c : rests_on->claims) {
      to.sources.push_back(c);
      if (const auto at = of_claims.find(c); at != of_claims.end())
        to.sources.emplace_back(at->second);
    }
  }
  std::sort(to.sources.begin(), to.sources.end());
  to.sources.erase(std::unique(to.sources.begin(), to.sources.end()), to.sources.end());
}

template <typename T>
text_document document_of(std::string_view kind, const T& item, const claim_sources& of_claims) {
  text_document out;
  out.kind = kind;
  out.id = id_of(item);
  out.plugin = item.from.plugin;
  text_collector texts(out);
  visit(texts, item);
  add_level(item, out);
  out.kinds.emplace_back(kind);
  if constexpr (std::same_as<T, state>)
    out.kinds.emplace_back(to_string(item.kind));
  add_sources(item, of_claims, out);
  return out;
}

// --- languages --------------------------------------------------------------------

using wordings = std::map<std::string_view, std::vector<const wording*>>; // by language
using wordings_of = std::unordered_map<std::string_view, wordings>;       // by item

void add_words(const wording& w, text_document& to) {
  const std::string name = to.name;
  text_collector texts(to);
  visit(texts, w);
  if (w.name.empty() || (w.patient && !name.empty())) // a patient's name for it is one more
    to.name = name;
  if (w.patient && !w.name.empty() && to.name != w.name)
    to.aliases.push_back(w.name);
}

// What only patients are told in a language is found beside the English for clinicians.
text_document in_language(const text_document& english, std::string_view language,
                          const std::vector<const wording*>& said) {
  text_document out = english;
  const bool translated = std::any_of(said.begin(), said.end(), [](const wording* w) { return !w->patient; });
  if (translated) {
    out.name.clear();
    out.aliases.clear();
    out.texts.clear();
  }
  for (const wording* w : said)
    add_words(*w, out);
  if (out.name.empty())
    out.name = english.name;
  out.language = language;
  return out;
}

class translator {
public:
  explicit translator(const std::vector<wording>& all) {
    for (const wording& w : all) {
      by_item_[w.of][w.lang].push_back(&w);
      languages_.insert(w.lang);
    }
    languages_.insert("en");
  }

  // The document in all its languages.
  void add(text_document english, std::vector<text_document>& to) const {
    const auto at = by_item_.find(english.id);
    if (at == by_item_.end())
      return to.push_back(std::move(english));
    for (const auto& [language, said] : at->second) {
      if (language == "en")
        continue;
      text_document& other = to.emplace_back(in_language(english, language, said));
      for (const std::string_view one : languages_)
        if (one != language)
          other.hidden_in.emplace_back(one);
      english.hidden_in.emplace_back(language);
    }
    if (const auto own = at->second.find("en"); own != at->second.end())
      for (const wording* w : own->second)
        add_words(*w, english);
    to.push_back(std::move(english));
  }

private:
  wordings_of by_item_;
  std::set<std::string_view> languages_;
};

bool before(const text_document& a, const text_document& b) {
  const auto key = [](const text_document& d) {
    return std::tuple(d.name.empty(), length(d.name.empty() ? d.id : d.name), std::string_view(d.kind),
                      std::string_view(d.id), std::string_view(d.language));
  };
  return key(a) < key(b);
}

} // namespace

std::vector<text_document> documents_of(const statements& all) {
  claim_sources of_claims;
  for (const claim& c : all.claims)
    of_claims.emplace(c.id, c.source);
  const translator languages(all.texts);
  std::vector<text_document> found;
  each_kind(all, [&](std::string_view kind, const auto& list) {
    if (kind != "text") // found as the items that they are about
      for (const auto& item : list)
        languages.add(document_of(kind, item, of_claims), found);
  });
  std::vector<text_document*> order;
  for (text_document& d : found)
    order.push_back(&d);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return before(*a, *b); });
  std::vector<text_document> out;
  out.reserve(found.size());
  for (text_document* d : order)
    out.push_back(std::move(*d));
  return out;
}

} // namespace posterior::kb
