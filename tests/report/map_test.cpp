// The causal map on paper: nothing overlaps, everything can be read, and each link is on a page.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>

#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include "engine/report/causal_map.hpp"
#include "engine/report/map_layers.hpp"
#include "engine/report/map_pages.hpp"
#include "engine/report/text_width.hpp"

namespace posterior::report {
namespace {

// A small linear generator: the same maps on every machine.
class dice {
public:
  explicit dice(std::uint64_t seed)
      : now_(seed) {}
  std::size_t below(std::size_t n) {
    now_ = now_ * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<std::size_t>((now_ >> 33) % n);
  }

private:
  std::uint64_t now_;
};

std::string name_of(std::size_t i, dice& d) {
  static const char* words[] = {"Weak", "Overloaded", "Hip flexor", "Sitting", "Mechanosensitive",
                                "of",   "<b>&\"'"};
  std::string out = "State " + std::to_string(i);
  for (std::size_t n = d.below(7); n > 0; --n)
    out += std::string(" ") + words[d.below(std::size(words))];
  return out;
}

kb::link joined(const std::string& from, const std::string& to, dice& d) {
  kb::link l;
  l.source = from;
  l.target = to;
  l.p = {0.1 + 0.1 * static_cast<double>(d.below(9)), 0, 1, d.below(3) == 0 ? "almost-always" : ""};
  l.because = "Because \"it\" is <so>.";
  l.rests_on.contested = d.below(4) == 0;
  l.opposite = d.below(9) == 0;
  return l;
}

// Random states of every kind and links from lower to higher numbers; a few cut ones lead back.
std::shared_ptr<const kb::snapshot> random_map(std::uint64_t seed, std::size_t states, std::size_t links) {
  dice d(seed);
  kb::snapshot s;
  s.digest = std::string(64, 'd');
  for (std::size_t i = 0; i < states; ++i) {
    kb::state one;
    one.id = "s" + std::to_string(100 + i);
    one.name = name_of(i, d);
    one.kind = static_cast<kb::state_kind>(std::min<std::size_t>(i * 6 / states, 5));
    s.all.states.push_back(one);
  }
  for (std::size_t i = 0; i < links; ++i) {
    const std::size_t a = d.below(states), b = d.below(states);
    if (a == b)
      continue;
    kb::link l = joined(s.all.states[std::min(a, b)].id, s.all.states[std::max(a, b)].id, d);
    if (d.below(12) == 0) {
      std::swap(l.source, l.target);
      l.cut = true;
      l.cut_reason = "It would close a loop, and a long sentence says why it is this one that is cut.";
    }
    const auto same = [&](const kb::link& other) { return other.id() == l.id(); };
    if (std::none_of(s.all.links.begin(), s.all.links.end(), same))
      s.all.links.push_back(l);
  }
  return kb::index(std::move(s));
}

bool overlap(const map_rect& a, const map_rect& b) {
  constexpr double touch = 0.01;
  return a.x + a.width > b.x + touch && b.x + b.width > a.x + touch && a.y + a.height > b.y + touch &&
         b.y + b.height > a.y + touch;
}

// Points along a line as it is drawn.
std::vector<map_point> along(const map_line& line) {
  std::vector<map_point> out;
  for (std::size_t i = 1; i < line.path.size(); ++i)
    for (int k = 0; k <= 20; ++k) {
      const map_point &a = line.path[i - 1], &b = line.path[i];
      const double t = k / 20.0, u = 1 - t, half = (a.x + b.x) / 2;
      out.push_back({u * u * u * a.x + 3 * u * u * t * half + 3 * u * t * t * half + t * t * t * b.x,
                     u * u * u * a.y + 3 * u * u * t * a.y + 3 * u * t * t * b.y + t * t * t * b.y});
    }
  return out;
}

bool inside(const map_point& p, const map_rect& r) {
  return p.x > r.x + 0.01 && p.x < r.x + r.width - 0.01 && p.y > r.y + 0.01 && p.y < r.y + r.height - 0.01;
}

std::size_t overlaps_in(const map_layout& l) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < l.boxes.size(); ++i)
    for (std::size_t k = i + 1; k < l.boxes.size(); ++k)
      found += overlap(l.boxes[i].at, l.boxes[k].at) ? 1 : 0;
  for (std::size_t i = 0; i < l.lines.size(); ++i) {
    for (std::size_t k = i + 1; k < l.lines.size(); ++k)
      found += overlap(l.lines[i].word_at, l.lines[k].word_at) ? 1 : 0;
    const auto points = along(l.lines[i]);
    for (const map_box& box : l.boxes) {
      found += overlap(l.lines[i].word_at, box.at) ? 1 : 0;
      found +=
          std::any_of(points.begin(), points.end(), [&](const map_point& p) { return inside(p, box.at); })
              ? 1
              : 0;
    }
  }
  return found;
}

