#include "engine/service/local/overlay_changes.hpp"

#include <algorithm>
#include <cmath>

#include "engine/service/local/files_with.hpp"
#include "engine/service/local/knowledge_source.hpp"
#include "engine/service/local/overlay_text.hpp"
#include "engine/trust/disk.hpp"
#include "kb/schema.hpp"
#include "kb/show.hpp"
#include "kb/values/date.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

constexpr std::int64_t ns_per_day = 86'400'000'000'000;
constexpr std::size_t name_limit = 100;

class changer {
public:
  changer(const clinic_tools& tools, const clinic_request& asked)
      : disk_(tools.disk != nullptr ? *tools.disk : real_)
      , tools_(tools)
      , asked_(asked)
      , home_(tools.at.home.string())
      , path_(home_ + "/" + std::string(kb::overlay_file)) {
    out_.statement = asked.id;
  }

  clinic_outcome run() {
    if (words_pass() && open())
      dispatch();
    return std::move(out_);
  }

private:
  void fail(change_verdict how, std::string_view code, std::string text, std::string hint = {}) {
    out_.how = how;
    out_.problems.push_back(
        {severity::error, "overlay." + std::string(code), {}, std::move(text), std::move(hint)});
  }
  void refuse(std::string_view code, std::string text, std::string hint = {}) {
    fail(change_verdict::refused, code, std::move(text), std::move(hint));
  }

  // --- before -------------------------------------------------------------------------

  bool passes(std::string_view what, std::string_view text, std::size_t limit) {
    std::string found(unclean(text));
    if (found.empty() && text.find('\n') != std::string_view::npos)
      found = "of several lines";
    if (found.empty() && length(text) > limit)
      found = std::to_string(length(text)) + " characters long";
    if (found.empty() && !text.empty() && text.find_first_not_of(' ') == std::string_view::npos)
      found = "blank";
    if (!found.empty())
      refuse("words", fault(what, found, "one line of at most " + std::to_string(limit) + " characters"));
    return found.empty();
  }
  bool words_pass() {
    return passes("the name", asked_.by, name_limit) && passes("the reason", asked_.reason, text_limit) &&
           passes("the id", asked_.id, text_limit);
  }

  bool open() {
    if (home_.empty()) {
      fail(change_verdict::failed, "no-home",
           fault("the home", "not known", "named by POSTERIOR_HOME or HOME"));
      return false;
    }
    if (const int error = disk_.make_folder(home_, 0700)) {
      fail(change_verdict::failed, "home",
           home_ + ": " + fault("the folder", kb::error_text(error), "writable"));
      return false;
    }
    trust::lock_result mine = disk_.wait_for_lock(home_ + "/overlay.lock", tools_.wait_ms);
    if (!mine.held) {
      const bool busy = mine.error == EWOULDBLOCK;
      fail(busy ? change_verdict::busy : change_verdict::failed, "busy",
           home_ + ": " +
               fault("the lock of the overlay", busy ? "held by another change" : kb::error_text(mine.error),
                     "free"),
           busy ? "try again when it has ended" : "");
      return false;
    }
    held_ = std::move(mine.held);
    return read_text() && read_before();
  }

  bool read_text() {
    const auto bytes = disk_.read(path_, kb::overlay_bytes_limit);
    if (bytes)
      text_ = *bytes;
    if (bytes || bytes.error == ENOENT)
      return true;
    fail(change_verdict::failed, "unreadable",
         path_ + ": " + fault("the overlay", kb::error_text(bytes.error), "readable"));
    return false;
  }

  // What is added to a file that is not understood would not count, and nobody would notice.
  bool read_before() {
    before_ = with(text_);
    if (!before_.knowledge) {
      fail(change_verdict::failed, "no-knowledge", "there is no knowledge base to say anything about",
           "`posterior doctor` says why");
      return false;
    }
    diagnostics wrong = text_.empty() ? diagnostics() : parse_toml(text_, path_).problems;
    for (const diagnostic& d : before_.overlay.problems)
      if (d.code == "kb.overlay-schema" && d.where.file == path_)
        wrong.push_back(d);
    if (has_errors(wrong)) {
      out_.how = change_verdict::refused;
      out_.problems = std::move(wrong);
      out_.problems.front().hint = "mend it first, or move it away";
      return false;
    }
    return true;
  }

