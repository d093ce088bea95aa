// Reads one document of the overlay, entry by entry: what is wrong with one says nothing about the others.
#include <algorithm>
#include <array>

#include "kb/item.hpp"
#include "kb/overlay_parts.hpp"
#include "kb/schema.hpp"
#include "kb/values/date.hpp"

namespace posterior::kb {
namespace {

// What may be added. Neither what only the core says nor messages, which belong to a detector.
constexpr std::array<std::string_view, 16> addable{
    "source", "claim",    "family",     "state",      "prior",    "theory",  "finding", "observes",
    "link",   "exercise", "indication", "precaution", "sequence", "tension", "text",    "retired"};

std::int64_t read_day(fields& f, std::string_view key, std::string& into) {
  into = f.required_text(key).value_or("");
  const auto day = parse_date(into);
  if (!into.empty() && !day)
    f.problem(*f.raw(key), "overlay-date",
              fault("\"" + std::string(key) + "\" of " + f.what(), describe(*f.raw(key)),
                    "a day such as \"2026-11-02\""));
  return day.value_or(0);
}

// A dose is set field by field, and so are the tables of the scale; everything else as a whole.
void name_fields(const node& set, bool scale, std::vector<std::string>& into) {
  for (const auto& [name, value] : set.members) {
    const bool by_part = scale ? name == "words" || name == "read" || name == "opinion" : name == "dose";
    if (!by_part || value.kind != node::type::table)
      into.push_back(name);
    else
      for (const auto& [part, unused] : value.members)
        into.push_back(name + "." + part);
  }
}

class document_reader {
public:
  document_reader(const std::string& file, overlay_document& out)
      : file_(file)
      , out_(out) {}

  void read(const node& root) {
    fields top(root, file_, "kb", "the overlay", out_.problems);
    if (!is_of_schema(top))
      return;
    each(top, "override", &document_reader::read_override);
    each(top, "disable", &document_reader::read_disable);
    each(top, "suspend", &document_reader::read_suspend);
    each(top, "review", &document_reader::read_review);
    for (const auto kind : addable)
      for (const node* table : tables(top, kind))
        read_addition(*table, kind);
    for (const auto kind : {"rule", "equipment", "site", "message"})
      if (const node* list = top.raw(kind))
        top.problem(*list, "overlay-kind",
                    fault("[[" + std::string(kind) + "]]", "in the clinic's overlay",
                          kind == std::string_view("message") ? "in a plugin with code" : "in the core"));
    top.finish();
    std::stable_sort(out_.entries.begin(), out_.entries.end(),
                     [](const overlay_entry& a, const overlay_entry& b) {
                       return std::tie(a.where.line, a.where.column) < std::tie(b.where.line, b.where.column);
                     });
  }

  std::vector<int> heads; // lines at which an entry begins, sound or not

private:
  bool is_of_schema(fields& top) {
    const auto schema = top.required_text("schema");
    if (schema && *schema != overlay_schema)
      top.problem(
          *top.raw("schema"), "overlay-schema",
          fault("\"schema\"", describe(*top.raw("schema")), "\"" + std::string(overlay_schema) + "\""));
    return schema == overlay_schema;
  }

  std::vector<const node*> tables(fields& top, std::string_view key) {
    auto out = top.tables(key);
    for (const node* table : out)
      heads.push_back(table->line);
    return out;
  }

  using reading = void (document_reader::*)(fields&, overlay_entry&);

  void each(fields& top, std::string_view key, reading reader_of) {
    for (const node* table : tables(top, key)) {
      diagnostics problems;
      fields f(*table, file_, "kb", "[[" + std::string(key) + "]]", problems);
      overlay_entry e;
      e.where = f.at();
      e.table = *table;
      (this->*reader_of)(f, e);
      e.by = f.required_text("by").value_or("");
      read_day(f, "when", e.when);
      e.reason = f.required_text("reason").value_or("");
      f.finish();
      take(std::move(e), problems);
    }
  }

  void take(overlay_entry e, const diagnostics& problems) {
    if (!has_errors(problems))
      out_.entries.push_back(std::move(e));
    out_.problems.insert(out_.problems.end(), problems.begin(), problems.end());
  }

  void read_override(fields& f, overlay_entry& e) {
    e.deed = overlay_deed::override;
    e.statement = f.required_text("statement").value_or("");
    if (!f.has("set"))
      f.missing("set", "a table of fields, as in { p = [0.4, 0.3, 0.5] }");
    if (const node* set = f.table("set")) {
      name_fields(*set, e.statement == "scale", e.fields);
      if (e.fields.empty())
        f.problem(*set, "overlay-nothing", fault("\"set\" of " + f.what(), "empty", "at least one field"));
    }
    const node* was = f.table("was");
    if (was == nullptr)
      return;
    fields g(*was, file_, "kb", "\"was\" of " + f.what(), f.problems());
    for (const auto& [name, unused] : was->members)
      e.was[name] = g.text_or(name, "");
    g.finish();
  }