void check_layout(const map_layout& l) {
  REQUIRE(overlaps_in(l) == 0);
  for (const map_box& box : l.boxes) {
    REQUIRE(box.at.x >= 0);
    REQUIRE(box.at.y >= 0);
    REQUIRE(box.at.x + box.at.width <= l.width + 0.01);
    REQUIRE(box.at.y + box.at.height <= l.height + 0.01);
    REQUIRE(static_cast<double>(box.lines.size()) * name_size <= box.at.height);
    for (const std::string& line : box.lines)
      REQUIRE(text_width(line, name_size) <= box.at.width);
  }
}

std::vector<map_page> pages(const kb::snapshot& s) {
  return pages_of(s, kb::map_of(s, kb::map_choice{}), "");
}

// Whether every tag that opens closes, in order, and nothing but the five entities is escaped.
bool well_formed(const std::string& text) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '&') {
      const std::string entity = text.substr(i, text.find(';', i) - i + 1);
      if (entity != "&amp;" && entity != "&lt;" && entity != "&gt;" && entity != "&quot;" &&
          entity != "&#39;")
        return false;
    }
    if (text[i] != '<')
      continue;
    const std::size_t end = text.find('>', i);
    if (end == std::string::npos)
      return false;
    const std::string tag = text.substr(i + 1, end - i - 1);
    const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag.starts_with('/')) {
      if (open.empty() || "/" + open.back() != tag)
        return false;
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
    i = end;
  }
  return open.empty();
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++n;
  return n;
}

} // namespace

TEST_CASE("on no map do two boxes, a word and a box, two words, or a line and a box overlap") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    const auto s = random_map(seed, 4 + seed % 24, 3 + seed * 2 % 60);
    const kb::causal_map m = kb::map_of(*s, kb::map_choice{});
    std::vector<std::string> words;
    for (const kb::map_link& l : m.links)
      words.push_back(strength_of(*l.what));
    check_layout(lay_out(m, words));
  }
}

TEST_CASE("boxes, words and lines that are moved onto each other are found to overlap") {
  const auto s = random_map(2, 8, 12);
  const kb::causal_map m = kb::map_of(*s, kb::map_choice{});
  const map_layout good = lay_out(m, std::vector<std::string>(m.links.size(), "often"));
  map_layout bad = good;
  bad.boxes[0].at = bad.boxes[1].at;
  CHECK(overlaps_in(bad) > 0);
  bad = good;
  bad.lines[0].word_at = bad.lines[1].word_at;
  CHECK(overlaps_in(bad) > 0);
  bad = good;
  const map_rect& box = bad.boxes[m.links[0].from].at;
  bad.lines[0].path.front() = {box.x + box.width / 2, box.y + box.height / 2};
  CHECK(overlaps_in(bad) > 0);
}

TEST_CASE("layers follow the longest way, and links that are cut decide nothing") {
  // a -> b -> c, a -> c, and c -> a cut.
  const auto g = layers_of(std::vector<graph_node>(3), {{0, 1}, {1, 2}, {0, 2}, {2, 0, true}});
  CHECK(g.spots[0].layer == 0);
  CHECK(g.spots[1].layer == 1);
  CHECK(g.spots[2].layer == 2);
  CHECK(g.reversed == std::vector<bool>{false, false, false, true});
  CHECK(g.chains[2].size() == 3);
}

TEST_CASE("a loop that nobody cut is laid out all the same") {
  const auto g = layers_of(std::vector<graph_node>(3), {{0, 1}, {1, 2}, {2, 0}, {1, 1}});
  CHECK(std::count(g.reversed.begin(), g.reversed.end(), true) == 1);
}

TEST_CASE("crossings that an exchange takes away are taken away") {
  const auto g = layers_of(std::vector<graph_node>(6), {{0, 5}, {1, 4}, {2, 3}});
  CHECK(crossings(g) == 0);
}

