// What search finds, held against a judge that looks at every statement.
#include <algorithm>
#include <cctype>
#include <random>
#include <thread>
#include <tuple>

#include <catch2/catch_test_macros.hpp>

#include "kb/search.hpp"
#include "kb/search_texts.hpp"
#include "kb/search_words.hpp"
#include "kb/store.hpp"
#include "kb/values/text.hpp"
#include "tests/kb/sandbox.hpp"
#include "tests/kb/world.hpp"

namespace posterior::kb {
namespace {

search_query asked(const std::string& text) {
  search_query out;
  out.text = text;
  return out;
}

std::vector<std::string> ids(const search_result& r) {
  std::vector<std::string> out;
  for (const search_hit& h : r.hits)
    out.push_back(h.kind + " " + h.id);
  return out;
}

std::shared_ptr<const snapshot> world_with(const std::string& statements) {
  return index(std::move(merge(bundles_with({{"a", statements}})).content));
}

std::string sign_named(const std::string& id, const std::string& name, const std::string& how,
                       const std::string& more = "judgement = \"Ours.\"") {
  return "[[finding]]\nid = \"a:" + id + "\"\nname = \"" + name +
         "\"\nkind = \"sign\"\nquestion = \"There?\"\nhow = \"" + how + "\"\n" + more + "\n";
}

// --- the judge ----------------------------------------------------------------------

using words = std::vector<std::string>;

words plain_words(const std::string& text) {
  words out(1);
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)))
      out.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!out.back().empty())
      out.emplace_back();
  if (out.back().empty())
    out.pop_back();
  return out;
}

struct part {
  words sought;
  bool whole = false;
};

struct question {
  std::vector<part> wanted, unwanted;
  std::string kind, plugin, source, language = "en";
};

std::string text_of(const question& q) {
  std::string out;
  const auto add = [&](const part& p, const char* minus) {
    out += (out.empty() ? "" : " ") + std::string(minus) + (p.whole ? "\"" : "");
    for (std::size_t i = 0; i < p.sought.size(); ++i)
      out += (i ? " " : "") + p.sought[i];
    out += p.whole ? "\"" : "";
  };
  for (const part& p : q.wanted)
    add(p, "");
  for (const part& p : q.unwanted)
    add(p, "-");
  return out;
}

bool has(const std::vector<words>& fields, const part& p, bool beginnings) {
  for (const words& field : fields)
    for (std::size_t i = 0; i + p.sought.size() <= field.size(); ++i) {
      bool same = true;
      for (std::size_t k = 0; k < p.sought.size(); ++k)
        same = same &&
               (beginnings && !p.whole ? field[i + k].starts_with(p.sought[k]) : field[i + k] == p.sought[k]);
      if (same)
        return true;
    }
  return false;
}

// 0 best; 5: no hit.
int rank(const text_document& d, const question& q) {
  std::vector<words> names, all;
  if (!d.name.empty()) {
    names = {plain_words(d.name), plain_words(d.id)};
    for (const std::string& a : d.aliases)
      names.push_back(plain_words(a));
  }
  all = names;
  all.push_back(plain_words(d.id));
  for (const std::string& t : d.texts)
    all.push_back(plain_words(t));
  const auto every = [&](const std::vector<words>& in, bool beginnings) {
    return std::all_of(q.wanted.begin(), q.wanted.end(),
                       [&](const part& p) { return has(in, p, beginnings); });
  };
  if (!every(all, true) ||
      std::any_of(q.unwanted.begin(), q.unwanted.end(), [&](const part& p) { return has(all, p, true); }))
    return 5;
  if (every(names, false))
    return 0;
  if (every(names, true))
    return 1;
  if (q.wanted.size() > 1 &&
      std::any_of(q.wanted.begin(), q.wanted.end(), [&](const part& p) { return has(names, p, true); }))
    return 2;
  return every(all, false) ? 3 : 4;
}

bool passes(const text_document& d, const question& q) {
  const auto holds = [](const std::vector<std::string>& list, const std::string& one) {
    return one.empty() || std::find(list.begin(), list.end(), one) != list.end();
  };
  if (std::find(d.hidden_in.begin(), d.hidden_in.end(), q.language) != d.hidden_in.end())
    return false;
  return holds(d.kinds, q.kind) && holds(d.sources, q.source) && (q.plugin.empty() || q.plugin == d.plugin);
}

