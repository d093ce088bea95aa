#include "engine/trust/trust_file.hpp"

#include <algorithm>
#include <cerrno>

#include "kb/values/document.hpp"
#include "kb/values/fields.hpp"
#include "kb/values/id.hpp"
#include "kb/values/text.hpp"

namespace posterior::trust {
namespace {

constexpr std::uint64_t file_limit = 1u << 20;
constexpr std::string_view schema = "posterior.trust/1";

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// A basic string of TOML.
std::string text_of(std::string_view value) {
  std::string out = "\"";
  for (const char c : value)
    (out += c == '"' || c == '\\' ? "\\" : "") += c;
  return out + "\"";
}

std::string line_of(std::string_view key, std::string_view value) {
  return value.empty() ? std::string() : std::string(key) + " = " + text_of(value) + "\n";
}

class reader {
public:
  reader(std::string_view text, const std::string& file)
      : file_(file) {
    parsed document = parse_toml(text, file);
    out_.problems = std::move(document.problems);
    if (!document.root || has_errors(out_.problems))
      return;
    fields f(*document.root, file, "trust", "the trust file", out_.problems);
    if (f.required_choice("schema", {schema}))
      read(f);
    f.finish();
  }

  trust_reading take() {
    for (diagnostic& d : out_.problems)
      d.level = severity::error; // nothing in it may be doubtful
    if (!out_.problems.empty())
      out_.value = {};
    return std::move(out_);
  }

private:
  void read(fields& f) {
    for (const node* t : f.tables("key"))
      key(*t);
    for (const node* t : f.tables("pin"))
      pinned(*t);
    for (const node* t : f.tables("revoked"))
      revoked(*t);
    out_.value.disabled = f.texts("disabled");
    for (const std::string& id : out_.value.disabled)
      if (!is_bundle_id(id))
        f.problem("bad-id",
                  fault("an id of \"disabled\"", "\"" + posterior::quoted(id) + "\"", "a plugin's id"));
  }

  std::string digest(fields& f, std::string_view name) {
    const std::string value = f.text_or(name, "");
    if (f.has(name) && !is_digest(value))
      f.problem("bad-digest", fault("\"" + std::string(name) + "\" of " + f.what(), "not one",
                                    "64 lower-case hexadecimal digits"));
    return value;
  }

  void key(const node& table) {
    fields f(table, file_, "trust", "a [[key]]", out_.problems);
    const std::string text = f.required_text("public").value_or(""),
                      name = f.required_text("name").value_or("");
    f.finish();
    if (auto read = key_of(text, name); read && bad_key_name(name).empty())
      out_.value.keys.push_back(std::move(*read));
    else
      f.problem("bad-key", fault("\"public\" of a [[key]]", "not one",
                                 "the 44 characters of a public key, with its name"));
  }

  void pinned(const node& table) {
    fields f(table, file_, "trust", "a [[pin]]", out_.problems);
    pin p{f.required_text("plugin").value_or(""), f.required_text("version").value_or(""),
          digest(f, "digest")};
    if (!is_bundle_id(p.plugin) || !version::parse(p.version) || p.digest.empty())
      f.problem("bad-pin",
                fault("a [[pin]]", "incomplete", "a plugin's id, its version and the bundle's digest"));
    f.finish();
    out_.value.pins.push_back(std::move(p));
  }

  void revoked(const node& table) {
    fields f(table, file_, "trust", "a [[revoked]]", out_.problems);
    revocation r{f.text_or("key", ""), digest(f, "digest"), f.text_or("reason", "")};
    if (r.key.empty() == r.digest.empty() || (!r.key.empty() && !key_of(r.key)))
      f.problem("bad-revocation", fault("a [[revoked]]", "not one", "with either \"key\" or \"digest\""));
    f.finish();
    out_.value.revoked.push_back(std::move(r));
  }

