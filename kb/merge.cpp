// The order of precedence is core, org.posterior bundles by id, then all others by id. Nothing below depends
// on any other order, so that neither the order of folders nor of files can be seen in the result
// (tests/kb/merge_test.cpp tries them all).
#include "kb/merge.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "kb/canonical.hpp"
#include "kb/merge_overlay.hpp"
#include "kb/merge_parts.hpp"
#include "kb/reader.hpp"
#include "kb/schema.hpp"

namespace posterior::kb {
namespace {

plugin_entry entry(const bundle& b) {
  return {b.about, b.location, b.digest, b.origin, b.form};
}

} // namespace

void move_statements(statements& from, statements& to) {
  each_kind(to, [&](std::string_view kind, auto& target) {
    each_kind(from, [&](std::string_view other, auto& list) {
      if constexpr (std::same_as<decltype(list), decltype(target)>)
        if (kind == other)
          std::move(list.begin(), list.end(), std::back_inserter(target));
    });
  });
  from = {};
}

int tier(const bundle& b) {
  return b.about.id == core_id ? 0 : is_house_id(b.about.id) ? 1 : b.about.id == overlay_id ? 3 : 2;
}

bool sound(const bundle& b) {
  return !b.shadowed && !b.disabled && !has_errors(b.problems);
}

place full_place(const bundle& b, const place& inside) {
  place out = inside;
  out.file = b.form == bundle_form::pack_file ? b.location : b.location + "/" + inside.file;
  return out;
}

void refuse(bundle& b, const place& inside, std::string_view code, std::string text, std::string hint) {
  b.problems.push_back(
      {severity::error, "kb." + std::string(code), full_place(b, inside), std::move(text), std::move(hint)});
}

namespace {

void by_precedence(std::vector<bundle>& bundles) {
  std::stable_sort(bundles.begin(), bundles.end(), [](const bundle& a, const bundle& b) {
    const auto key = [](const bundle& x) { return std::make_tuple(tier(x), x.shadowed); };
    return std::tuple(key(a), std::string_view(a.about.id), std::string_view(a.location)) <
           std::tuple(key(b), std::string_view(b.about.id), std::string_view(b.location));
  });
}

// Room for everything that takes part: statements are moved once.
void make_room(const std::vector<bundle>& bundles, statements& to) {
  each_kind(to, [&](std::string_view kind, auto& target) {
    std::size_t needed = 0;
    for (const bundle& b : bundles)
      if (sound(b))
        each_kind(b.says, [&](std::string_view other, const auto& list) {
          needed += kind == other ? list.size() : 0;
        });
    target.reserve(needed);
  });
}

void take_statements(std::vector<bundle>& bundles, snapshot& into) {
  make_room(bundles, into.all);
  for (bundle& b : bundles)
    if (sound(b)) {
      if (b.about.id != overlay_id)
        into.plugins.push_back(entry(b));
      if (b.about.id == core_id)
        into.words = b.words;
      move_statements(b.says, into.all);
    }
}

} // namespace

merge_result merge(std::vector<bundle> bundles, merge_options options) {
  merge_result out;
  overlay_merger ours(options);
  ours.add_to(bundles);
  by_precedence(bundles);
  std::vector<change> reviewed;
  std::vector<draft> drafts = hold_drafts(bundles, options.overlay, options.with_drafts, reviewed);
  out.content.loops = ours.settle(bundles);
  for (const bundle& b : bundles)
    out.usable = out.usable || (b.about.id == core_id && sound(b));
  statements& all = out.content.all;
  if (out.usable)
    take_statements(bundles, out.content);
  absences gone;
  for (const draft& d : drafts)
    gone[d.statement] = {"is a draft", "`posterior kb drafts` lists what waits for review"};
  ours.withdraw(all, gone);
  out.content.asleep = put_to_sleep(all, bundles, gone);
  ours.take_from(bundles);
  fill_grades(all);
  out.content.said_apart = said_apart(all);
  ours.combine_all(all);
  sort(all);
  ours.finish(all, out.content.words, std::move(drafts), std::move(reviewed));
  ours.list_idle(out.content.asleep);
  out.valid_until_day = ours.valid_until();
  sort(all);
  out.content.digest = digest(all, out.content.words);
  out.bundles = std::move(bundles);
  out.overlay = std::move(options.overlay);
  return out;
}

} // namespace posterior::kb