std::vector<std::string> judge(const std::vector<text_document>& all, const question& q) {
  std::vector<std::tuple<int, bool, std::size_t, std::string, std::string>> found;
  for (const text_document& d : all)
    if (const int r = rank(d, q); r < 5 && passes(d, q))
      found.emplace_back(r, d.name.empty(), length(d.name.empty() ? d.id : d.name), d.kind, d.id);
  std::sort(found.begin(), found.end());
  std::vector<std::string> out;
  for (const auto& [r, nameless, size, kind, id] : found)
    out.push_back(kind + " " + id);
  return out;
}

// --- worlds and questions at random ---------------------------------------------------

class dice {
public:
  explicit dice(unsigned seed)
      : random_(seed) {}
  std::size_t below(std::size_t n) { return random_() % n; }
  std::string word() {
    static constexpr const char* known[] = {"hip",    "hips", "hipbone", "knee",    "nerve",
                                            "nerves", "tilt", "sit",     "sitting", "leg",
                                            "slump",  "pull", "push",    "tall",    "tallest"};
    return known[below(std::size(known))];
  }
  std::string text(std::size_t most) {
    std::string out = word();
    for (std::size_t i = below(most); i > 0; --i)
      out += (below(5) == 0 ? "-" : " ") + word();
    return out;
  }
  part wish() {
    if (below(4) == 0)
      return {{word(), word()}, true};
    std::string one = word();
    return {{below(2) ? one : one.substr(0, 1 + below(one.size()))}, false};
  }
  question ask() {
    question out;
    for (std::size_t i = 1 + below(3); i > 0; --i)
      out.wanted.push_back(wish());
    if (below(3) == 0)
      out.unwanted.push_back(wish());
    if (below(3) == 0)
      out.kind = below(2) ? "finding" : "state";
    if (below(4) == 0)
      out.plugin = below(2) ? "com.a.pack" : "org.posterior.core";
    if (below(3) == 0)
      out.language = "de";
    if (below(4) == 0)
      out.source = below(2) ? "cohort-1" : "a:audit";
    return out;
  }

private:
  std::mt19937 random_;
};

std::string random_pack(dice& d, int count) {
  std::string out = "[[source]]\nid = \"a:audit\"\ntitle = \"Audit\"\nseen = \"judgement\"\n";
  for (int i = 0; i < count; ++i) {
    const std::string rests =
        d.below(3) == 0 ? "sources = [\"a:audit\"]" : "judgement = \"" + d.text(4) + "\"";
    out += sign_named("f" + std::to_string(i), d.text(3), d.text(9), rests);
    if (d.below(4) == 0)
      out += "[[text]]\nof = \"a:f" + std::to_string(i) + "\"\nlang = \"de\"\nname = \"" + d.text(2) +
             "\"\nhow = \"" + d.text(5) + "\"\n";
    if (d.below(3) == 0)
      out += "[[state]]\nid = \"a:s" + std::to_string(i) + "\"\nname = \"" + d.text(2) +
             "\"\nkind = \"symptom\"\npresent_when = \"" + d.text(5) + "\"\nleak = [0.1, 0.05, 0.2]\n" +
             rests + "\n";
  }
  return out;
}

} // namespace

TEST_CASE("search finds and ranks what a judge does who looks at every statement, however it is asked") {
  int answered = 0, cut = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    dice d(seed);
    const auto s = world_with(random_pack(d, 60));
    REQUIRE(s->find_finding("a:f0"));
    const auto all = documents_of(s->all);
    search_index texts(*s);
    for (int round = 0; round < 150; ++round) {
      const question q = d.ask();
      search_query query = asked(text_of(q));
      query.kind = q.kind;
      query.plugin = q.plugin;
      query.source = q.source;
      query.language = q.language;
      query.limit = 1 + d.below(30);
      const search_result found = texts.search(query);
      auto right = judge(all, q);
      const bool more = right.size() > query.limit;
      right.resize(std::min(right.size(), query.limit));
      INFO(query.text << ", kind " << q.kind << ", plugin " << q.plugin << ", source " << q.source);
      if (!found.instead.empty() || !found.nowhere.empty())
        continue; // a phrase of words that this world lacks
      CHECK(ids(found) == right);
      CHECK(found.more == more);
      answered += right.empty() ? 0 : 1;
      cut += more ? 1 : 0;
    }
  }
  CHECK(answered > 700);
  CHECK(cut > 100);
}

