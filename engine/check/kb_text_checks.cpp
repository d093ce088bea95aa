// M40 and M41: names that can be taken for each other, and texts that a page cannot hold.
#include <algorithm>
#include <map>
#include <set>

#include "engine/check/kb_check.hpp"
#include "engine/check/kb_parts.hpp"

namespace posterior::check {
namespace {

// Letters and digits alone, in lower case: "Glute-bridge" and "glute bridge" are one name to people.
std::string spoken(std::string_view name) {
  std::string out;
  for (const char c : name)
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80)
      out += c;
    else if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
  return out;
}

struct bearer {
  std::string kind, id;
  const kb::origin* from;
  std::string how; // "its name", "its alias \"x\""
};

// Ids, names and aliases of one kind of thing; two of a kind are taken for each other, a finding and an
// exercise are not.
template <typename T>
void check_kind(std::string_view kind, const std::vector<T>& all, kb_remarks& out) {
  std::map<std::string, bearer> taken;
  for (const T& one : all) {
    std::vector<std::pair<std::string, std::string>> words{{one.id, "id"}, {one.name, "name"}};
    for (const std::string& alias : one.aliases)
      words.emplace_back(alias, "alias");
    for (const auto& [word, how] : words) {
      const auto [at, fresh] =
          taken.try_emplace(spoken(word), bearer{std::string(kind), one.id, &one.from, how});
      if (!fresh && at->second.id != one.id)
        out.add(
            one.id, one.from,
            fault("the " + how + " of " + naming(kind, one.id),
                  "\"" + word + "\", which is the " + at->second.how + " of \"" + at->second.id + "\" too",
                  "its own"),
            "two things of one name are taken for each other on paper");
    }
  }
}

void check_names(const kb_subject& s, kb_remarks& out) {
  check_kind("finding", s.knowledge.all.findings, out);
  check_kind("exercise", s.knowledge.all.exercises, out);
}

// --- printing -----------------------------------------------------------------------

// Characters, by what a page of 80 columns and 60 lines is for: a name is a line, a question three, an
// explanation a third of a page at most. All of these are judgements.
constexpr std::size_t name_limit = 80, line_limit = 160, question_limit = 240, action_limit = 480,
                      page_limit = 1600;

class page {
public:
  page(kb_remarks& out, std::string_view kind, std::string id, const kb::origin& from)
      : out_(out)
      , kind_(kind)
      , id_(std::move(id))
      , from_(from) {}

  page& holds(std::string_view field, std::string_view text, std::size_t limit) {
    const auto length = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    if (length > limit)
      out_.add(id_, from_,
               fault("`" + std::string(field) + "` of " + naming(kind_, id_),
                     std::to_string(length) + " characters", "at most " + std::to_string(limit)),
               "it is printed: say it shorter");
    return *this;
  }
  page& holds(std::string_view field, const std::vector<std::string>& texts, std::size_t limit) {
    for (const std::string& one : texts)
      holds(field, one, limit);
    return *this;
  }

private:
  kb_remarks& out_;
  std::string_view kind_;
  std::string id_;
  const kb::origin& from_;
};

void check_lengths(const kb_subject& s, kb_remarks& out) {
  const kb::statements& all = s.knowledge.all;
  for (const kb::state& x : all.states)
    page(out, "state", x.id, x.from)
        .holds("name", x.name, name_limit)
        .holds("present_when", x.present_when, action_limit);
  for (const kb::finding& x : all.findings)
    page(out, "finding", x.id, x.from)
        .holds("name", x.name, name_limit)
        .holds("question", x.question, question_limit)
        .holds("how", x.how, page_limit);
  for (const kb::link& x : all.links)
    page(out, "link", x.id(), x.from).holds("because", x.because, action_limit);
  for (const kb::rule& x : all.rules)
    page(out, "rule", x.id, x.from)
        .holds("name", x.name, name_limit)
        .holds("action", x.action, action_limit)
        .holds("timing", x.timing, line_limit);
  for (const kb::exercise& x : all.exercises)
    page(out, "exercise", x.id, x.from)
        .holds("name", x.name, name_limit)
        .holds("purpose", x.purpose, action_limit)
        .holds("caution", x.caution, action_limit)
        .holds("note", x.note, page_limit)
        .holds("cues", x.cues, line_limit)
        .holds("errors", x.errors, line_limit)
        .holds("stop", x.stop, line_limit);
  for (const kb::indication& x : all.indications)
    page(out, "indication", x.id(), x.from).holds("purpose", x.purpose, line_limit);
  for (const kb::precaution& x : all.precautions)
    page(out, "precaution", x.id, x.from).holds("name", x.name, name_limit).holds("why", x.why, action_limit);
  for (const kb::sequence& x : all.sequences)
    page(out, "sequence", x.id, x.from).holds("name", x.name, name_limit).holds("why", x.why, action_limit);
  for (const kb::tension& x : all.tensions)
    page(out, "tension", x.id, x.from).holds("text", x.text, page_limit);
}

} // namespace

std::vector<kb_spec> kb_text_checks() {
  return {
      {"M40", "names-apart", "No two findings, and no two exercises, go by one name.", severity::warning,
       check_names},
      {"M41", "texts-fit-the-page", "Texts are as short as what is printed of them.", severity::warning,
       check_lengths},
  };
}

} // namespace posterior::check
