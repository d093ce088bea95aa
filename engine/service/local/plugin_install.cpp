// Installing, in this order: read the archive; unpack it beside the plugins under a hidden name; list, hashes
// and signature; kb's own checks, together with all that is there; the owner's word; the golden cases; then
// the pin, one rename, and away with what was there before.
//
// Rationale: the pin is written before the rename. A pin of a build that is not there does nothing; a build
// without its pin, in the place of one that ran, would.
#include <algorithm>

#include "engine/host/pool.hpp"
#include "engine/service/local/own_cases.hpp"
#include "engine/service/local/plugin_home.hpp"
#include "engine/trust/archive.hpp"
#include "kb/reader.hpp"
#include "kb/values/id.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

constexpr const char* archive_name = "the archive";

bool is_archive(std::string_view bytes) {
  return bytes.starts_with("\x1F\x8B");
}

class installer {
public:
  installer(const change_tools& tools, const change_request& asked)
      : tools_(tools)
      , asked_(asked)
      , home_(tools, out_) {}

  change_outcome run() {
    if (!home_.open())
      return std::move(out_);
    sweep();
    if (unpack() && check() && may_run() && passes_its_cases())
      put_in_place();
    if (!temporary_.empty())
      trust::remove_tree(home_.disk, temporary_);
    return std::move(out_);
  }

private:
  void refuse(std::string_view code, std::string text, std::string hint = {}) {
    home_.fail(change_verdict::refused, code, std::move(text), std::move(hint));
  }
  bool failed_on(const std::string& path, int error) {
    if (error != 0)
      home_.fail(change_verdict::failed, "disk",
                 path + ": " + fault("the folder", kb::error_text(error), "writable"));
    return error != 0;
  }

  // What a killed change left behind: nobody is at it while this one holds the lock.
  void sweep() {
    const auto names = home_.disk.list(home_.plugins());
    for (const std::string& name : names ? *names : std::vector<std::string>{})
      if (name.starts_with(".new-") || name.starts_with(".old-"))
        trust::remove_tree(home_.disk, home_.plugins() + "/" + name);
  }

  // --- unpacking ------------------------------------------------------------------------

  bool unpack() {
    trust::archive what{"pack", {{"bundle.pack.toml", asked_.bytes}}};
    if (is_archive(asked_.bytes)) {
      trust::archive_reading read = trust::read_archive(asked_.bytes, archive_name);
      if (!read.found) {
        out_.how = change_verdict::refused;
        out_.problems = std::move(read.problems);
        return false;
      }
      what = std::move(*read.found);
    }
    pack_ = !is_archive(asked_.bytes);
    temporary_ = home_.plugins() + "/.new-" + home_.disk.fresh_word();
    return write(what);
  }

  bool write(const trust::archive& what) {
    if (failed_on(temporary_, home_.disk.create_folder(temporary_, 0700)))
      return false;
    place_ = temporary_ + "/" + (pack_ ? "bundle.pack.toml" : what.folder);
    std::vector<trust::named_bytes> files;
    for (const trust::archive_file& f : what.files)
      files.push_back({f.name, f.bytes});
    if (pack_)
      return !failed_on(temporary_, trust::create_tree(home_.disk, temporary_, files, 0644, 0755)) &&
             name_the_pack();
    return !failed_on(place_, home_.disk.create_folder(place_, 0700)) &&
           !failed_on(place_, trust::create_tree(home_.disk, place_, files, 0644, 0755));
  }

  // A pack's digest holds the name of its file, so it gets its last name before anything is decided.
  bool name_the_pack() {
    diagnostics told_by_check;
    const auto found = kb::scan(home_.disk, {{place_, kb::bundle_origin::home}}, told_by_check);
    const auto bundles = kb::read_bundles(home_.disk, found);
    const std::string id = bundles.empty() ? "" : bundles.front().about.id;
    if (id.empty())
      return true;
    const std::string named = temporary_ + "/" + id + ".pack.toml";
    if (failed_on(named, home_.disk.rename(place_, named)))
      return false;
    place_ = named;
    return true;
  }

  // --- what kb says ------------------------------------------------------------------------

