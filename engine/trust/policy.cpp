#include "engine/trust/policy.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/trust/layout.hpp"
#include "kb/catalogue.hpp"

namespace posterior::trust {
namespace {

constexpr std::uint64_t signature_limit = 4096;

const revocation* revoked_digest(const trust_file& in, const std::string& digest) {
  const auto at = std::find_if(in.revoked.begin(), in.revoked.end(),
                               [&](const revocation& r) { return r.digest == digest; });
  return at == in.revoked.end() ? nullptr : &*at;
}

const revocation* revoked_key(const trust_file& in, const std::string& key) {
  const auto at = std::find_if(in.revoked.begin(), in.revoked.end(),
                               [&](const revocation& r) { return !key.empty() && r.key == key; });
  return at == in.revoked.end() ? nullptr : &*at;
}

// Every file and folder of the bundle belongs to root or the caller and can be changed by nobody else.
bool kept_safely(disk& d, const std::string& path, int depth) {
  const auto info = d.status(path);
  if (!info || (info->owner != 0 && info->owner != d.user()) || (info->mode & 0022u) != 0)
    return false;
  if (info->kind == kb::file_kind::regular)
    return true;
  const auto names = info->kind == kb::file_kind::folder && depth < 10
                         ? d.list(path)
                         : kb::file_result<std::vector<std::string>>{};
  return names && std::all_of(names->begin(), names->end(), [&](const std::string& name) {
           return name.starts_with('.') || kept_safely(d, path + "/" + name, depth + 1);
         });
}

enum class seal : std::uint8_t { none, sound, broken };

class judge {
public:
  judge(disk& d, const kb::plugin_entry& p, const trusted& known)
      : disk_(d)
      , p_(p)
      , known_(known)
      , name_(p.about.id + " " + p.about.version) {}

  ruling run() {
    if (!p_.about.has_detector)
      return {standing::data, "it has no code", "", ""};
    const bool bundled =
        std::binary_search(known_.bundled.begin(), known_.bundled.end(), std::string_view(p_.digest));
    if (auto out = revoked_build())
      return *out;
    if (bundled)
      return yes(standing::bundled, "it comes with this program");
    if (known_.home_damaged || known_.system_damaged)
      return no(standing::unsigned_, "the trust file is damaged, so only the program's own code runs",
                "`posterior doctor` says what is wrong with it");
    read_seal();
    if (const revocation* r = revoked_signer())
      return no(standing::revoked, "the key that signed " + name_ + " is revoked" + because(*r), lift(key_));
    if (const pin* own = pinned_build(); own != nullptr)
      return yes(standing::pinned, "this build was pinned by the owner");
    return vouched();
  }

private:
  ruling yes(standing s, std::string text) const { return {s, std::move(text), "", key_}; }
  ruling no(standing s, std::string text, std::string hint) const {
    return {s, std::move(text), std::move(hint), key_};
  }
  static std::string because(const revocation& r) { return r.reason.empty() ? "" : ": " + r.reason; }
  std::string lift(const std::string& what) const {
    return revoked_key(known_.system, what) != nullptr || revoked_digest(known_.system, what) != nullptr
               ? "the administrator of this system has revoked it; nobody else can lift that"
               : "`posterior plugin trust " + (what == p_.digest ? p_.about.id : what) + "` lifts that";
  }

  std::optional<ruling> revoked_build() const {
    for (const trust_file* in : {&known_.system, &known_.home})
      if (const revocation* r = revoked_digest(*in, p_.digest))
        return no(standing::revoked, "this build of " + name_ + " is revoked" + because(*r), lift(p_.digest));
    return std::nullopt;
  }

  const revocation* revoked_signer() const {
    const revocation* r = revoked_key(known_.system, key_);
    return r != nullptr ? r : revoked_key(known_.home, key_);
  }