  kb::opened with(const std::string& text) {
    if (text.empty())
      return open_in_memory(disk_, tools_.at, tools_.plugin_path);
    files_with files(disk_, path_, text);
    return open_in_memory(files, tools_.at, tools_.plugin_path);
  }

  // --- one change -----------------------------------------------------------------------

  void dispatch() {
    if (const auto card = kb::show(*before_.knowledge, asked_.id)) {
      out_.statement = card->id; // asked for by an alias
      out_.kind = card->kind;
      out_.name = card->name;
    }
    switch (asked_.what) {
    case clinic_act::override:
      return override_fields();
    case clinic_act::disable:
      return withdraw();
    case clinic_act::suspend:
      return suspend();
    case clinic_act::review:
      return review();
    case clinic_act::reset:
      return reset();
    }
  }

  std::string today() { return format_date(disk_.now_ns() / ns_per_day); }

  entry_lines signed_lines(entry_lines lines) {
    lines.emplace_back("by", toml_text(asked_.by));
    lines.emplace_back("when", toml_text(today()));
    lines.emplace_back("reason", toml_text(asked_.reason));
    return lines;
  }

  // Appends an entry to `text`; written if it is in force then.
  void add(std::string change, kb::overlay_deed deed, entry_lines lines, const std::string& text) {
    std::string wanted = with_entry(text, deed, signed_lines(std::move(lines)));
    const kb::opened after = with(wanted);
    if (!counts(after, wanted))
      return;
    out_.change = std::move(change);
    settle(after);
    write(std::move(wanted));
  }
  void add(std::string change, kb::overlay_deed deed, entry_lines lines) {
    add(std::move(change), deed, std::move(lines), text_);
  }

