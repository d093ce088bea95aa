#include "engine/service/local/generation.hpp"

#include <algorithm>
#include <utility>

namespace posterior::service {
namespace {

constexpr std::uint64_t records_limit = 4u << 20;

class opening {
public:
  opening(kb::file_system& files, kb::open_options options, const build_checks& checks)
      : files_(files)
      , options_(std::move(options))
      , checks_(checks)
      , path_(options_.home + "/builds.json") {}

  kb::opened run() {
    if (options_.home.empty())
      return kb::open(files_, options_);
    remember();
    options_.held = now_.held;
    if (!options_.allow_import || !home_has_plugins())
      return kb::open(files_, options_);
    if (kb::opened stored = open_stored(); !stored.outdated)
      return stored;
    try_out();
    keep_records();
    kb::opened out = kb::open(files_, options_);
    out.notes.insert(out.notes.begin(), notes_.begin(), notes_.end());
    return out;
  }

private:
  bool home_has_plugins() {
    std::vector<kb::search_place> own;
    for (const kb::search_place& p : options_.places)
      if (p.origin == kb::bundle_origin::home)
        own.push_back(p);
    diagnostics told_by_opening;
    return !kb::scan(files_, own, told_by_opening).empty();
  }

  void remember() {
    const auto bytes = files_.read(path_, records_limit);
    if (!bytes && bytes.error == ENOENT)
      return;
    std::string why = bytes ? "" : path_ + ": " + kb::error_text(bytes.error);
    auto read = bytes ? read_builds(*bytes, path_, why) : std::nullopt;
    if (read)
      now_ = std::move(*read);
    else
      notes_.push_back(why + "; every plugin of the home is checked again");
    before_ = now_;
  }

  // Bundles of the path variable are never stored, and what the home's are does not depend on them.
  kb::open_options without_path() const {
    kb::open_options out = options_;
    std::erase_if(out.places,
                  [](const kb::search_place& p) { return p.origin == kb::bundle_origin::path_variable; });
    return out;
  }

  kb::opened open_stored() {
    kb::open_options only_stored = without_path();
    only_stored.allow_import = false;
    const bool same_places = only_stored.places.size() == options_.places.size();
    kb::opened out = kb::open(files_, only_stored);
    if (out.failure != kb::open_failure::none && out.failure != kb::open_failure::not_imported)
      return out; // a damaged store, or one of a newer program: told as it is
    if (out.outdated || same_places)
      return out;
    return kb::open(files_, options_);
  }

  // Twice at most: the second time with what failed held back. What then still fails is left in, named by kb.
  void try_out() {
    for (int round = 0; round < 2; ++round) {
      kb::open_options in_memory = without_path();
      in_memory.home.clear();
      const kb::opened tried = kb::open(files_, in_memory);
      if (!tried.knowledge)
        return;
      const std::size_t held = now_.held.size();
      judge_all(tried);
      options_.held = now_.held;
      if (now_.held.size() == held)
        return;
    }
  }

  void judge_all(const kb::opened& tried) {
    builds next;
    for (const kb::bundle& b : tried.bundles)
      if (b.origin == kb::bundle_origin::home)
        judge(*tried.knowledge, b, next);
    now_ = std::move(next);
  }

  const good_build* good_at(const std::string& location) const {
    const auto at = std::find_if(now_.good.begin(), now_.good.end(),
                                 [&](const good_build& g) { return g.location == location; });
    return at == now_.good.end() ? nullptr : &*at;
  }
  bool is_copy(const std::string& location) const {
    return std::any_of(now_.held.begin(), now_.held.end(), [&](const kb::held_bundle& h) {
      return !h.instead.empty() && (location == h.instead || location.starts_with(h.instead + "/"));
    });
  }

  void judge(const kb::snapshot& knowledge, const kb::bundle& b, builds& next) {
    if (is_copy(b.location))
      return;
    const good_build* good = good_at(b.location);
    const auto held = std::find_if(now_.held.begin(), now_.held.end(), [&](const kb::held_bundle& h) {
      return h.location == b.location && h.digest == b.digest;
    });
    if (good != nullptr && (held != now_.held.end() || b.shadowed || b.disabled || good->digest == b.digest))
      next.good.push_back(*good); // as before
    if (held != now_.held.end()) {
      next.held.push_back(*held);
      return;
    }
    if (b.shadowed || b.disabled || (good != nullptr && good->digest == b.digest))
      return;
    decide(knowledge, b, good, next);
  }

  void decide(const kb::snapshot& knowledge, const kb::bundle& b, const good_build* good, builds& next) {
    const std::string copy = good == nullptr ? "" : good->copy;
    if (has_errors(b.problems)) {
      if (good != nullptr)
        next.good.push_back(*good);
      if (!copy.empty() && !b.digest.empty())
        next.held.push_back({b.location, b.digest, "refused, see what else is said of it", copy});
      return;
    }
    const std::optional<std::string> why = checks_.judge(knowledge, b);
    if (why && why->empty()) {
      next.good.push_back({b.location, b.digest, checks_.keep(b)});
      return;
    }
    if (good != nullptr)
      next.good.push_back(*good);
    if (why)
      next.held.push_back({b.location, b.digest, "failed its own cases: " + *why, copy});
  }

  void keep_records() {
    if (now_ == before_)
      return;
    const int error = files_.make_folder(options_.home, 0700);
    if (const int written = error != 0 ? error : files_.write(path_, builds_text(now_), 0600))
      return notes_.push_back(path_ + ": " + kb::error_text(written) +
                              "; plugins are checked again next time");
    std::set<std::string> of_use;
    for (const good_build& g : now_.good)
      of_use.insert(g.digest);
    checks_.forget(of_use);
  }

  kb::file_system& files_;
  kb::open_options options_;
  const build_checks& checks_;
  std::string path_;
  builds before_, now_;
  std::vector<std::string> notes_;
};

} // namespace

kb::opened open_generation(kb::file_system& files, kb::open_options options, const build_checks& checks) {
  return opening(files, std::move(options), checks).run();
}

} // namespace posterior::service
