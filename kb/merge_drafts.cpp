// Drafts do not reason until two people accepted them. They are taken out before anything else is looked at,
// so that what names them sleeps as if nobody had said them.
#include <algorithm>
#include <cctype>

#include "kb/canonical.hpp"
#include "kb/history.hpp"
#include "kb/merge_parts.hpp"
#include "kb/overlay_parts.hpp"
#include "kb/schema.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

// What several bundles draft under one id (a link, say) is judged as one.
struct held {
  draft record;
  std::vector<std::string> texts;
  std::vector<std::pair<bundle*, statements>> from;
  const overlay_entry* last = nullptr; // the decision in force
  bool active = false;
};
using held_drafts = std::map<std::string, held>; // by id of the statement

template <typename T>
void hold(held_drafts& out, bundle& b, std::string_view kind, T& item) {
  held& h = out[id_of(item)];
  const std::string text = canonical_text(item);
  if (h.texts.empty()) {
    h.record.statement = id_of(item);
    h.record.kind = kind;
    h.record.name = name_in(text);
    h.record.from = item.from;
  }
  h.texts.push_back(text);
  statements& one = h.from.emplace_back(&b, statements{}).second;
  each_kind(one, [&](std::string_view, auto& list) {
    if constexpr (std::same_as<typename std::remove_cvref_t<decltype(list)>::value_type, T>)
      list.push_back(std::move(item));
  });
}

void hold_of(held_drafts& out, bundle& b) {
  const auto drafts = std::move(b.says.drafts);
  b.says.drafts.clear();
  if (drafts.empty())
    return;
  each_kind(b.says, [&](std::string_view kind, auto& list) {
    const auto is_draft = [&, k = kind](const auto& item) {
      return std::any_of(drafts.begin(), drafts.end(), [&](const draft& d) {
        return d.kind == k && d.from.where == item.from.where && d.statement == id_of(item);
      });
    };
    for (auto& item : list)
      if (is_draft(item)) {
        auto copy = item;
        hold(out, b, kind, copy);
      }
    std::erase_if(list, is_draft);
  });
}

std::string plain_name(const std::string& name) {
  std::string out;
  for (const char c : name)
    if (c != ' ' && c != '.')
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

class judge {
public:
  judge(held& of, overlay_document& said)
      : held_(of)
      , said_(said) {}

  void hear(overlay_entry& e) {
    if (e.digest != held_.record.digest) {
      e.standing = overlay_standing::overtaken;
      e.why = "another text of \"" + e.statement + "\" was judged; it is a draft again";
      overtaken_ = &e;
      return;
    }
    if (e.verdict == "reject") {
      held_.active = false;
      held_.record.status = review_status::retired;
    } else if (held_.record.status == review_status::reviewed && !held_.active) {
      if (plain_name(e.by) == plain_name(held_.last->by))
        return set_aside(said_, e, overlay_standing::refused, "overlay-same-name",
                         fault("the second acceptance of \"" + e.statement + "\"",
                               "by \"" + e.by + "\", like the first", "by somebody else"));
      held_.active = true;
    } else if (!held_.active) {
      held_.record.status = review_status::reviewed;
    }
    held_.last = &e;
  }

  // A verdict on another text is told as long as nobody judged the new one.
  void close() {
    if (held_.last == nullptr && overtaken_ != nullptr)
      set_aside(said_, *overtaken_, overlay_standing::overtaken, "overlay-other-text",
                "another text of \"" + overtaken_->statement + "\" was judged: it is a draft again",
                "read it anew: `posterior kb drafts`");
    if (held_.last == nullptr)
      return;
    held_.record.by = held_.last->by;
    held_.record.when = held_.last->when;
    held_.record.reason = held_.last->reason;
  }

private:
  held& held_;
  overlay_document& said_;
  overlay_entry* overtaken_ = nullptr;
};

bool is_said(const std::vector<bundle>& bundles, const std::string& id) {
  bool out = false;
  for (const bundle& b : bundles)
    if (sound(b))
      each_kind(b.says, [&](std::string_view, const auto& list) {
        out =
            out || std::any_of(list.begin(), list.end(), [&](const auto& item) { return id_of(item) == id; });
      });
  return out;
}

void review(held_drafts& drafts, std::vector<bundle>& bundles, overlay_document& said) {
  std::map<std::string, judge> judges;
  for (auto& [id, h] : drafts)
    judges.emplace(id, judge(h, said));
  for (overlay_entry& e : said.entries) {
    if (e.deed != overlay_deed::review || e.standing != overlay_standing::in_force)
      continue;
    if (const auto at = judges.find(e.statement); at != judges.end()) {
      at->second.hear(e);
    } else if (is_said(bundles, e.statement)) {
      e.standing = overlay_standing::overtaken;
      e.why = "\"" + e.statement + "\" is no draft any more";
    } else {
      set_aside(said, e, overlay_standing::asleep, "overlay-asleep",
                "no draft is called \"" + quoted(e.statement) + "\": the verdict sleeps until there is one");
    }
  }
  for (auto& [id, j] : judges)
    j.close();
}

void digest_of(held& h) {
  std::sort(h.texts.begin(), h.texts.end());
  for (const std::string& text : h.texts)
    h.record.text += (h.record.text.empty() ? "" : "\n") + text;
  h.record.digest = sha256_hex(h.record.text);
}

} // namespace

std::vector<draft> hold_drafts(std::vector<bundle>& bundles, overlay_document& said, bool reasoning,
                               std::vector<change>& changes) {
  held_drafts drafts;
  for (bundle& b : bundles)
    if (sound(b))
      hold_of(drafts, b);
  for (auto& [id, h] : drafts)
    digest_of(h);
  review(drafts, bundles, said);
  std::vector<draft> out;
  for (auto& [id, h] : drafts) {
    if (h.active || (reasoning && h.record.status != review_status::retired))
      for (auto& [b, says] : h.from)
        move_statements(says, b->says);
    if (h.active)
      changes.push_back({id, "review", "\"draft\"", "\"active\"", h.record.by, h.record.when, h.record.reason,
                         origin_of(*h.last)});
    else
      out.push_back(std::move(h.record));
  }
  return out;
}

} // namespace posterior::kb