TEST_CASE("a misspelt word is looked for as the nearest one, and the answer says so") {
  const auto s =
      world_with(sign_named("f1", "Hamstring length", "Supine.") + sign_named("f2", "Heel drop", "Stand."));
  search_index texts(*s);
  const auto found = texts.search(asked("hamstirng"));
  REQUIRE(found.hits.size() == 1);
  CHECK(found.hits[0].id == "a:f1");
  REQUIRE(found.instead.size() == 1);
  CHECK(found.instead[0] == searched_instead{"hamstirng", "hamstring"});
  CHECK(found.hits[0].excerpt == "[Hamstring] length");
  // One slip up to five letters, two beyond.
  CHECK(texts.search(asked("hele")).hits.at(0).id == "a:f2");
  CHECK(texts.search(asked("hlee")).instead.empty());
  CHECK(texts.search(asked("hlee")).nowhere == std::vector<std::string>{"hlee"});
  CHECK(texts.search(asked("hamtsrng")).hits.size() == 1);
  CHECK(texts.search(asked("hmtsrng")).nowhere.size() == 1);
}

TEST_CASE("of several words that may be meant the nearest counts, then the commonest, then the first") {
  const auto s = world_with(sign_named("f1", "Quire", "quirk quirt") + sign_named("f2", "Other", "quirt") +
                            sign_named("f3", "Third", "quiry"));
  search_index texts(*s);
  const auto found = texts.search(asked("quirx"));
  REQUIRE(found.instead.size() == 1);
  CHECK(found.instead[0] == searched_instead{"quirx", "quirt"});
  CHECK(found.near == std::vector<std::string>{"quire", "quirk", "quiry"});
}

TEST_CASE("numbers and words of two letters are never taken for others") {
  const auto s = world_with(sign_named("f1", "Step 12 of it", "An ox."));
  search_index texts(*s);
  CHECK(texts.search(asked("step 13")).nowhere == std::vector<std::string>{"13"});
  CHECK(texts.search(asked("oy")).nowhere == std::vector<std::string>{"oy"});
  CHECK(texts.search(asked("step 1")).hits.size() == 1);
}

TEST_CASE("case, accents and umlauts make no difference, in texts, queries and slips") {
  const auto s = world_with(sign_named("f1",
                                       "Las\xC3\xA8gue \xE2\x80\x93 pr\xC3\xBC"
                                       "fen",
                                       "Bein heben.") +
                            sign_named("f2", "Forced", "\xC3\x98rsted."));
  search_index texts(*s);
  for (const char* text : {"lasegue", "LAS\xC3\x88GUE", "Las\xC3\xA8gue", "prufen",
                           "PR\xC3\x9C"
                           "FEN",
                           "laseuge"}) {
    INFO(text);
    CHECK(texts.search(asked(text)).hits.at(0).id == "a:f1");
  }
  CHECK(texts.search(asked("Lasegue")).hits[0].excerpt.starts_with("[Las\xC3\xA8gue]"));
  CHECK(texts.search(asked("\xC3\xB8rsted")).hits.at(0).id == "a:f2");
}

TEST_CASE("a phrase is found as it stands, not over the end of a text, and a minus leaves out") {
  const auto s =
      world_with(sign_named("f1", "One", "the wombat head") +
                 sign_named("f2", "Two", "head of the wombat one") + sign_named("f3", "Wombat", "head"));
  search_index texts(*s);
  CHECK(ids(texts.search(asked("\"wombat head\""))) == words{"finding a:f1"});
  CHECK(ids(texts.search(asked("wombat head -one"))) == words{"finding a:f3"});
  CHECK(ids(texts.search(asked("wombat -\"head of\" -three"))) == words{"finding a:f3", "finding a:f1"});
  CHECK(texts.search(asked("-wombat")).hits.empty());
  CHECK(ids(texts.search(asked("\"wombat head"))).size() == 3); // nothing closes the quote
}

