#include "engine/service/local/plugin_changes.hpp"

#include <algorithm>
#include <functional>

#include "engine/service/local/plugin_home.hpp"
#include "kb/reader.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

// One change of a home that installs nothing.
class changer {
public:
  changer(const change_tools& tools, const change_request& asked)
      : tools_(tools)
      , asked_(asked)
      , home_(tools, out_) {}

  change_outcome run() {
    if (home_.open())
      dispatch();
    return std::move(out_);
  }

private:
  void dispatch() {
    switch (asked_.what) {
    case plugin_change::trust_key:
    case plugin_change::revoke_key:
      return key();
    case plugin_change::remove:
      return with_plugin([this](const kb::bundle& b) { remove(b); });
    case plugin_change::enable:
    case plugin_change::disable:
      return with_plugin([this](const kb::bundle& b) { switch_it(b); });
    default:
      return with_plugin([this](const kb::bundle& b) { word(b); });
    }
  }

  void with_plugin(const std::function<void(const kb::bundle&)>& then) {
    before_ = home_.read();
    const kb::bundle* b = find_bundle(before_.bundles, asked_.id);
    if (b == nullptr)
      return unknown();
    out_.plugin = b->about.id;
    out_.version = b->about.version;
    out_.digest = b->digest;
    out_.location = b->location;
    then(*b);
    if (out_.how == change_verdict::done && out_.trust.empty())
      out_.trust = to_string(trust::rule(home_.disk, entry_of(*b), home_.known).state);
  }

  void unknown() {
    std::vector<std::string_view> ids;
    for (const kb::bundle& b : before_.bundles)
      ids.push_back(b.about.id);
    const std::string_view near = nearest(asked_.id, ids);
    home_.fail(change_verdict::unknown, "unknown",
               fault("the plugin", "\"" + posterior::quoted(asked_.id) + "\"",
                     "one that `posterior plugin list` names"),
               near.empty() ? "" : "did you mean \"" + std::string(near) + "\"?");
  }

  void done(std::string change) {
    out_.change = std::move(change);
    out_.how = change_verdict::done;
  }

  // --- remove ------------------------------------------------------------------------

  // Renamed aside first, so that nobody reads half a bundle; the word given for it goes too.
  void remove(const kb::bundle& b) {
    if (!in_home(b))
      return home_.fail(
          change_verdict::refused, "not-installed",
          fault("the plugin",
                b.origin == kb::bundle_origin::program ? "part of this program" : "on POSTERIOR_PLUGIN_PATH",
                "one that was installed"),
          "`posterior plugin disable " + b.about.id + "` switches it off");
    for (const kb::bundle& each : before_.bundles)
      if (in_home(each) && each.about.id == b.about.id && !take_away(each.location))
        return;
    trust::trust_file file = home_.known.home;
    std::erase_if(file.pins, [&](const trust::pin& p) { return p.plugin == b.about.id; });
    std::erase(file.disabled, b.about.id);
    out_.trust = "none";
    if (!home_.save_trust(file))
      return;
    const plugin_home::reading after = home_.read();
    name_sleepers(after);
    home_.tidy_store(after);
    done("removed");
  }

  bool take_away(const std::string& location) {
    if (!home_.holds(location)) {
      home_.fail(change_verdict::refused, "elsewhere",
                 fault("the plugin's folder", location + ", outside the home", "in it"),
                 "remove the link in " + home_.plugins() + " that leads there");
      return false;
    }
    const std::string aside = home_.plugins() + "/.old-" + home_.disk.fresh_word();
    if (const int error = home_.disk.rename(location, aside)) {
      home_.fail(change_verdict::failed, "disk",
                 location + ": " + fault("the plugin", kb::error_text(error), "removable"));
      return false;
    }
    home_.disk.synchronise(home_.plugins());
    trust::remove_tree(home_.disk, aside);
    return true;
  }

  void name_sleepers(const plugin_home::reading& after) {
    if (!after.knowledge)
      return;
    const auto same = [](const kb::dormant& a) {
      return [&a](const kb::dormant& b) {
        return a.statement == b.statement && a.missing == b.missing && a.plugin == b.plugin;
      };
    };
    const auto slept = before_.knowledge ? before_.knowledge->asleep : std::vector<kb::dormant>{};
    for (const kb::dormant& d : after.knowledge->asleep)
      if (std::none_of(slept.begin(), slept.end(), same(d)))
        out_.sleep.push_back(d);
  }

  // --- enable, disable ----------------------------------------------------------------