  // The signature covers the manifest's bytes, and the manifest must be that of this digest.
  void read_seal() {
    if (p_.form == kb::bundle_form::pack_file)
      return;
    const auto text = disk_.read(p_.location + "/plugin.sig", signature_limit);
    if (!text && text.error == ENOENT)
      return;
    seal_ = seal::broken;
    const auto manifest = disk_.read(p_.location + "/plugin.toml", kb::manifest_bytes_limit);
    const auto read = read_signature(text ? *text : "", p_.location + "/plugin.sig");
    if (!manifest || !read.value || !holds(*read.value, *manifest) ||
        digest_of(p_.about, *manifest) != p_.digest)
      return;
    seal_ = seal::sound;
    key_ = to_text(read.value->by);
  }

  const pin* pinned_build() const {
    const auto& pins = known_.home.pins;
    const auto at = std::find_if(pins.begin(), pins.end(), [&](const pin& x) {
      return x.plugin == p_.about.id && x.digest == p_.digest;
    });
    return at == pins.end() ? nullptr : &*at;
  }

  bool other_build_pinned() const {
    return std::any_of(known_.home.pins.begin(), known_.home.pins.end(), [&](const pin& x) {
      return x.plugin == p_.about.id && x.version == p_.about.version;
    });
  }

  const public_key* trusted_key() const {
    for (const trust_file* in : {&known_.system, &known_.home})
      for (const public_key& k : in->keys)
        if (to_text(k) == key_)
          return &k;
    return nullptr;
  }

  ruling vouched() const {
    const std::string pin_it = "`posterior plugin trust " + p_.about.id + "` lets this build run";
    if (const public_key* k = seal_ == seal::sound ? trusted_key() : nullptr)
      return yes(standing::signed_by, "signed by " + k->name + ", whose key is trusted");
    if (p_.origin == kb::bundle_origin::path_variable)
      return tried_out();
    if (seal_ == seal::broken)
      return no(standing::tampered, name_ + " is not what was signed",
                "get it again from where it came from");
    if (other_build_pinned())
      return no(standing::tampered, name_ + " is not the build of that version that was pinned",
                "get it again from where it came from; " + pin_it);
    if (seal_ == seal::sound)
      return no(standing::unknown_key, name_ + " is signed by the key " + key_ + ", which nobody here trusts",
                "`posterior plugin trust " + key_ + "` trusts that key; " + pin_it);
    return no(standing::unsigned_, name_ + " is not signed, and nobody has said that its code may run",
              pin_it);
  }

  ruling tried_out() const {
    if (seal_ == seal::broken)
      return no(standing::tampered, name_ + " is not what was signed", "remove plugin.sig, or sign it again");
    if (kept_safely(disk_, p_.location, 0))
      return yes(standing::unpinned,
                 "it lies on POSTERIOR_PLUGIN_PATH, where only this user or root can change it");
    return no(standing::unsigned_, name_ + " lies on POSTERIOR_PLUGIN_PATH where others can change it",
              "`chmod -R go-w " + p_.location + "` shuts them out, if the files are this user's");
  }

  disk& disk_;
  const kb::plugin_entry& p_;
  const trusted& known_;
  std::string name_, key_;
  seal seal_ = seal::none;
};

} // namespace

std::string_view to_string(standing s) {
  switch (s) {
  case standing::data:
    return "data";
  case standing::bundled:
    return "bundled";
  case standing::pinned:
    return "pinned";
  case standing::signed_by:
    return "signed";
  case standing::unpinned:
    return "unpinned";
  case standing::unsigned_:
    return "unsigned";
  case standing::unknown_key:
    return "unknown-key";
  case standing::tampered:
    return "tampered";
  case standing::revoked:
    break;
  }
  return "revoked";
}

trusted read_trusted(disk& d, const std::string& home, const std::string& system_folder,
                     std::span<const std::string_view> bundled) {
  trust_reading mine = read_trust(d, home), system = read_system_trust(d, system_folder);
  trusted out{std::move(mine.value),
              std::move(system.value),
              has_errors(mine.problems),
              has_errors(system.problems),
              bundled,
              std::move(mine.problems)};
  out.problems.insert(out.problems.end(), system.problems.begin(), system.problems.end());
  return out;
}

ruling rule(disk& d, const kb::plugin_entry& p, const trusted& known) {
  return judge(d, p, known).run();
}

} // namespace posterior::trust
