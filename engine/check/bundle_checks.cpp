// B: the files of a bundle and its manifest.
#include <algorithm>
#include <array>
#include <string>

#include <posterior/abi.h>

#include "engine/check/check.hpp"
#include "engine/check/reader_groups.hpp"
#include "engine/check/subject.hpp"
#include "engine/trust/archive.hpp"
#include "engine/trust/keys.hpp"
#include "engine/trust/layout.hpp"
#include "kb/values/text.hpp"

namespace posterior::check {
namespace {

bool ends_with_one(std::string_view name, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view e) { return name.ends_with(e); });
}

bool belongs(const subject& s, std::string_view name) {
  static constexpr std::array<std::string_view, 5> plain{"plugin.toml", "plugin.sig", "knowledge.toml",
                                                         "scale.toml", "CMakeLists.txt"};
  const bool top = name.find('/') == std::string_view::npos;
  if (std::find(plain.begin(), plain.end(), name) != plain.end() || name == s.says.about.detector_file)
    return true;
  if (top && (name.starts_with("README") || name.starts_with("CHANGELOG") || name.starts_with("LICENSE")))
    return true;
  if (name.starts_with("cases/"))
    return ends_with_one(name, {".case.toml", ".expected.toml"});
  if (name.starts_with("knowledge/"))
    return name.ends_with(".toml");
  return !s.is_packed() && ends_with_one(name, {".cpp", ".hpp", ".c", ".h", ".md"});
}

void check_layout(const subject& s, verdict& out) {
  take_readers(s, "B01", out);
  if (s.is_pack())
    return;
  for (const kb::bundle_file& f : s.found.files)
    if (!belongs(s, f.name)) {
      std::string text = fault("the file", "none that a bundle holds",
                               "knowledge, a case, the detector, its sources, README, CHANGELOG or LICENSE");
      if (s.is_packed() || f.name.starts_with("cases/"))
        out.fault(s.at(f.name), std::move(text), "take it out, or correct its name");
      else
        out.warn(s.at(f.name), std::move(text),
                 "it does not disturb here, but would be packed with the bundle");
    }
}

template <char const* Id>
void by_readers(const subject& s, verdict& out) {
  take_readers(s, Id, out);
}
constexpr char b02[] = "B02", b03[] = "B03", b04[] = "B04", b05[] = "B05", b10[] = "B10", b12[] = "B12";

bool is_licence_word(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '.' || c == '+';
  });
}

bool is_known_licence(std::string_view word) {
  static constexpr std::string_view known[] = {"0BSD",
                                               "AGPL-3.0-only",
                                               "AGPL-3.0-or-later",
                                               "Apache-2.0",
                                               "BSD-2-Clause",
                                               "BSD-3-Clause",
                                               "BSL-1.0",
                                               "CC-BY-4.0",
                                               "CC-BY-NC-4.0",
                                               "CC-BY-NC-SA-4.0",
                                               "CC-BY-ND-4.0",
                                               "CC-BY-SA-4.0",
                                               "CC0-1.0",
                                               "EPL-2.0",
                                               "EUPL-1.2",
                                               "GPL-2.0-only",
                                               "GPL-2.0-or-later",
                                               "GPL-3.0-only",
                                               "GPL-3.0-or-later",
                                               "ISC",
                                               "LGPL-2.1-only",
                                               "LGPL-2.1-or-later",
                                               "LGPL-3.0-only",
                                               "LGPL-3.0-or-later",
                                               "MIT",
                                               "MPL-2.0",
                                               "ODbL-1.0",
                                               "Unlicense",
                                               "Zlib"};
  return word.starts_with("LicenseRef-") ||
         std::find(std::begin(known), std::end(known), word) != std::end(known);
}

// The words of "MIT AND (GPL-3.0-only OR MPL-2.0)"; empty if operators and names do not alternate.
std::vector<std::string> licences_in(std::string text) {
  for (char& c : text)
    if (c == '(' || c == ')')
      c = ' ';
  std::vector<std::string> names;
  bool name_next = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = text.find_first_not_of(' ', at);
    if (begin == std::string::npos)
      break;
    at = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, at - begin);
    const bool is_operator = word == "AND" || word == "OR" || word == "WITH";
    if (is_operator == name_next || (name_next && !is_licence_word(word)))
      return {};
    if (name_next)
      names.push_back(word);
    name_next = !name_next;
  }
  return name_next ? std::vector<std::string>{} : names;
}

void check_licence(const subject& s, verdict& out) {
  const std::string& text = s.says.about.license;
  const std::string found = "\"" + posterior::quoted(text) + "\"";
  const auto names = licences_in(text);
  if (names.empty())
    return out.fault(
        s.at(), fault("the licence", found, "the SPDX name of one"),
        "write for example license = \"CC-BY-4.0\"; a licence of your own is \"LicenseRef-\" and a name");
  for (const std::string& name : names)
    if (!is_known_licence(name))
      out.warn(s.at(),
               fault("the licence", "\"" + posterior::quoted(name) + "\"", "one that this program knows"),
               "look it up at spdx.org/licenses; if it stands there, all is well");
  const bool own_text = text.find("LicenseRef-") != std::string::npos;
  const bool has_text = std::any_of(s.found.files.begin(), s.found.files.end(),
                                    [](const auto& f) { return f.name.starts_with("LICENSE"); });
  if (own_text && !has_text)
    out.fault(s.at("LICENSE"), fault("the text of the licence", "missing", "there"),
              "a licence of your own needs its text beside it, in a file LICENSE");
}

