// Opening: scan (no bytes are read), digests (remembered for files whose size, times and inode are the same),
// fingerprint, and only if that differs: read, merge, import.
#include "kb/knowledge_base.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "kb/codec.hpp"
#include "kb/merge.hpp"
#include "kb/overlay_files.hpp"
#include "kb/overlay_parts.hpp"
#include "kb/reader.hpp"
#include "kb/store.hpp"
#include "kb/values/digest.hpp"

namespace posterior::kb {
namespace {

// A file that changed so recently could change again without its time moving on; it is read again next time.
constexpr std::int64_t settled_after_ns = 1'000'000'000;

class opener {
public:
  opener(file_system& files, const open_options& options)
      : files_(files)
      , options_(options) {}

  opened run() {
    found_ = scan(files_, options_.places, out_.problems);
    hold_back();
    if (!options_.home.empty())
      out_.overlay = read_home_overlay(files_, options_.home, today(), overlay_mark_);
    const bool passing = options_.in_memory || options_.with_drafts ||
                         std::any_of(found_.begin(), found_.end(), [](const found_bundle& b) {
                           return b.origin == bundle_origin::path_variable;
                         });
    if (passing || options_.home.empty())
      in_memory();
    else
      with_store();
    name_left_out();
    name_overlay();
    return std::move(out_);
  }

private:
  // What takes the place of a held bundle stands right behind it.
  void hold_back() {
    for (const held_bundle& h : options_.held) {
      const auto at = std::find_if(found_.begin(), found_.end(), [&](const found_bundle& b) {
        return b.location == h.location && b.origin == bundle_origin::home;
      });
      if (at == found_.end() || digest_of(*at, plain_hasher(files_)) != h.digest)
        continue;
      at->held = h.why;
      if (h.instead.empty())
        continue;
      auto other = scan(files_, {{h.instead, bundle_origin::home}}, out_.problems);
      found_.insert(at + 1, std::make_move_iterator(other.begin()), std::make_move_iterator(other.end()));
    }
  }

  // --- with a store ---------------------------------------------------------------

  void with_store() {
    out_.store_path = options_.home + "/kb.sqlite";
    if (use_stored())
      return;
    if (out_.failure != open_failure::none)
      return;
    out_.outdated = !options_.allow_import;
    if (out_.outdated)
      return fail(open_failure::not_imported, "there is no knowledge base " + out_.store_path,
                  "run once without --no-import");
    import();
  }

  // True if the store holds what lies in the folders (or must do, when nothing may be imported).
  bool use_stored() {
    store_result result;
    auto kept = store::open(out_.store_path, store::access::read, options_.wait_ms, result);
    if (!kept && result.trouble == store_trouble::older && !options_.allow_import)
      return not_brought_forward(result);
    if (!kept)
      return told_if_bad(result);
    if (result = kept->check_latest(); !result)
      return told_if_bad(result);
    known_ = kept->remembered(result);
    const std::string now = fingerprint(digests());
    const auto last = kept->latest(result);
    if (!last)
      return told_if_bad(result);
    const bool same = last->fingerprint == now;
    if (!same && options_.allow_import)
      return false;
    auto stored = kept->load(last->number, result);
    if (!stored)
      return told_if_bad(result);
    out_.outdated = !same;
    if (!same)
      note("the plugin folders have changed since revision " + std::to_string(last->number) +
           "; it is used as it is");
    use(std::move(*stored), same);
    keep_digests();
    return true;
  }

  bool not_brought_forward(const store_result& result) {
    out_.outdated = true;
    fail(open_failure::not_imported, result.text, "run once without --no-import");
    return false;
  }

  // What makes the store unusable is a failure; what makes it only empty or busy is not. Always false.
  bool told_if_bad(const store_result& result) {
    if (result.trouble == store_trouble::newer)
      fail(open_failure::newer_store, result.text,
           "update Posterior, or set POSTERIOR_HOME to another folder");
    if (result.trouble == store_trouble::damaged)
      fail(open_failure::damaged_store, result.text,
           "`posterior restore FILE` brings back a backup; without one move the file away: what is in force "
           "is "
           "made again from the plugin folders, and what was in force before is lost");
    return false;
  }

  void import() {
    compiled made = compile();
    if (out_.failure != open_failure::none)
      return;
    std::string mark;
    for (const bundle& b : made.bundles)
      mark += line(b.origin, b.digest, scan_problems(b.location));
    mark = fingerprint(mark);
    store_result result = folder_ready();
    auto kept =
        result ? store::open(out_.store_path, store::access::write, options_.wait_ms, result) : std::nullopt;
    const auto number =
        kept ? kept->import(made, mark, files_.now_ns(), options_.program_version, result) : std::nullopt;
    if (!number)
      return without_import(std::move(made), mark, result);
    if (!kept->old_copy().empty())
      note("knowledge base: brought forward to schema " + std::to_string(store_schema) +
           "; as it was before it lies in " + kept->old_copy());
    const auto n = count(made.content.all);
    made.content.revision = *number;
    note("knowledge base: revision " + std::to_string(*number) + " imported (" +
         std::to_string(made.content.plugins.size()) + " bundles, " + std::to_string(n) + " statements)");
    use(std::move(made), true);
    if (digests_.empty())
      digests();
    keep_digests();
  }