  void read_disable(fields& f, overlay_entry& e) {
    e.deed = overlay_deed::disable;
    e.statement = f.required_text("statement").value_or("");
  }

  void read_suspend(fields& f, overlay_entry& e) {
    e.deed = overlay_deed::suspend;
    e.statement = f.required_text("rule").value_or("");
    const std::int64_t until = read_day(f, "until", e.until);
    const node* when = f.raw("when");
    const auto from = parse_date(when != nullptr ? when->text : "");
    if (!until || !from)
      return;
    if (until < *from || until - *from > suspension_days)
      f.problem(*f.raw("until"), "overlay-too-long",
                fault("\"until\" of " + f.what(), e.until,
                      "from " + format_date(*from) + " to " + format_date(*from + suspension_days)),
                "a suspension lasts " + std::to_string(suspension_days) +
                    " days at most; after that it is decided anew");
  }

  void read_review(fields& f, overlay_entry& e) {
    e.deed = overlay_deed::review;
    e.statement = f.required_text("statement").value_or("");
    if (const auto i = f.required_choice("verdict", {"accept", "reject"}))
      e.verdict = *i == 0 ? "accept" : "reject";
    e.digest = f.required_text("digest").value_or("");
    if (!e.digest.empty() &&
        (e.digest.size() != 64 || e.digest.find_first_not_of("0123456789abcdef") != std::string::npos))
      f.problem(*f.raw("digest"), "bad-digest",
                fault("\"digest\" of " + f.what(), "no SHA-256", "64 lower-case hexadecimal digits"));
  }

  // A precaution has a `when` of its own, and a retired id a reason.
  void read_addition(const node& table, std::string_view kind) {
    diagnostics problems;
    overlay_entry e;
    e.deed = overlay_deed::addition;
    e.kind = kind;
    e.where = {file_, table.line, table.column, ""};
    const std::string_view day = kind == "precaution" || kind == "sequence" ? "day" : "when";
    fields f(table, file_, "kb", "[[" + std::string(kind) + "]]", problems);
    e.by = f.required_text("by").value_or("");
    read_day(f, day, e.when);
    e.reason = f.required_text("reason").value_or("");
    e.table = table;
    std::erase_if(e.table.members, [&](const member& m) {
      return m.name == "by" || m.name == day || (m.name == "reason" && kind != "retired");
    });
    statements one;
    read_addition_of(e, nullptr, one, problems);
    each_kind(one, [&](std::string_view, const auto& list) {
      using T = typename std::remove_cvref_t<decltype(list)>::value_type;
      if constexpr (!std::same_as<T, draft>)
        for (const auto& item : list)
          e.statement = id_of(item);
    });
    take(std::move(e), problems);
  }

  const std::string& file_;
  overlay_document& out_;
};

std::vector<std::string_view> lines_of(std::string_view bytes) {
  std::vector<std::string_view> out;
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    out.push_back(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return out;
}

bool says_nothing(std::string_view line) {
  const auto at = line.find_first_not_of(" \t\r");
  return at == std::string_view::npos || line[at] == '#';
}

// An entry ends before the next head, and before the comments that stand above that.
void find_ends(std::string_view bytes, std::vector<int> heads, std::vector<overlay_entry>& entries) {
  const auto lines = lines_of(bytes);
  std::sort(heads.begin(), heads.end());
  for (overlay_entry& e : entries) {
    const auto next = std::upper_bound(heads.begin(), heads.end(), e.where.line);
    int last = next == heads.end() ? static_cast<int>(lines.size()) : *next - 1;
    while (last > e.where.line && says_nothing(lines[static_cast<std::size_t>(last - 1)]))
      --last;
    e.last_line = last;
  }
}

} // namespace

std::string_view to_string(overlay_deed d) {
  static constexpr std::array<std::string_view, 5> words{"override", "disable", "suspend", "review",
                                                         "addition"};
  return words[static_cast<std::size_t>(d)];
}

std::string_view to_string(overlay_standing s) {
  static constexpr std::array<std::string_view, 6> words{"in-force", "asleep",  "refused",
                                                         "doubled",  "expired", "overtaken"};
  return words[static_cast<std::size_t>(s)];
}

void read_addition_of(const overlay_entry& e, const scale* words, statements& into, diagnostics& problems) {
  reading_context context;
  context.bundle = overlay_id;
  context.prefix = overlay_prefix;
  context.words = words;
  context.file = e.where.file;
  context.relative = e.where.file;
  node list;
  list.kind = node::type::array;
  list.items.push_back(e.table);
  node root;
  root.kind = node::type::table;
  root.members.push_back({e.kind, std::move(list)});
  read_statements(root, context, false, into, problems);
}

overlay_document read_overlay(std::string_view bytes, const std::string& file) {
  overlay_document out;
  const parsed document = parse_toml(bytes, file);
  out.problems = document.problems;
  if (!document.root)
    return out;
  document_reader reader(file, out);
  reader.read(*document.root);
  find_ends(bytes, reader.heads, out.entries);
  return out;
}

} // namespace posterior::kb