void check_abi(const subject& s, verdict& out) {
  take_readers(s, "B07", out);
  const kb::manifest& m = s.says.about;
  if (!m.has_detector)
    return out.skip("there is no code in this bundle");
  const std::string asked = std::to_string(m.abi_major) + "." + std::to_string(m.abi_minor);
  const std::string spoken = std::to_string(POSTERIOR_ABI_MAJOR) + "." + std::to_string(POSTERIOR_ABI_MINOR);
  if (m.abi_major != static_cast<int>(POSTERIOR_ABI_MAJOR) ||
      m.abi_minor > static_cast<int>(POSTERIOR_ABI_MINOR))
    out.fault(s.at(), fault("\"abi\" of [detector]", asked, "at most " + spoken + ", of the same major"),
              "build it with an SDK that speaks " + spoken + ", or upgrade posterior");
}

void check_file_list(const subject& s, verdict& out) {
  take_readers(s, "B08", out);
  if (s.is_pack())
    out.skip("a pack is one file and lists none");
  else if (!s.is_packed())
    out.skip("a source folder lists no files; the build and `posterior plugin pack` write the list");
  else
    out.remark(std::to_string(s.says.about.files.size()) + " files");
}

void check_modes(const subject& s, verdict& out) {
  take_readers(s, "B09", out);
  for (const kb::bundle_file& f : s.found.files) {
    if ((f.info.mode & 06000u) != 0)
      out.fault(s.at(f.name), fault("the mode of the file", "set-user or set-group", "an ordinary one"),
                "chmod u-s,g-s " + f.name);
    const std::uint32_t others = f.name == s.says.about.detector_file || s.is_packed() ? 0022u : 0002u;
    if ((f.info.mode & others) != 0)
      out.fault(s.at(f.name), fault("the file", "writable by others", "writable by its owner only"),
                "chmod go-w " + f.name);
  }
}

void check_limits(const subject& s, verdict& out) {
  take_readers(s, "B11", out);
  if (s.says.about.has_detector && s.says.about.allowed.evaluate_ms > 1000)
    out.warn(s.at(),
             fault("\"evaluate_ms\" of [limits]", std::to_string(s.says.about.allowed.evaluate_ms),
                   "such that nobody has to wait"),
             "people wait for an assessment; most detectors need less than a millisecond");
}

void check_signature(const subject& s, verdict& out) {
  const auto text = s.text("plugin.sig");
  if (!text)
    return out.skip("the bundle is not signed");
  const auto read = trust::read_signature(*text, s.at("plugin.sig").file);
  if (!read.value)
    return out.take(read.problem);
  if (!trust::holds(*read.value, s.text("plugin.toml").value_or("")))
    return out.fault(
        s.at("plugin.sig"), fault("the signature", "one of another manifest", "one of this plugin.toml"),
        "it was changed after signing: get it again, or sign it anew with `posterior plugin pack`");
  out.remark("by the key " + trust::to_text(read.value->by));
}

void check_packing(const subject& s, verdict& out) {
  if (s.is_pack())
    return out.skip("a pack is handed out as it is");
  if (s.says.about.has_detector && s.library.empty())
    return out.skip("the code is not built, and belongs into the archive");
  const trust::laid_out first = trust::lay_out(*s.files, s.found.location, nullptr);
  for (const diagnostic& d : first.problems)
    out.take(d);
  if (!first.bundle)
    return;
  const auto once = trust::write_archive(*first.bundle, "the archive");
  const trust::laid_out second = trust::lay_out(*s.files, s.found.location, nullptr);
  const auto twice =
      second.bundle ? trust::write_archive(*second.bundle, "the archive") : trust::archive_writing{};
  for (const diagnostic& d : once.problems)
    out.take(d);
  if (once.bytes != twice.bytes)
    out.fault(s.at(), fault("two archives of this bundle", "different", "the same byte for byte"),
              "does something write into the folder while it is read?");
  else if (once.problems.empty() && trust::read_archive(once.bytes, "the archive").found != first.bundle)
    out.fault(s.at(), fault("the archive read back", "another bundle", "this one"));
  out.remark(std::to_string(once.bytes.size()) + " bytes as an archive");
}

} // namespace

std::vector<spec> bundle_checks() {
  return {
      {"B01", "known-files-only", "The bundle holds what a bundle may hold, and nothing else.", needs::files,
       check_layout},
      {"B02", "manifest-readable", "The manifest is TOML in UTF-8 with every field that is needed.",
       needs::files, by_readers<b02>},
      {"B03", "schema-known", "The manifest's schema is one that this program reads.", needs::files,
       by_readers<b03>},
      {"B04", "id-in-form", "The plugin's id is in reverse-DNS form.", needs::files, by_readers<b04>},
      {"B05", "version-in-form", "The version is a semantic version.", needs::files, by_readers<b05>},
      {"B06", "licence-named", "The licence is named as SPDX does it, and its text is there where needed.",
       needs::manifest, check_licence},
      {"B07", "engine-fits", "This engine speaks the version of the border that the code needs.",
       needs::manifest, check_abi},
      {"B08", "file-list-true", "A packed bundle's list names every file with its size and SHA-256.",
       needs::files, check_file_list},
      {"B09", "plain-safe-files", "All files are plain, readable, and writable by their owner only.",
       needs::files, check_modes},
      {"B10", "requires-core-only", "The manifest requires nothing but the core.", needs::files,
       by_readers<b10>},
      {"B11", "limits-kept", "Sizes, counts and the limits asked for are within what is allowed.",
       needs::files, check_limits},
      {"B12", "no-unknown-fields", "The manifest asks for nothing that this program does not know.",
       needs::files, by_readers<b12>},
      {"B13", "signature-holds", "The signature, if there is one, is of this manifest.", needs::files,
       check_signature},
      {"B14", "packs-the-same-twice", "It can be packed, twice into the same bytes, and read back.",
       needs::manifest, check_packing},
  };
}

} // namespace posterior::check