  // Somebody else may have imported the same meanwhile; else this process goes on without writing.
  void without_import(compiled made, const std::string& mark, const store_result& why) {
    if (told_if_bad(why); out_.failure != open_failure::none)
      return;
    store_result result;
    auto kept = store::open(out_.store_path, store::access::read, options_.wait_ms, result);
    const auto last = kept ? kept->latest(result) : std::nullopt;
    if (last && last->fingerprint == mark)
      made.content.revision = last->number;
    else
      note(why.text + "; the knowledge is kept in memory");
    use(std::move(made), true);
  }

  store_result folder_ready() {
    if (const int error = files_.make_folder(options_.home, 0700))
      return {store_trouble::unwritable, "the folder " + options_.home + " is " + error_text(error)};
    return {};
  }

  // --- without ----------------------------------------------------------------------

  void in_memory() {
    compiled made = compile();
    if (out_.failure == open_failure::none)
      use(std::move(made), true);
  }

  // Reads and merges everything; bundles in the order of the scan.
  compiled compile() {
    merge_options clinic{out_.overlay, {}, options_.home, today(), options_.with_drafts};
    auto bundles =
        read_bundles(files_, found_, [&](scale& s) { set_words(clinic.overlay, s, clinic.word_changes); });
    for (bundle& b : bundles)
      b.disabled = is_disabled(b.about.id);
    merge_result merged = merge(std::move(bundles), std::move(clinic));
    std::map<std::string, bundle> by_location;
    for (bundle& b : merged.bundles)
      by_location.emplace(b.location, std::move(b));
    compiled out{std::move(merged.content), {}, outcome_of(merged)};
    for (const found_bundle& f : found_)
      out.bundles.push_back(std::move(by_location.at(f.location)));
    if (!merged.usable)
      no_core(out);
    return out;
  }

  static overlay_outcome outcome_of(merge_result& merged) {
    overlay_outcome out{{}, std::move(merged.overlay.problems), merged.valid_until_day};
    for (overlay_entry& e : merged.overlay.entries)
      out.fates.push_back({e.standing, std::move(e.why)});
    return out;
  }

  void no_core(compiled& made) {
    bool told = false;
    for (const bundle& b : made.bundles)
      if (b.about.id == core_id && b.origin == bundle_origin::program && !told) {
        told = true;
        fail(open_failure::no_knowledge, "the core in " + b.location + " has errors: nothing can be assessed",
             "");
        out_.problems.insert(out_.problems.end(), b.problems.begin(), b.problems.end());
      }
    if (!told)
      fail(open_failure::no_knowledge,
           "the core (" + std::string(core_id) + ") was not found beside the program",
           "install Posterior again");
    out_.bundles = std::move(made.bundles);
  }

  // --- digests ----------------------------------------------------------------------

  bool is_disabled(const std::string& id) const {
    return id != core_id &&
           std::find(options_.disabled.begin(), options_.disabled.end(), id) != options_.disabled.end();
  }

  static std::string path_of(const found_bundle& b, const bundle_file& f) {
    return b.pack ? b.location : b.location + "/" + f.name;
  }

  std::optional<std::string> hash(const found_bundle& b, const bundle_file& f) {
    const std::string path = path_of(b, f);
    const auto at = known_.find(path);
    if (at != known_.end() && at->second.info == f.info) {
      digests_.emplace(path, at->second);
      return at->second.sha256;
    }
    const std::int64_t now = files_.now_ns();
    auto sha = plain_hasher(files_)(b, f);
    if (sha && f.info.changed_ns + settled_after_ns < now && f.info.modified_ns + settled_after_ns < now)
      digests_.emplace(path, remembered_file{f.info, *sha});
    return sha;
  }

  std::string digests() {
    std::string out;
    for (const found_bundle& b : found_) {
      const auto digest = has_errors(b.problems)
                              ? std::nullopt
                              : digest_of(b, [this](const auto& x, const auto& f) { return hash(x, f); });
      out += line(b.origin, digest.value_or(""), scan_problems(b.location));
    }
    return out;
  }

  std::string scan_problems(const std::string& location) const {
    std::string out;
    for (const found_bundle& b : found_)
      if (b.location == location) {
        for (const diagnostic& d : b.problems)
          out += d.text + ";";
        out += b.held;
      }
    return out;
  }