  void switch_it(const kb::bundle& b) {
    const bool off = asked_.what == plugin_change::disable;
    if (b.about.id == kb::core_id)
      return home_.fail(change_verdict::refused, "core",
                        fault("the plugin", "the core", "one that the rest can do without"));
    trust::trust_file file = home_.known.home;
    const bool was_off = std::erase(file.disabled, b.about.id) > 0;
    if (off)
      file.disabled.push_back(b.about.id);
    std::sort(file.disabled.begin(), file.disabled.end());
    if (!home_.save_trust(file))
      return;
    if (off)
      name_sleepers(home_.read());
    done(was_off == off ? "unchanged" : off ? "disabled" : "enabled");
  }

  // --- trust -----------------------------------------------------------------------------

  void word(const kb::bundle& b) {
    trust::trust_file file = home_.known.home;
    const bool revoke = asked_.what == plugin_change::revoke_plugin;
    std::erase_if(file.revoked, [&](const trust::revocation& r) { return r.digest == b.digest; });
    if (!b.about.has_detector)
      return home_.fail(change_verdict::refused, "no-code",
                        fault("the plugin", "without code", "one whose code is to run"),
                        "`posterior plugin disable " + b.about.id + "` switches its knowledge off");
    if (revoke) {
      std::erase_if(file.pins, [&](const trust::pin& p) { return p.digest == b.digest; });
      file.revoked.push_back({"", b.digest, "revoked by the owner"});
      if (home_.save_trust(file))
        done("revoked");
      return;
    }
    allow(b, std::move(file));
  }

  void allow(const kb::bundle& b, trust::trust_file file) {
    trust::trusted without = home_.known;
    without.home = file;
    const trust::ruling now = trust::rule(home_.disk, entry_of(b), without);
    const bool by_pin = now.state == trust::standing::pinned || now.state == trust::standing::unpinned;
    if (now.state == trust::standing::revoked)
      return home_.fail(change_verdict::refused, "revoked", now.text, now.hint);
    std::string change = "unchanged";
    if (!trust::runs(now.state) || (asked_.pin_always && !by_pin) || now.state == trust::standing::unpinned) {
      std::erase_if(file.pins, [&](const trust::pin& p) {
        return p.plugin == b.about.id && p.version == b.about.version;
      });
      file.pins.push_back({b.about.id, b.about.version, b.digest});
      change = "pinned";
    } else if (file != home_.known.home) {
      change = "allowed";
    }
    if (!home_.save_trust(file))
      return;
    if (tools_.watch && (tools_.watch->lift(b.about.id) || tools_.watch->lift(b.digest)))
      change = change == "unchanged" ? "lifted" : change;
    done(change);
  }

  // --- keys --------------------------------------------------------------------------------

  void key() {
    const auto read = trust::key_of(asked_.id, asked_.name.empty() ? "a key" : asked_.name);
    if (!read || !trust::bad_key_name(read->name).empty())
      return home_.fail(change_verdict::refused, "bad-key",
                        fault("the key", "not one", "the 44 characters of a public key, and a name"),
                        "`posterior plugin key show FILE` prints them");
    out_.key = asked_.id;
    out_.key_name = read->name;
    trust::trust_file file = home_.known.home;
    const auto mine = std::find(file.keys.begin(), file.keys.end(), *read);
    if (mine != file.keys.end() && asked_.name.empty())
      out_.key_name = mine->name;
    const bool known = mine != file.keys.end();
    if (known)
      file.keys.erase(mine);
    const bool was_revoked =
        std::erase_if(file.revoked, [&](const trust::revocation& r) { return r.key == asked_.id; }) > 0;
    const bool revoke = asked_.what == plugin_change::revoke_key;
    if (revoke)
      file.revoked.push_back({asked_.id, "", "revoked by the owner"});
    else
      file.keys.push_back({read->bytes, out_.key_name});
    if (home_.save_trust(file))
      done(revoke                  ? (was_revoked ? "unchanged" : "key-revoked")
           : known && !was_revoked ? "unchanged"
                                   : "key-trusted");
  }

  const change_tools& tools_;
  const change_request& asked_;
  change_outcome out_;
  plugin_home home_;
  plugin_home::reading before_;
};

} // namespace

change_outcome change_plugins(const change_tools& tools, const change_request& asked) {
  if (asked.what == plugin_change::install)
    return install_plugin(tools, asked);
  return changer(tools, asked).run();
}

} // namespace posterior::service