TEST_CASE("search can be narrowed to what rests on a source, itself or through a claim") {
  const auto s =
      world_with("[[source]]\nid = \"a:book\"\ntitle = \"Book\"\nseen = \"memory\"\n[[claim]]\nid = "
                 "\"a:said\"\ntext = \"Heel.\"\nsource = \"a:book\"\ngrade = \"low\"\nseen = \"memory\"\n" +
                 sign_named("f1", "Heel one", "x", "claims = [\"a:said\"]") +
                 sign_named("f2", "Heel two", "x", "sources = [\"a:book: p. 1\"]") +
                 sign_named("f3", "Heel three", "x"));
  search_index texts(*s);
  search_query query = asked("heel");
  query.source = "a:book";
  CHECK(ids(texts.search(query)) == words{"finding a:f1", "finding a:f2", "claim a:said"});
}

TEST_CASE("in another language its words are looked for, and English where nobody gives them") {
  const auto s =
      world_with(sign_named("f1", "Wombat pull", "Pull it.") + sign_named("f2", "Wombat push", "Push.") +
                 "[[text]]\nof = \"a:f1\"\nlang = \"de\"\nname = \"Beutel ziehen\"\nhow = \"Daran "
                 "ziehen.\"\n[[text]]\nof = \"a:f2\"\nlang = \"en\"\naudience = \"patient\"\nname = "
                 "\"Shoving\"\njudgement = \"Ours.\"\n");
  REQUIRE(s->all.texts.size() >= 2);
  search_index texts(*s);
  const auto in = [&](const char* language, const char* text) {
    search_query query = asked(text);
    query.language = language;
    return texts.search(query);
  };
  CHECK(ids(in("en", "wombat")) == words{"finding a:f1", "finding a:f2"});
  CHECK(in("en", "beutel").hits.empty());
  CHECK(ids(in("de", "beutel")) == words{"finding a:f1"});
  CHECK(in("de", "beutel").hits.at(0).name == "Beutel ziehen");
  CHECK(ids(in("de", "wombat")) == words{"finding a:f2"});
  CHECK(ids(in("en", "shoving")) == words{"finding a:f2"});
  CHECK(ids(in("fr", "wombat")) == words{"finding a:f1", "finding a:f2"});
}

TEST_CASE("a searcher answers from the store while that is what it knows, and from memory alike") {
  const sandbox box;
  box.add_pack("a", own_state);
  const auto first = box.open().knowledge;
  REQUIRE(first->revision == 1);
  const searcher stored(first, box.database()), alone(first, "");
  const auto same = [&](const char* text) {
    const auto a = stored.search(asked(text)), b = alone.search(asked(text));
    CHECK(ids(a) == ids(b));
    CHECK(a.instead == b.instead);
    for (std::size_t i = 0; i < std::min(a.hits.size(), b.hits.size()); ++i)
      CHECK(a.hits[i].excerpt == b.hits[i].excerpt);
    return a.hits.size();
  };
  std::size_t hits = 0;
  for (const char* text : {"hip", "tilt", "made up", "slump neck", "zzz", "thmoas"})
    hits += same(text);
  CHECK(hits > 5);
  // What the store holds after that is not what this searcher is about.
  std::string other = own_state;
  other.replace(other.find("name = \"S\""), 10, "name = \"Quokka\"");
  box.add_pack("a", other);
  REQUIRE(box.open().knowledge->revision == 2);
  CHECK(stored.search(asked("quokka")).hits.empty());
  CHECK(searcher(box.open().knowledge, box.database()).search(asked("quokka")).hits.size() == 1);
}

TEST_CASE("any number of threads may search at once") {
  const auto s = world_with(sign_named("f1", "Hamstring length", "Supine."));
  const searcher texts(s, "");
  std::vector<std::size_t> found(8);
  std::vector<std::thread> threads;
  for (std::size_t& one : found)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        one += texts.search(asked("hamstring")).hits.size();
    });
  for (std::thread& t : threads)
    t.join();
  CHECK(found == std::vector<std::size_t>(8, 50));
}

TEST_CASE("an excerpt shows about twelve words around what was wanted") {
  bool found = false;
  const std::vector<query_part> wanted{{{"nerve"}, false}};
  CHECK(excerpt("a b c d e f g h i j k l m n o the nerves, then p q r s t u v w x y z", wanted, found) ==
        "... f g h i j k l m n o the [nerves] ...");
  CHECK(found);
  CHECK(excerpt("The nerve.\nIt runs.", wanted, found) == "The [nerve]. It runs.");
  CHECK(excerpt("Nothing of it.", wanted, found) == "Nothing of it.");
  CHECK_FALSE(found);
  CHECK(excerpt("", wanted, found).empty());
}

} // namespace posterior::kb