TEST_CASE("every link is on a page, and no letter of a page is smaller than seven points") {
  for (const auto& [seed, states, links] :
       {std::tuple{7u, 12u, 14u}, std::tuple{8u, 70u, 150u}, std::tuple{9u, 150u, 400u}}) {
    const auto s = random_map(seed, states, links);
    std::set<const kb::link*> drawn;
    const auto all = pages(*s);
    for (const map_page& page : all) {
      CHECK(word_size * page.scale >= least_size);
      CHECK(name_size * page.scale >= least_size);
      CHECK(page.layout.width * page.scale <= page.on.width - 2 * margin + 0.01);
      CHECK(map_top + page.layout.height * page.scale <= blocks_of(page).notes);
      CHECK(blocks_of(page).legend < blocks_of(page).foot);
      check_layout(page.layout);
      for (const kb::map_link& l : page.map.links)
        drawn.insert(l.what);
    }
    CHECK(drawn.size() == s->all.links.size());
    CHECK((all.size() == 1) == (states == 12));
  }
}

TEST_CASE("a page is well-formed, escapes what it says, and is the same each time") {
  const auto s = random_map(3, 20, 30);
  const auto one = pages(*s), other = pages(*s);
  REQUIRE_FALSE(one.empty());
  const std::string svg = page_svg(one[0], 1, one.size(), *s);
  CHECK(svg == page_svg(other[0], 1, other.size(), *s));
  CHECK(well_formed(svg));
  CHECK(svg.find("&lt;b&gt;&amp;&quot;&#39;") != std::string::npos);
  CHECK(svg.find("digest " + s->digest) != std::string::npos);
  CHECK(well_formed("<a><b/>&amp;</a>"));
  CHECK_FALSE(well_formed("<a>&</a>"));
  CHECK_FALSE(well_formed("<a><b></a>"));
}

TEST_CASE("disputed links are dashed and carry a sign, cut ones are dotted and have their reason in a note") {
  const auto s = random_map(5, 16, 24);
  std::size_t disputed = 0, cut = 0;
  for (const kb::link& l : s->all.links) {
    disputed += l.rests_on.contested && !l.cut ? 1 : 0;
    cut += l.cut ? 1 : 0;
  }
  REQUIRE(disputed > 0);
  REQUIRE(cut > 0);
  const auto all = pages(*s);
  REQUIRE(all.size() == 1);
  const std::string svg = page_svg(all[0], 1, 1, *s);
  CHECK(count(svg, "class=\"line disputed\"") == disputed + 1); // and one in the legend
  CHECK(count(svg, "class=\"line cut\"") == cut + 1);
  CHECK(count(svg, ">?</text>") >= disputed + 1);
  CHECK(count(svg, "cut: It would close") == cut);
}

TEST_CASE("the dot text is read back as the same map, and graphviz takes it") {
  const auto s = random_map(11, 20, 40);
  const kb::causal_map m = kb::map_of(*s, kb::map_choice{});
  const std::string dot = map_dot(m, {}, *s);
  CHECK(dot == map_dot(m, {}, *s));
  CHECK(count(dot, " -> ") == m.links.size());
  CHECK(dot.starts_with("digraph causal_map {\n"));
  CHECK(dot.ends_with("}\n"));
  bool quoted = false;
  for (std::size_t i = 0; i < dot.size(); ++i)
    if (dot[i] == '\\')
      ++i;
    else if (dot[i] == '"')
      quoted = !quoted;
    else
      REQUIRE((quoted || dot[i] != '<'));
  CHECK_FALSE(quoted);
  if (::access("/usr/bin/dot", X_OK) != 0)
    SKIP("graphviz is not installed");
  const std::string file = "/tmp/posterior-map-" + std::to_string(::getpid()) + ".dot";
  std::ofstream(file) << dot;
  CHECK(std::system(("/usr/bin/dot -Tplain " + file + " >/dev/null 2>" + file + ".err").c_str()) == 0);
  CHECK(std::ifstream(file + ".err").peek() == std::ifstream::traits_type::eof());
  std::remove(file.c_str());
  std::remove((file + ".err").c_str());
}

TEST_CASE("text is as wide as its letters, and broken at blanks") {
  CHECK(text_width("iii", 10) < text_width("WWW", 10));
  CHECK(std::fabs(text_width("Hip", 1000) - (722 + 222 + 556)) < 1e-9);
  CHECK(text_width("\xE2\x86\x92", 10) == 10);
  for (const std::string& line :
       lines_of("Mechanosensitive sciatic nerve in a very-long-word-without-a-blank", 8, 60))
    CHECK(text_width(line, 8) <= 60);
  CHECK(lines_of("", 8, 60).size() == 1);
}

} // namespace posterior::report