  bool check() {
    now_ = home_.read(place_);
    const auto mine = std::find_if(now_.bundles.begin(), now_.bundles.end(),
                                   [&](const kb::bundle& b) { return b.location == place_; });
    if (mine == now_.bundles.end()) {
      refuse("no-bundle", fault("what was handed in", "no bundle", "an archive or a pack of a plugin"),
             "`posterior plugin pack FOLDER` makes an archive");
      return false;
    }
    bundle_ = *mine;
    tell_problems();
    if (out_.how == change_verdict::refused)
      return false;
    describe();
    return fits();
  }

  void tell_problems() {
    for (diagnostic d : bundle_.problems) {
      if (d.where.file.starts_with(temporary_ + "/"))
        d.where.file.erase(0, temporary_.size() + 1);
      out_.problems.push_back(std::move(d));
    }
    if (has_errors(out_.problems))
      out_.how = change_verdict::refused;
    else if (!now_.knowledge)
      home_.fail(change_verdict::failed, "no-core", "there is no sound core to install plugins beside",
                 "`posterior doctor` says why");
  }

  void describe() {
    out_.plugin = bundle_.about.id;
    out_.version = bundle_.about.version;
    out_.digest = bundle_.digest;
    const std::string name =
        bundle_.about.id + "-" + bundle_.about.version + "-" + bundle_.digest.substr(0, 12);
    out_.location = home_.plugins() + "/" + (pack_ ? bundle_.about.id + ".pack.toml" : name);
  }

  bool fits() {
    if (has_errors(out_.problems))
      return false;
    before_ = home_.read();
    for (const kb::bundle& b : before_.bundles)
      if (b.about.id == out_.plugin && in_home(b) && !has_errors(b.problems))
        earlier_.push_back(b);
    if (bundle_.shadowed)
      refuse("shadowed",
             fault("version " + out_.version, "older than what comes with this program", "newer"));
    else if (bundle_.about.has_detector && bundle_.form != kb::bundle_form::packed_folder)
      refuse("not-packed", fault("a bundle with code", "without the hashes of its files", "packed"),
             "`posterior plugin pack FOLDER` packs it");
    else if (const kb::bundle* linked = one_elsewhere())
      refuse("elsewhere",
             fault("the plugin", "there already, in " + linked->location + " outside the home",
                   "in the home, or not there"),
             "remove the link in " + home_.plugins() + " that leads there");
    else if (const kb::bundle* newer = newer_one(); newer != nullptr && !asked_.downgrade)
      refuse("older",
             fault("version " + out_.version, "older than the installed " + newer->about.version, "newer"),
             "--downgrade installs it all the same");
    return out_.how != change_verdict::refused;
  }

  // An earlier build that a link in the home leads to.
  const kb::bundle* one_elsewhere() const {
    const auto at = std::find_if(earlier_.begin(), earlier_.end(),
                                 [&](const kb::bundle& b) { return !home_.holds(b.location); });
    return at == earlier_.end() ? nullptr : &*at;
  }

  const kb::bundle* newer_one() const {
    const auto mine = version::parse(out_.version);
    for (const kb::bundle& b : earlier_)
      if (const auto theirs = version::parse(b.about.version); mine && theirs && *theirs > *mine)
        return &b;
    return nullptr;
  }

  // --- the owner's word --------------------------------------------------------------------

  bool may_run() {
    kb::plugin_entry entry = entry_of(bundle_);
    entry.about.has_detector = true; // so that a broken seal or a revocation counts for data, too
    const trust::ruling by = trust::rule(home_.disk, entry, home_.known);
    wanted_ = home_.known.home;
    out_.trust = bundle_.about.has_detector ? to_string(by.state) : "data";
    const bool another_pinned =
        by.state == trust::standing::tampered && !home_.disk.status(place_ + "/plugin.sig");
    if (by.state == trust::standing::revoked || (by.state == trust::standing::tampered && !another_pinned)) {
      refuse(to_string(by.state), by.text, by.hint);
      return false;
    }
    if (!bundle_.about.has_detector || (trust::runs(by.state) && !asked_.trust))
      return true;
    if (!asked_.trust) {
      ask_for_word(by);
      return false;
    }
    std::erase_if(wanted_.pins,
                  [&](const trust::pin& p) { return p.plugin == out_.plugin && p.version == out_.version; });
    if (by.state != trust::standing::bundled)
      wanted_.pins.push_back({out_.plugin, out_.version, out_.digest});
    out_.trust = by.state == trust::standing::bundled ? "bundled" : "pinned";
    return true;
  }

