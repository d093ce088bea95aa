// K14 to K16 and D: what people read, the golden cases, and what became of an earlier version.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "engine/case/reader.hpp"
#include "engine/check/golden.hpp"
#include "engine/check/knowledge_parts.hpp"
#include "engine/check/reader_groups.hpp"
#include "engine/check/subject.hpp"
#include "kb/values/text.hpp"

namespace posterior::check {
namespace {

constexpr std::size_t name_max = 100, question_max = 300, message_max = 500;

bool has_markup(std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const auto next = static_cast<unsigned char>(at + 1 < text.size() ? text[at + 1] : ' ');
    if ((std::isalpha(next) != 0 || next == '/' || next == '!') &&
        text.find('>', at) != std::string_view::npos)
      return true;
  }
  return false;
}

class text_judge {
public:
  explicit text_judge(verdict& out)
      : out_(out) {}

  void one(const place& where, std::string_view what, const std::string& text, std::size_t most) {
    const std::string name(what);
    if (has_markup(text))
      out_.fault(where,
                 fault(name, "text with HTML in it (" + posterior::quoted(text, 40) + ")", "plain text"),
                 "every text is shown as it stands, on paper too");
    if (length(text) > most)
      out_.warn(where,
                fault(name, std::to_string(length(text)) + " characters", "at most " + std::to_string(most)),
                "long texts are not read; keep the detail for `how` or the README");
  }

private:
  verdict& out_;
};

void check_texts(const subject& s, verdict& out) {
  take_readers(s, "K14", out);
  text_judge judge(out);
  const kb::statements& all = s.says.says;
  for (const kb::finding& f : all.findings) {
    judge.one(f.from.where, "the name of \"" + f.id + "\"", f.name, name_max);
    judge.one(f.from.where, "the question of \"" + f.id + "\"", f.question, question_max);
    judge.one(f.from.where, "\"how\" of \"" + f.id + "\"", f.how, text_limit);
  }
  for (const kb::state& one : all.states) {
    judge.one(one.from.where, "the name of \"" + one.id + "\"", one.name, name_max);
    judge.one(one.from.where, "\"present_when\" of \"" + one.id + "\"", one.present_when, question_max);
  }
  for (const kb::exercise& e : all.exercises) {
    judge.one(e.from.where, "the name of \"" + e.id + "\"", e.name, name_max);
    for (const std::string& cue : e.cues)
      judge.one(e.from.where, "a cue of \"" + e.id + "\"", cue, question_max);
  }
  for (const kb::message& m : all.messages)
    judge.one(m.from.where, "the message \"" + m.key + "\"", m.text, message_max);
}

// --- golden cases --------------------------------------------------------------------------------------

struct golden_kinds {
  std::size_t count = 0, positive = 0, negative = 0, flagged = 0;
};

// Positive: the plugin's part comes out. Negative: it does not, though something was looked at.
golden_kinds kinds_of(const subject& s, verdict& out) {
  golden_kinds n;
  constexpr std::string_view end = ".expected.toml";
  for (const kb::bundle_file& f : s.found.files) {
    if (!f.name.starts_with("cases/") || !f.name.ends_with(end))
      continue;
    const auto read = read_expectation(s.text(f.name).value_or(""), s.at(f.name).file);
    for (const diagnostic& d : read.problems)
      out.take(d);
    if (!read.value)
      continue;
    const expectation& e = *read.value;
    const bool flagged = e.flags && !e.flags->empty();
    const bool found = e.first || !e.above.empty() || !e.derived.empty() || !e.plan_has.empty();
    ++n.count;
    n.flagged += flagged ? 1 : 0;
    n.positive += found && !flagged ? 1 : 0;
    n.negative += !flagged && (!found || !e.below.empty() || !e.plan_lacks.empty()) ? 1 : 0;
  }
  return n;
}

void check_golden_kinds(const subject& s, verdict& out) {
  if (s.is_pack())
    return out.skip("a pack is one file, without a place for cases; a bundle has a folder cases/");
  const golden_kinds n = kinds_of(s, out);
  const std::string has = std::to_string(n.count) + (n.count == 1 ? " case" : " cases");
  const std::string hint =
      "write cases/NAME.case.toml as you would for a patient, and what must come out into "
      "cases/NAME.expected.toml";
  if (n.count < 3) {
    std::string text = fault("the number of golden cases", has, "at least 3");
    if (s.says.about.has_detector)
      out.fault(s.at("cases"), std::move(text), hint);
    else
      out.warn(s.at("cases"), std::move(text), hint);
  }
  const auto want = [&](std::size_t there, std::string_view kind, std::string_view what) {
    if (n.count > 0 && there == 0)
      out.warn(s.at("cases"),
               fault("a golden case of the kind \"" + std::string(kind) + "\"", "missing", "there"),
               std::string(what));
  };
  want(n.positive, "positive",
       "one in which what the plugin knows comes out (first, above, derived, plan_has)");
  want(n.negative, "negative", "one in which it must not come out (below, plan_lacks, or nothing derived)");
  want(n.flagged, "red flag", "one with a red flag (flags = [\"rf-...\"]), so that nothing here hides it");
  out.remark(has);
}

// --- an earlier version ----------------------------------------------------------------------------------

struct identity {
  std::string_view kind;
  std::string meaning; // what other bundles and recorded cases rely on
  place where;
};

std::map<std::string, identity> identities(const kb::statements& all) {
  std::map<std::string, identity> out;
  for (const kb::finding& f : all.findings) {
    std::string meaning = f.lateral ? "lateral" : "midline";
    meaning += f.unit.empty() ? "" : ", in " + f.unit;
    for (const std::string& level : f.levels)
      meaning += ", " + level;
    out[f.id] = {"finding", meaning, f.from.where};
  }
  for (const kb::state& s : all.states)
    out[s.id] = {"state", s.lateral ? "lateral" : "midline", s.from.where};
  for (const kb::exercise& e : all.exercises)
    out[e.id] = {"exercise", e.sided ? "per side" : "for both sides", e.from.where};
  for (const kb::precaution& p : all.precautions)
    out[p.id] = {"precaution", "", p.from.where};
  for (const kb::sequence& q : all.sequences)
    out[q.id] = {"sequence", "", q.from.where};
  for (const kb::tension& t : all.tensions)
    out[t.id] = {"tension", "", t.from.where};
  return out;
}

void check_history(const subject& s, verdict& out) {
  if (!s.before)
    return out.skip("no earlier version was given; --against OLD compares with one");
  const auto now = identities(s.says.says), before = identities(s.before->says);
  std::set<std::string> renamed;
  for (const kb::finding& f : s.says.says.findings)
    renamed.insert(f.aliases.begin(), f.aliases.end());
  for (const kb::exercise& e : s.says.says.exercises)
    renamed.insert(e.aliases.begin(), e.aliases.end());
  if (s.before->about.id != s.says.about.id)
    return out.fault(s.at(), fault("the id", "\"" + s.says.about.id + "\"",
                                   "\"" + s.before->about.id + "\", as in the earlier version"));
  for (const auto& [id, old] : before) {
    const auto at = now.find(id);
    if (at == now.end() && renamed.contains(id))
      continue;
    if (at == now.end())
      out.fault(s.at(),
                fault("the " + std::string(old.kind) + " \"" + id + "\"", "missing",
                      "there, as in version " + s.before->about.version),
                "recorded cases name it; keep it, or list its id among the `aliases` of what took its place");
    else if (at->second.kind != old.kind || at->second.meaning != old.meaning)
      out.fault(
          at->second.where,
          fault("the id \"" + id + "\"", std::string(at->second.kind) + " " + at->second.meaning,
                std::string(old.kind) + " " + old.meaning + ", as in version " + s.before->about.version),
          "an id is never used for something else; choose a new one");
  }
}

// --- documents -------------------------------------------------------------------------------------------

std::string lower(std::string text) {
  for (char& c : text)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

void check_readme(const subject& s, verdict& out) {
  if (s.is_pack())
    return out.skip("a pack is one file; its comments are its README");
  const auto text = s.text("README.md");
  if (!text) {
    std::string missing =
        fault("the file", "missing", "a page for the clinician who decides whether to use this");
    return s.says.about.has_detector ? out.fault(s.at("README.md"), std::move(missing))
                                     : out.warn(s.at("README.md"), std::move(missing));
  }
  if (lower(*text).find(lower(s.says.about.name)) == std::string::npos)
    out.fault(s.at("README.md"),
              fault("the plugin's name \"" + s.says.about.name + "\"", "missing", "in the page"));
  if (std::count(text->begin(), text->end(), ' ') < 40)
    out.fault(s.at("README.md"),
              fault("the page", "of a few words", "what the plugin is for and on what it rests"));
  for (const kb::finding& f : s.says.says.findings)
    if (f.derived && text->find("`" + f.id + "`") == std::string::npos)
      out.fault(s.at("README.md"), fault("the derived finding `" + f.id + "`", "missing", "in the page"),
                "say in a table what each derived finding says");
}

void check_changelog(const subject& s, verdict& out) {
  const auto text = s.text("CHANGELOG.md");
  if (!text)
    return out.skip("there is no CHANGELOG.md");
  if (text->find(s.says.about.version) == std::string::npos)
    out.fault(s.at("CHANGELOG.md"), fault("the version " + s.says.about.version, "missing", "in the list"),
              "say in a line what changed");
}

} // namespace

std::vector<spec> text_checks() {
  return {
      {"K14", "texts-plain-and-short", "Texts are plain UTF-8 without HTML, and short enough to be read.",
       needs::files, check_texts},
      {"K15", "golden-cases-complete", "Three golden cases or more: a positive, a negative and a red flag.",
       needs::manifest, check_golden_kinds},
      {"K16", "ids-kept", "No id of the earlier version is gone or means something else.", needs::manifest,
       check_history},
  };
}

std::vector<spec> document_checks() {
  return {
      {"D01", "readme-tells", "The README names the plugin, says what it is for, and lists what is derived.",
       needs::manifest, check_readme},
      {"D02", "changelog-has-version", "The changelog, if there is one, has an entry for this version.",
       needs::manifest, check_changelog},
  };
}

} // namespace posterior::check
