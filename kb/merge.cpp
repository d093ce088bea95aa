// The order of precedence is core, org.posterior bundles by id, then all others by id. Nothing below depends
// on any other order, so that neither the order of folders nor of files can be seen in the result
// (tests/kb/merge_test.cpp tries them all).
#include "kb/merge.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "kb/canonical.hpp"
#include "kb/merge_parts.hpp"
#include "kb/reader.hpp"
#include "kb/schema.hpp"

namespace posterior::kb {
namespace {

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

plugin_entry entry(const bundle& b) {
  return {b.about, b.location, b.digest, b.origin, b.form};
}

} // namespace

int tier(const bundle& b) {
  return b.about.id == core_id ? 0 : is_house_id(b.about.id) ? 1 : 2;
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

merge_result merge(std::vector<bundle> bundles) {
  std::stable_sort(bundles.begin(), bundles.end(), [](const bundle& a, const bundle& b) {
    const auto key = [](const bundle& x) { return std::make_tuple(tier(x), x.shadowed); };
    return std::tuple(key(a), std::string_view(a.about.id), std::string_view(a.location)) <
           std::tuple(key(b), std::string_view(b.about.id), std::string_view(b.location));
  });
  merge_result out;
  check_together(bundles, collect(bundles));
  const auto loops = refuse_loops(bundles);
  out.content.loops = loops;
  for (const bundle& b : bundles)
    out.usable = out.usable || (b.about.id == core_id && sound(b));
  if (out.usable)
    make_room(bundles, out.content.all);
  if (out.usable)
    for (bundle& b : bundles)
      if (sound(b)) {
        out.content.plugins.push_back(entry(b));
        if (b.about.id == core_id)
          out.content.words = b.words;
        move_statements(b.says, out.content.all);
      }
  out.content.asleep = put_to_sleep(out.content.all, bundles);
  fill_grades(out.content.all);
  combine(out.content.all);
  sort(out.content.all);
  out.content.digest = digest(out.content.all, out.content.words);
  out.bundles = std::move(bundles);
  return out;
}

} // namespace posterior::kb
