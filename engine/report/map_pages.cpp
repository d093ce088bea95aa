#include "engine/report/map_pages.hpp"

#include <algorithm>
#include <set>

#include "engine/report/text_width.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

constexpr double largest = 1.25;        // a small map is not blown up further
constexpr std::size_t most_links = 140; // more are never tried on one page
constexpr double sample_room = 30;      // of a legend's drawing
constexpr double note_gap = 18;         // between columns of notes

const paper papers[] = {
    {"A4", 841.89, 595.28}, {"A4", 595.28, 841.89}, {"A3", 1190.55, 841.89}, {"A3", 841.89, 1190.55}};

std::string states_in(const std::vector<std::string>& ids, const kb::snapshot& s) {
  std::vector<std::string> names;
  for (const std::string& id : ids)
    names.push_back(state_name(id, s));
  return listing(names);
}

// What a link's word cannot say: empty for most.
std::string note_of(const kb::link& l, const kb::snapshot& s) {
  std::vector<std::string> parts;
  if (!l.only_with.empty())
    parts.push_back("only with " + states_in(l.only_with, s));
  if (!l.unless.empty())
    parts.push_back("unless " + states_in(l.unless, s));
  if (l.opposite)
    parts.push_back("on the other side");
  if (l.cut)
    parts.push_back("cut: " + l.cut_reason);
  std::string out;
  for (const std::string& part : parts)
    out += (out.empty() ? "" : "; ") + part;
  return out;
}

std::string about_words(const kb::causal_map& m) {
  std::size_t disputed = 0, cut = 0;
  for (const kb::map_link& l : m.links) {
    disputed += l.disputed ? 1 : 0;
    cut += l.what->cut ? 1 : 0;
  }
  std::string out = counted(m.states.size(), "state", "states") + ", " +
                    counted(m.links.size(), "link", "links") + " of how one brings about another";
  if (disputed > 0)
    out += "; " + std::to_string(disputed) + " disputed";
  return cut > 0 ? out + "; " + std::to_string(cut) + " shown but not reasoned with" : out;
}

// Everything but the paper.
map_page made(const kb::snapshot& s, kb::causal_map m, std::string title) {
  map_page page;
  std::vector<std::string> words;
  for (const kb::map_link& l : m.links) {
    std::string word = strength_of(*l.what);
    if (const std::string note = note_of(*l.what, s); !note.empty()) {
      page.notes.push_back(state_name(l.what->source, s) + " to " + state_name(l.what->target, s) + ": " +
                           note);
      word += " [" + std::to_string(page.notes.size()) + "]";
    }
    words.push_back(std::move(word));
  }
  page.layout = lay_out(m, words);
  page.about = about_words(m);
  page.map = std::move(m);
  page.title = std::move(title);
  return page;
}

// Puts a page on the smallest paper on which it can be read; false if there is none.
bool put_on_paper(map_page& page) {
  for (const paper& p : papers) {
    page.on = p;
    const double room = blocks_of(page).notes - 8 - map_top;
    const double wide = p.width - 2 * margin;
    if (room <= 0)
      continue;
    page.scale = std::min({largest, wide / page.layout.width, room / page.layout.height});
    if (std::min(word_size, name_size) * page.scale >= least_size)
      return true;
  }
  return false;
}

std::optional<map_page> fitting_page(const kb::snapshot& s, const std::vector<const kb::link*>& links,
                                     const std::string& title) {
  if (links.size() > most_links)
    return std::nullopt;
  map_page page = made(s, kb::map_of(s, links), title);
  return put_on_paper(page) ? std::optional(std::move(page)) : std::nullopt;
}

// The page of as many of the links as can be read, from the first on.
std::pair<map_page, std::size_t>
largest_page(const kb::snapshot& s, const std::vector<const kb::link*>& links, const std::string& title) {
  const auto first = [&](std::size_t n) {
    return std::vector(links.begin(), links.begin() + static_cast<std::ptrdiff_t>(n));
  };
  if (auto whole = fitting_page(s, links, title))
    return {std::move(*whole), links.size()};
  std::size_t fits = 1, fails = std::min(links.size(), most_links + 1);
  map_page best = made(s, kb::map_of(s, first(1)), title);
  put_on_paper(best);
  while (fails - fits > 1) {
    const std::size_t half = (fits + fails) / 2;
    if (auto page = fitting_page(s, first(half), title)) {
      best = std::move(*page);
      fits = half;
    } else {
      fails = half;
    }
  }
  return {std::move(best), fits};
}

class splitter {
public:
  splitter(const kb::snapshot& s, const kb::causal_map& m)
      : s_(s)
      , m_(m) {
    for (const kb::map_link& l : m.links)
      open_.insert(l.what);
  }

