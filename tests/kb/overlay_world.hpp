// The small world of tests/kb/base with packs and a clinic's overlay.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "kb/canonical.hpp"
#include "kb/overlay_parts.hpp"
#include "kb/reader.hpp"
#include "kb/schema.hpp"
#include "kb/values/date.hpp"
#include "tests/kb/world.hpp"

namespace posterior::kb {

using packs = std::vector<std::pair<std::string, std::string>>;

inline constexpr const char* signed_by =
    "by = \"A. Smith\"\nwhen = \"2026-11-02\"\nreason = \"Our audit.\"\n";

inline std::string overlay_text(const std::string& entries) {
  return "schema = \"posterior.overlay/1\"\n" + entries;
}
inline std::string overriding(const std::string& id, const std::string& set, const std::string& more = "") {
  return "[[override]]\nstatement = \"" + id + "\"\nset = { " + set + " }\n" + signed_by + more;
}
inline std::string disabling(const std::string& id) {
  return "[[disable]]\nstatement = \"" + id + "\"\n" + signed_by;
}
inline std::string suspending(const std::string& rule, const std::string& until) {
  return "[[suspend]]\nrule = \"" + rule + "\"\nuntil = \"" + until + "\"\n" + signed_by;
}

// Read as opening reads it: the scale first, then the bundles.
inline merge_result merged_as(const std::string& document, const packs& beside = {}, bool with_drafts = false,
                              const std::string& today = "2026-11-20") {
  real_files real;
  diagnostics problems;
  auto found = scan(real, {{base_folder, bundle_origin::program}}, problems);
  memory_files files;
  for (const auto& f : found)
    for (const auto& file : f.files)
      files.files[f.location + "/" + file.name] =
          *real.read(f.location + "/" + file.name, bundle_bytes_limit);
  for (const auto& [name, text] : beside)
    files.files["/home/plugins/" + name + ".pack.toml"] = pack(name, text);
  found =
      scan(files, {{"/home/plugins", bundle_origin::home}, {base_folder, bundle_origin::program}}, problems);
  merge_options options{read_overlay(document, "overlay.toml"), {}, "/home", *parse_date(today), with_drafts};
  auto bundles =
      read_bundles(files, found, [&](scale& s) { set_words(options.overlay, s, options.word_changes); });
  return merge(std::move(bundles), std::move(options));
}

inline merge_result merged_with(const std::string& entries, const packs& beside = {},
                                bool with_drafts = false, const std::string& today = "2026-11-20") {
  return merged_as(overlay_text(entries), beside, with_drafts, today);
}

// The canonical text of one statement; empty if it is not in force.
inline std::string text_of(const merge_result& m, std::string_view id) {
  for (const canonical_line& l : canonical_lines(m.content.all, m.content.words))
    if (l.id == id)
      return l.text;
  return {};
}

inline const change* change_of(const merge_result& m, const std::string& statement,
                               const std::string& field) {
  for (const change& c : m.content.all.changes)
    if (c.statement == statement && c.field == field)
      return &c;
  return nullptr;
}

inline std::string told(const overlay_document& d) {
  std::string out;
  for (const diagnostic& p : d.problems)
    out += std::string(to_string(p.level)) + " " + p.code + ": " + to_string(p) + "\n";
  return out;
}

} // namespace posterior::kb