  static std::string line(bundle_origin origin, const std::string& digest, const std::string& problems) {
    return std::to_string(static_cast<int>(origin)) + " " + digest + " " + problems + "\n";
  }

  // Everything that the result of a merge depends on.
  std::string fingerprint(const std::string& bundles) const {
    std::vector<std::string> disabled = options_.disabled;
    std::sort(disabled.begin(), disabled.end());
    std::string text = "merge " + std::to_string(merge_version) + "\n" + options_.program_version + "\n" +
                       codec_shape() + "\n";
    for (const std::string& id : disabled)
      text += "disabled " + id + "\n";
    return sha256_hex(text + overlay_mark_ + bundles);
  }

  std::int64_t today() { return files_.now_ns() / (86'400 * std::int64_t{1'000'000'000}); }

  void keep_digests() {
    if (digests_ == known_ || digests_.empty())
      return;
    store_result result;
    if (auto kept = store::open(out_.store_path, store::access::write, 0, result))
      kept->remember(digests_);
  }

  // --- the answer -------------------------------------------------------------------

  void use(compiled what, bool as_found) {
    if (as_found)
      relocate(what);
    out_.bundles = std::move(what.bundles);
    use_overlay(std::move(what.overlay), as_found);
    out_.knowledge = index(std::move(what.content));
  }

  // Entries were read just now; what became of them is known from the merge, which may be an earlier one.
  void use_overlay(overlay_outcome outcome, bool as_found) {
    out_.valid_until_day = outcome.valid_until_day;
    if (!as_found || outcome.fates.size() != out_.overlay.entries.size())
      return;
    for (std::size_t i = 0; i < outcome.fates.size(); ++i) {
      out_.overlay.entries[i].standing = outcome.fates[i].standing;
      out_.overlay.entries[i].why = std::move(outcome.fates[i].why);
    }
    out_.overlay.problems = std::move(outcome.problems);
  }

  // From here on places are whole paths.
  void name_overlay() {
    for (diagnostic& d : out_.overlay.problems)
      d.where.file = options_.home + "/" + d.where.file;
    for (overlay_entry& e : out_.overlay.entries)
      e.where.file = options_.home + "/" + e.where.file;
    if (const auto n = out_.overlay.problems.size(); n > 0)
      note("the clinic's overlay: " + to_string(out_.overlay.problems.front().where) + ": " +
           out_.overlay.problems.front().text +
           (n > 1 ? " (and " + std::to_string(n - 1) + " more: `posterior kb overlay`)" : ""));
  }

  // The same bundles may lie elsewhere than when they were imported.
  void relocate(compiled& what) const {
    std::map<std::string, std::string> moved;
    for (std::size_t i = 0; i < found_.size() && i < what.bundles.size(); ++i)
      if (what.bundles[i].location != found_[i].location)
        moved.emplace(what.bundles[i].location, found_[i].location);
    if (moved.empty())
      return;
    const auto now = [&](std::string& path) {
      for (const auto& [before, after] : moved)
        if (path == before || path.starts_with(before + "/")) {
          path = after + path.substr(before.size());
          return;
        }
    };
    for (bundle& b : what.bundles) {
      now(b.location);
      now(b.shadowed_by);
      for (diagnostic& d : b.problems)
        now(d.where.file);
    }
    for (plugin_entry& p : what.content.plugins)
      now(p.location);
  }

  void name_left_out() {
    for (const bundle& b : out_.bundles) {
      const auto errors = std::count_if(b.problems.begin(), b.problems.end(),
                                        [](const diagnostic& d) { return d.level == severity::error; });
      if (errors == 0 || b.about.id == core_id)
        continue;
      const auto first = std::find_if(b.problems.begin(), b.problems.end(),
                                      [](const diagnostic& d) { return d.level == severity::error; });
      note("plugin " + (b.about.id.empty() ? b.location : b.about.id) +
           " is left out: " + to_string(first->where) + ": " + first->text +
           (errors > 1 ? " (and " + std::to_string(errors - 1) + " more)" : ""));
    }
  }

  void note(std::string text) { out_.notes.push_back(std::move(text)); }

  void fail(open_failure kind, std::string text, std::string hint) {
    out_.failure = kind;
    out_.problems.push_back({severity::error, "kb.open", {}, std::move(text), std::move(hint)});
  }

  file_system& files_;
  const open_options& options_;
  opened out_;
  std::vector<found_bundle> found_;
  file_memory known_, digests_;
  std::string overlay_mark_; // of the fingerprint
};

} // namespace

opened open(file_system& files, const open_options& options) {
  return opener(files, options).run();
}

} // namespace posterior::kb