  // Whether the last entry of our file does what it says; else why not.
  bool counts(const kb::opened& after, const std::string& text) {
    const kb::overlay_entry* last = nullptr;
    for (const kb::overlay_entry& e : after.overlay.entries)
      if (e.where.file == path_ && (last == nullptr || e.where.line > last->where.line))
        last = &e;
    const auto head =
        static_cast<int>(std::count(
            text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.rfind("\n[[") + 1), '\n')) +
        1;
    const bool there = last != nullptr && last->where.line == head;
    if (there && last->standing == kb::overlay_standing::in_force)
      return true;
    tell_why(after, there ? last : nullptr, head);
    return false;
  }

  // The place of what was never written would send people to a line that is not there.
  void tell_why(const kb::opened& after, const kb::overlay_entry* entry, int head) {
    for (diagnostic d : after.overlay.problems)
      if (d.where.file == path_ && d.where.line >= head) {
        d.where = {};
        d.level = severity::error;
        out_.problems.push_back(std::move(d));
      }
    out_.how = change_verdict::refused;
    if (entry != nullptr && entry->standing == kb::overlay_standing::asleep) {
      out_.how = change_verdict::unknown;
      out_.problems.clear();
      const std::string near = near_id();
      fail(change_verdict::unknown, "unknown",
           fault("the id", "\"" + posterior::quoted(out_.statement) + "\"", "one of the knowledge base"),
           near.empty() ? "" : "did you mean \"" + near + "\"?");
    } else if (out_.problems.empty()) {
      refuse("refused",
             entry != nullptr && !entry->why.empty() ? entry->why : "what was asked would have no effect");
    }
  }

  // Those of links, readings and their like too, which nobody types by heart.
  std::string near_id() const {
    const auto near = kb::near_ids(*before_.knowledge, out_.statement);
    if (!near.empty())
      return near.front();
    std::vector<std::string> ids;
    kb::each_kind(before_.knowledge->all, [&](std::string_view, const auto& list) {
      for (const auto& item : list)
        ids.push_back(kb::id_of(item));
    });
    return std::string(nearest(out_.statement, {ids.begin(), ids.end()}));
  }

  // --- override -------------------------------------------------------------------------

  bool finite(const node& value) {
    const auto sound = [this](const auto& inner) { return finite(inner); };
    return (!value.is_number() || std::isfinite(value.number)) &&
           std::all_of(value.items.begin(), value.items.end(), sound) &&
           std::all_of(value.members.begin(), value.members.end(),
                       [&](const member& m) { return finite(m.value); });
  }

  void override_fields() {
    parsed set = parse_toml(asked_.fields, "the fields");
    if (!set.root || has_errors(set.problems)) {
      out_.how = change_verdict::refused;
      out_.problems = std::move(set.problems);
      return;
    }
    if (set.root->members.empty() || !finite(*set.root))
      return refuse("fields", fault("the fields", set.root->members.empty() ? "none" : "not finite",
                                    "at least one, with its value"));
    std::string text = text_;
    if (!without_said(names_of(*set.root), text))
      return;
    const entry_lines lines{{"statement", toml_text(out_.statement)}, {"set", toml_value(*set.root)}};
    const std::string first = with_entry(text, kb::overlay_deed::override, signed_lines(lines));
    const kb::opened tried = with(first);
    if (!counts(tried, first))
      return;
    entry_lines known = lines;
    known.emplace_back("was", was_of(tried, names_of(*set.root)));
    add("overridden", kb::overlay_deed::override, known, text);
  }

  // "p", "dose.sets", "words.often": fields as changes name them.
  static std::vector<std::string> names_of(const node& set) {
    std::vector<std::string> out;
    for (const member& m : set.members)
      out.push_back(m.name);
    return out;
  }

  static bool means(const std::string& field, const std::string& name) {
    return field == name || field.starts_with(name + ".") || name.starts_with(field + ".");
  }

  // Two entries for one field would both not count: ours of before goes.
  bool without_said(const std::vector<std::string>& names, std::string& text) {
    for (std::size_t k = before_.overlay.entries.size(); k-- > 0;) {
      const kb::overlay_entry& e = before_.overlay.entries[k];
      if (e.deed != kb::overlay_deed::override || e.statement != out_.statement)
        continue;
      std::vector<std::string> gone;
      for (const std::string& f : e.fields)
        if (std::any_of(names.begin(), names.end(), [&](const std::string& n) { return means(f, n); }))
          gone.push_back(f);
      if (!gone.empty() && !take_back(e, gone, text))
        return false;
    }
    return true;
  }

  std::string was_of(const kb::opened& tried, const std::vector<std::string>& names) {
    node was;
    was.kind = node::type::table;
    for (const kb::change* c : tried.knowledge->changes_of(out_.statement)) {
      if (std::none_of(names.begin(), names.end(), [&](const std::string& n) { return means(c->field, n); }))
        continue;
      node before;
      before.kind = node::type::text;
      before.text = c->before;
      was.members.push_back({c->field, std::move(before)});
      out_.fields.push_back(*c);
    }
    return toml_value(was);
  }

  // --- disable, suspend, review --------------------------------------------------------------------

  void withdraw() {
    if (before_.knowledge->find_withdrawal(asked_.id) != nullptr)
      return refuse("withdrawn", fault("the statement", "taken out already", "one that is in force"),
                    "`posterior kb reset " + asked_.id + "` brings it back");
    add("disabled", kb::overlay_deed::disable, {{"statement", toml_text(out_.statement)}});
  }

  void suspend() {
    const auto until = parse_date(asked_.until);
    const std::int64_t now = disk_.now_ns() / ns_per_day;
    if (!until || *until < now || *until > now + kb::suspension_days)
      return refuse("until", fault("the last day", "\"" + posterior::quoted(asked_.until) + "\"",
                                   "a date from " + format_date(now) + " to " +
                                       format_date(now + kb::suspension_days)));
    std::string text = text_;
    for (std::size_t k = before_.overlay.entries.size(); k-- > 0;)
      if (const auto& e = before_.overlay.entries[k];
          e.deed == kb::overlay_deed::suspend && e.statement == out_.statement && !take_back(e, {}, text))
        return;
    out_.until = asked_.until;
    add("suspended", kb::overlay_deed::suspend,
        {{"rule", toml_text(out_.statement)}, {"until", toml_text(asked_.until)}}, text);
  }

  void review() {
    const kb::draft* d = before_.knowledge->find_draft(asked_.id);
    if (d == nullptr)
      return not_a_draft();
    out_.statement = d->statement;
    out_.kind = d->kind;
    out_.name = d->name;
    add("reviewed", kb::overlay_deed::review,
        {{"statement", toml_text(d->statement)},
         {"verdict", toml_text(asked_.verdict)},
         {"digest", toml_text(d->digest)}});
  }

  void not_a_draft() {
    std::vector<std::string_view> ids;
    for (const kb::draft& d : before_.knowledge->all.drafts)
      ids.push_back(d.statement);
    const std::string_view near = nearest(asked_.id, ids);
    fail(change_verdict::unknown, "no-draft",
         fault("the draft", out_.kind.empty() ? "\"" + posterior::quoted(asked_.id) + "\"" : "active already",
               "one that `posterior kb drafts` names"),
         near.empty() ? "" : "did you mean \"" + std::string(near) + "\"?");
  }

  // --- reset ------------------------------------------------------------------------------

  void reset() {
    std::string text = text_;
    bool any = false;
    const kb::overlay_entry* added = nullptr;
    for (std::size_t k = before_.overlay.entries.size(); k-- > 0;) {
      const kb::overlay_entry& e = before_.overlay.entries[k];
      if (e.statement != out_.statement && e.statement != asked_.id)
        continue;
      if (e.deed == kb::overlay_deed::addition) {
        added = &e;
        continue;
      }
      const std::vector<std::string> fields = fields_to_reset(e);
      if (!asked_.field.empty() && fields.empty())
        continue;
      if (!take_back(e, fields, text))
        return;
      any = true;
    }
    if (!any)
      return nothing_said(added);
    const kb::opened after = with(text.empty() ? " " : text);
    out_.change = "reset";
    settle(after);
    write(std::move(text));
  }

  std::vector<std::string> fields_to_reset(const kb::overlay_entry& e) const {
    std::vector<std::string> out;
    for (const std::string& f : e.fields)
      if (!asked_.field.empty() && means(f, asked_.field))
        out.push_back(f);
    return out;
  }

  void nothing_said(const kb::overlay_entry* added) {
    if (added != nullptr)
      return refuse("addition",
                    fault("the statement", "added by the clinic at " + to_string(added->where), "a plugin's"),
                    "take it out of that file, or `posterior kb disable` it");
    const std::string what =
        asked_.field.empty() ? "" : "the field " + posterior::quoted(asked_.field) + " of ";
    fail(change_verdict::unknown, "nothing",
         fault("what the clinic says of " + what + posterior::quoted(asked_.id), "nothing", "something"),
         "`posterior kb overlay` lists it");
  }

  // Takes an entry, or only fields of an override, out of the text; entries must come from the last to the
  // first, so that the lines before stay where they are.
  bool take_back(const kb::overlay_entry& e, const std::vector<std::string>& fields, std::string& text) {
    if (e.where.file != path_) {
      refuse("elsewhere", fault("the entry", "in " + to_string(e.where), "in " + path_), "take it out there");
      return false;
    }
    if (fields.empty() || fields.size() == e.fields.size()) {
      text = without_entry(text, e);
      return true;
    }
    for (const std::string& f : fields) {
      auto less = without_field(text, e, f);
      if (!less) {
        refuse("by-hand",
               fault("the entry", "written by hand at " + to_string(e.where), "one line for `set`"),
               "take the field out of it there");
        return false;
      }
      text = std::move(*less);
    }
    return true;
  }

  // --- after --------------------------------------------------------------------------------

  void settle(const kb::opened& after) {
    if (asked_.what == clinic_act::review) {
      const kb::draft* d = after.knowledge ? after.knowledge->find_draft(out_.statement) : nullptr;
      out_.status = d == nullptr ? "active" : std::string(to_string(d->status));
      out_.change = d == nullptr ? "accepted" : out_.status == "retired" ? "rejected" : "reviewed";
    }
    for (const diagnostic& d : after.overlay.problems)
      if (std::find_if(before_.overlay.problems.begin(), before_.overlay.problems.end(),
                       [&](const diagnostic& o) { return o.text == d.text; }) ==
          before_.overlay.problems.end())
        out_.notes.push_back(to_string(d));
  }

  void write(std::string text) {
    int error = disk_.write(path_, text, 0600);
    if (error == 0)
      error = disk_.synchronise(home_);
    if (error != 0)
      return fail(change_verdict::failed, "disk",
                  path_ + ": " + fault("the overlay", kb::error_text(error), "writable"));
    out_.file = path_;
    out_.how = change_verdict::done;
  }

  trust::real_disk real_;
  trust::disk& disk_;
  const clinic_tools& tools_;
  const clinic_request& asked_;
  std::string home_, path_, text_;
  trust::lock held_;
  kb::opened before_;
  clinic_outcome out_;
};

} // namespace

clinic_outcome change_overlay(const clinic_tools& tools, const clinic_request& asked) {
  return changer(tools, asked).run();
}

} // namespace posterior::service
