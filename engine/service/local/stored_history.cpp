// Reads kb.sqlite for the history, and finds the builds of detectors that were in force at a revision.
#include <map>
#include <utility>

#include "engine/assess/detectors.hpp"
#include "engine/service/local/code_rulings.hpp"
#include "engine/service/local/local.hpp"
#include "engine/service/version.hpp"
#include "kb/catalogue.hpp"
#include "kb/places.hpp"

namespace posterior::service {
namespace {

constexpr int wait_ms = 5000;

// Where builds of bundles lie, looked for by digest.
class build_finder {
public:
  explicit build_finder(const places& at)
      : at_(at) {}

  // Makes `p` name a place that holds what its digest says; false if there is none.
  bool settle(kb::plugin_entry& p) {
    if (holds(p.location, p))
      return true;
    const std::string home = at_.home.string();
    for (const std::string& folder : {home + "/store/" + p.digest, home + "/kept/" + p.digest})
      if (holds(folder, p))
        return true;
    const auto& all = everywhere();
    const auto found = all.find(p.digest);
    return found != all.end() && holds(found->second, p);
  }

private:
  bool holds(const std::string& location, kb::plugin_entry& p) {
    diagnostics ignored;
    const auto found = kb::scan(files_, {{location, p.origin}}, ignored);
    if (found.size() != 1 || kb::digest_of(found[0], kb::plain_hasher(files_)) != p.digest)
      return false;
    p.location = found[0].location;
    if (p.about.detector_file.empty())
      for (kb::bundle& b : kb::read_bundles(files_, found))
        p.about = std::move(b.about);
    return true;
  }

  const std::map<std::string, std::string>& everywhere() {
    if (std::exchange(looked_, true))
      return by_digest_;
    diagnostics ignored;
    const auto folders = kb::search_places(at_.variables, at_.home.string(), at_.prefix.string());
    for (const kb::found_bundle& b : kb::scan(files_, folders, ignored))
      if (const auto digest = kb::digest_of(b, kb::plain_hasher(files_)))
        by_digest_.emplace(*digest, b.location);
    return by_digest_;
  }

  const places& at_;
  kb::real_files files_;
  bool looked_ = false;
  std::map<std::string, std::string> by_digest_;
};

class stored_history final : public history {
public:
  stored_history(places at, std::function<workforce()> workers)
      : at_(std::move(at))
      , workers_(std::move(workers)) {}

  std::vector<kb::revision_change> log(const std::string& id, std::size_t most,
                                       kb::store_result& result) override {
    auto kept = open(result);
    return kept ? kept->log(id, most, result) : std::vector<kb::revision_change>();
  }

  std::optional<kb::revision_diff> diff(std::int64_t from, std::int64_t to,
                                        kb::store_result& result) override {
    auto kept = open(result);
    return kept ? kept->diff(from, to, result) : std::nullopt;
  }

  kb::store_verdict verify(kb::store_result& result) override {
    auto kept = open(result);
    if (kept)
      return kept->verify(result);
    if (result.trouble == kb::store_trouble::damaged)
      return {{{"", 0, 0, result.text}}, 0, 0, ""};
    return {};
  }

  past_world at(std::int64_t revision) override {
    past_world out;
    auto kept = open(out.why);
    auto read = kept ? kept->read(revision, out.why) : std::nullopt;
    if (!read)
      return out;
    kb::store_result ignored;
    for (const kb::revision_entry& r : kept->revisions(ignored))
      if (r.number == revision && !r.program.empty() && r.program != engine_version())
        out.notes += "revision " + std::to_string(revision) + " was made by version " + r.program +
                     " of the program; this is " + std::string(engine_version()) + "\n";
    out.then = world_of(std::move(read->content), out.notes);
    return out;
  }

private:
  std::optional<kb::store> open(kb::store_result& result) const {
    return kb::store::open((at_.home / "kb.sqlite").string(), kb::store::access::read, wait_ms, result);
  }

  std::shared_ptr<const world> world_of(kb::snapshot content, std::string& notes) const {
    build_finder builds(at_);
    std::map<std::string, std::string> gone; // plugin to why
    for (kb::plugin_entry& p : content.plugins)
      if (p.about.has_detector && !builds.settle(p)) {
        gone[p.about.id] = "the build that was in force at revision " + std::to_string(content.revision) +
                           " is no longer here (digest " + p.digest + ")";
        notes += "plugin " + p.about.id + " " + p.about.version + ": " + gone[p.about.id] +
                 ", its detector could not be asked\n";
      }
    world out;
    out.knowledge = kb::index(std::move(content));
    code_rulings code(at_);
    out.specs = assess::detector_specs(*out.knowledge, [&](const kb::plugin_entry& p) {
      const auto at = gone.find(p.about.id);
      return at == gone.end() ? code(p) : assess::code_ruling{host::failure::file, at->second, false, {}, {}};
    });
    out.code = code.take_standings();
    out.leases = code.take_leases();
    for (const std::string& note : code.take_notes())
      notes += note + "\n";
    const workforce workers = workers_();
    out.detectors = assess::ask_detectors(workers.pool, out.specs, {});
    out.watch = workers.watch;
    out.plans = std::make_shared<inference::plan_cache>();
    out.texts = make_searcher(at_, out.knowledge);
    return std::make_shared<const world>(std::move(out));
  }

  places at_;
  std::function<workforce()> workers_;
};

} // namespace

std::shared_ptr<history> make_history(const places& at, std::function<workforce()> workers) {
  return at.home.empty() ? nullptr : std::make_shared<stored_history>(at, std::move(workers));
}

} // namespace posterior::service