  std::string file_;
  trust_reading out_;
};

bool only_of(const kb::file_info& info, std::uint32_t owner, std::uint32_t or_owner) {
  return (info.owner == owner || info.owner == or_owner) && (info.mode & 0022u) == 0;
}

trust_reading unusable(const std::string& file, std::string_view found) {
  return {{},
          {{severity::error,
            "trust.unreadable",
            {file, 0, 0, ""},
            fault("the file", found, "a plain file of this user or of root that nobody else can change"),
            ""}}};
}

void revoked_line(std::string_view line, const std::string& file, trust_reading& out) {
  const std::string_view kind = line.substr(0, line.find(' ')),
                         value = line.substr(std::min(line.size(), kind.size() + 1));
  if (kind == "key" && key_of(value))
    out.value.revoked.push_back({std::string(value), "", "revoked by this system's administrator"});
  else if (kind == "digest" && is_digest(value))
    out.value.revoked.push_back({"", std::string(value), "revoked by this system's administrator"});
  else
    out.problems.push_back(
        {severity::error,
         "trust.bad-revocation",
         {file, 0, 0, ""},
         fault("the line", "\"" + posterior::quoted(line) + "\"", "`key BASE64` or `digest HEX`"),
         ""});
}

void read_revoked(std::string_view text, const std::string& file, trust_reading& out) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.empty() && line.front() != '#')
      revoked_line(line, file, out);
  }
}

void passed_over(const std::string& file, std::string_view found, trust_reading& out) {
  out.problems.push_back({severity::warning,
                          "trust.passed-over",
                          {file, 0, 0, ""},
                          fault("the file", found, "one that only root can change"),
                          "it does not count"});
}

} // namespace

std::string trust_path(const std::string& home) {
  return home + "/trust.toml";
}

trust_reading parse_trust(std::string_view text, const std::string& file) {
  return reader(text, file).take();
}

trust_reading read_trust(disk& d, const std::string& home) {
  if (home.empty())
    return {};
  const std::string file = trust_path(home);
  const auto info = d.status(file);
  if (!info)
    return info.error == ENOENT || info.error == ENOTDIR ? trust_reading{}
                                                         : unusable(file, kb::error_text(info.error));
  if (info->kind != kb::file_kind::regular || !only_of(*info, 0, d.user()))
    return unusable(file, "of somebody else, or one that others can change");
  const auto bytes = d.read(file, file_limit);
  return bytes ? parse_trust(*bytes, file) : unusable(file, kb::error_text(bytes.error));
}

int write_trust(disk& d, const std::string& home, const trust_file& value) {
  if (const int error = d.make_folder(home, 0700))
    return error;
  return d.write(trust_path(home), to_toml(value), 0600);
}

std::string to_toml(const trust_file& value) {
  std::string out = "# Written by `posterior plugin`; who and what may run in this home.\n";
  out += line_of("schema", schema);
  if (!value.disabled.empty()) {
    out += "disabled = [";
    for (std::size_t i = 0; i < value.disabled.size(); ++i)
      out += (i == 0 ? "" : ", ") + text_of(value.disabled[i]);
    out += "]\n";
  }
  for (const public_key& k : value.keys)
    out += "\n[[key]]\n" + line_of("name", k.name) + line_of("public", to_text(k));
  for (const pin& p : value.pins)
    out += "\n[[pin]]\n" + line_of("plugin", p.plugin) + line_of("version", p.version) +
           line_of("digest", p.digest);
  for (const revocation& r : value.revoked)
    out +=
        "\n[[revoked]]\n" + line_of("key", r.key) + line_of("digest", r.digest) + line_of("reason", r.reason);
  return out;
}

trust_reading read_system_trust(disk& d, const std::string& folder, std::uint32_t owner) {
  trust_reading out;
  const auto info = d.status(folder);
  if (!info)
    return out;
  if (info->kind != kb::file_kind::folder || !only_of(*info, owner, owner)) {
    passed_over(folder, "a folder that others can change", out);
    return out;
  }
  const auto names = d.list(folder);
  for (const std::string& name : names ? *names : std::vector<std::string>{}) {
    const std::string file = folder + "/" + name;
    const auto what = d.status(file);
    if (name != "revoked" && !name.ends_with(".pub"))
      continue;
    if (!what || what->kind != kb::file_kind::regular || !only_of(*what, owner, owner)) {
      passed_over(file, "one that others can change", out);
      continue;
    }
    const auto bytes = d.read(file, file_limit);
    if (name == "revoked" && !bytes)
      return unusable(file, kb::error_text(bytes.error));
    if (name == "revoked")
      read_revoked(*bytes, file, out);
    else if (auto key = read_public_key(bytes ? *bytes : "", file); key.value)
      out.value.keys.push_back(std::move(*key.value));
    else
      passed_over(file, "not a public key", out);
  }
  return out;
}

} // namespace posterior::trust