  void ask_for_word(const trust::ruling& by) {
    const std::string who = by.state == trust::standing::unknown_key
                                ? "signed by the key " + by.key + ", which nobody here trusts"
                                : "not signed by a key that is trusted here";
    home_.fail(
        change_verdict::needs_word, "needs-trust",
        fault("the code of " + out_.plugin + " " + out_.version, who, "allowed by the owner of this home"),
        "`posterior plugin install FILE --trust` allows this build, digest " + out_.digest);
  }

  // --- its own cases -------------------------------------------------------------------------

  bool passes_its_cases() {
    trust::trusted then = home_.known;
    then.home = wanted_;
    code_rulings code(tools_.at, std::move(then));
    const auto why = fails_its_cases(*now_.knowledge, bundle_, code, *tools_.workers);
    if (!why)
      refuse("cannot-run", fault("the code of " + out_.plugin, "not able to run here", "able to"),
             "`posterior doctor` says why");
    else if (!why->empty())
      refuse("own-cases",
             fault(out_.plugin + " " + out_.version, "failing its own case " + *why, "true to its cases"),
             "ask its author");
    return out_.how != change_verdict::refused;
  }

  // --- in its place -----------------------------------------------------------------------------

  bool already_there() const {
    return std::any_of(earlier_.begin(), earlier_.end(), [&](const kb::bundle& b) {
      return b.digest == out_.digest && b.location == out_.location;
    });
  }

  void put_in_place() {
    const trust::trust_file before = home_.known.home;
    const bool same = already_there();
    const bool new_word = wanted_ != before;
    if (!home_.save_trust(wanted_))
      return;
    if (!same && failed_on(out_.location, move_in())) {
      home_.save_trust(before);
      return;
    }
    drop_earlier();
    if (std::find(before.disabled.begin(), before.disabled.end(), out_.plugin) != before.disabled.end())
      out_.notes.push_back(out_.plugin + " is switched off; `posterior plugin enable " + out_.plugin +
                           "` switches it on");
    out_.change = same                    ? (new_word ? "pinned" : "unchanged")
                  : out_.replaced.empty() ? "installed"
                                          : "replaced";
    out_.how = change_verdict::done;
    home_.tidy_store(home_.read());
  }

  int move_in() {
    int error = home_.disk.rename(place_, out_.location);
    if (error == EEXIST || error == ENOTEMPTY) { // the same build, changed where it lies
      const std::string aside = home_.plugins() + "/.old-" + home_.disk.fresh_word();
      error = home_.disk.rename(out_.location, aside);
      if (error == 0)
        error = home_.disk.rename(place_, out_.location);
      trust::remove_tree(home_.disk, aside);
    }
    if (error == 0 && (error = home_.disk.synchronise(home_.plugins())) != 0)
      home_.disk.rename(out_.location, place_); // what may not last is not installed
    return error;
  }

  // The new build is in its place; until the old one is gone the higher version counts.
  void drop_earlier() {
    trust::trust_file file = home_.known.home;
    for (const kb::bundle& b : earlier_) {
      if (b.digest != out_.digest || b.location != out_.location)
        out_.replaced = b.about.version;
      if (b.location == out_.location)
        continue;
      const std::string aside = home_.plugins() + "/.old-" + home_.disk.fresh_word();
      if (home_.disk.rename(b.location, aside) == 0)
        trust::remove_tree(home_.disk, aside);
      else
        out_.notes.push_back(b.location + " could not be removed; remove it");
      std::erase_if(file.pins, [&](const trust::pin& p) {
        return p.plugin == b.about.id && p.digest == b.digest && p.digest != out_.digest;
      });
    }
    home_.save_trust(file);
  }

  const change_tools& tools_;
  const change_request& asked_;
  change_outcome out_;
  plugin_home home_;
  std::string temporary_, place_;
  bool pack_ = false;
  plugin_home::reading before_, now_;
  kb::bundle bundle_;
  std::vector<kb::bundle> earlier_;
  trust::trust_file wanted_;
};

} // namespace

change_outcome install_plugin(const change_tools& tools, const change_request& asked) {
  return installer(tools, asked).run();
}

} // namespace posterior::service