  std::vector<map_page> run() {
    for (std::size_t v = 0; v < m_.states.size(); ++v)
      if (m_.states[v].what->kind == kb::state_kind::cause)
        take(kb::ways_through(m_, v), "Causal map: " + m_.states[v].what->name, true);
    while (!open_.empty())
      take(rest(), "Causal map: links that no page of a cause holds", false);
    return std::move(pages_);
  }

private:
  void take(const std::vector<const kb::link*>& links, const std::string& title, bool of_a_cause) {
    if (links.empty())
      return;
    auto [page, count] = largest_page(s_, links, title);
    if (of_a_cause)
      page.about = "what leads to it, and what it leads to: " + page.about;
    if (of_a_cause && count < links.size())
      page.about += "; what is further away stands on other pages";
    for (std::size_t i = 0; i < count; ++i)
      open_.erase(links[i]);
    pages_.push_back(std::move(page));
  }

  // What is on no page yet, with what leaves one state together.
  std::vector<const kb::link*> rest() const {
    std::vector<const kb::link*> out;
    for (const kb::map_link& l : m_.links)
      if (open_.contains(l.what))
        out.push_back(l.what);
    const auto kind = [&](const kb::link* l) {
      const kb::state* from = s_.find_state(l->source);
      return from == nullptr ? kb::state_kind::home : from->kind;
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](const kb::link* a, const kb::link* b) { return kind(a) < kind(b); });
    return out;
  }

  const kb::snapshot& s_;
  const kb::causal_map& m_;
  std::set<const kb::link*> open_;
  std::vector<map_page> pages_;
};

} // namespace

std::string strength_of(const kb::link& l) {
  if (l.p.word.empty())
    return probability(l.p.mean);
  std::string out = l.p.word;
  std::replace(out.begin(), out.end(), '-', ' ');
  return out;
}

std::vector<std::vector<std::string>> note_columns(const map_page& page) {
  if (page.notes.empty())
    return {};
  const std::size_t most = page.on.width > 1000 ? 3 : page.on.width > 700 ? 2 : 1;
  const std::size_t count = std::min(most, page.notes.size());
  const double gaps = note_gap * static_cast<double>(count - 1);
  const double room = (page.on.width - 2 * margin - gaps) / static_cast<double>(count);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < page.notes.size(); ++i)
    for (std::string& line : lines_of("[" + std::to_string(i + 1) + "] " + page.notes[i], note_size, room))
      lines.push_back(std::move(line));
  const std::size_t each = (lines.size() + count - 1) / count;
  std::vector<std::vector<std::string>> out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i % each == 0)
      out.emplace_back();
    out.back().push_back(std::move(lines[i]));
  }
  return out;
}

std::vector<legend_entry> legend_of(const map_page& page) {
  std::vector<legend_entry> out;
  std::set<kb::state_kind> kinds;
  bool doubted = false;
  for (const kb::map_state& st : page.map.states) {
    kinds.insert(st.what->kind);
    doubted = doubted || st.doubted;
  }
  for (const kb::state_kind k : kinds)
    out.push_back({legend_sign::box, k, plural_of(k)});
  const kb::state_kind any = kb::state_kind::cause;
  if (doubted)
    out.push_back({legend_sign::doubted, any, "contested mechanism: it may not exist at all"});
  out.push_back({legend_sign::strength, any, "the wider, the more often (probabilities 0.1, 0.5, 0.9)"});
  out.push_back({legend_sign::disputed, any, "disputed: studies disagree or speak against it"});
  out.push_back({legend_sign::cut, any, "cut: shown, but not reasoned with (see its note)"});
  double x = margin, y = 0;
  for (legend_entry& e : out) {
    const double width = sample_room + text_width(e.words, note_size) + 16;
    if (x > margin && x + width - 16 > page.on.width - margin) {
      x = margin;
      y += legend_leading;
    }
    e.x = x;
    e.y = y;
    x += width;
  }
  return out;
}

page_blocks blocks_of(const map_page& page) {
  page_blocks out;
  out.foot = page.on.height - margin;
  out.legend = out.foot - 16 - legend_of(page).back().y - legend_leading;
  const auto columns = note_columns(page);
  const double lines = columns.empty() ? 0 : static_cast<double>(columns.front().size());
  out.notes = out.legend - 6 - lines * note_leading - (columns.empty() ? 0 : 6);
  return out;
}

std::vector<map_page> pages_of(const kb::snapshot& s, const kb::causal_map& m, const std::string& subject) {
  if (m.links.empty())
    return {};
  std::vector<const kb::link*> all;
  for (const kb::map_link& l : m.links)
    all.push_back(l.what);
  if (auto whole = fitting_page(s, all, "Causal map" + (subject.empty() ? "" : ": " + subject)))
    return {std::move(*whole)};
  return splitter(s, m).run();
}

} // namespace posterior::report
