// The manifest: plugin.toml, or [plugin] of a pack.
#include <algorithm>

#include "kb/overlay.hpp"
#include "kb/reader.hpp"
#include "kb/values/fields.hpp"
#include "kb/values/id.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

// A path that stays inside the bundle: plain segments, no "..", no leading "/".
bool is_inner_path(std::string_view path) {
  if (path.empty() || path.size() > 256 || path.front() == '/' || path.find('\\') != std::string_view::npos)
    return false;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    if (part.empty() || part == "." || part == "..")
      return false;
    start = end + 1;
  }
  return true;
}

void check_schema(fields& f, std::string_view needed) {
  const auto schema = f.required_text("schema");
  if (schema && *schema != needed)
    f.problem(
        *f.raw("schema"), "bad-schema",
        fault("\"schema\" of " + f.what(), "\"" + quoted(*schema) + "\"", "\"" + std::string(needed) + "\""));
}

void read_identity(fields& f, manifest& m) {
  m.id = f.required_text("id").value_or("");
  if (!m.id.empty() && !is_bundle_id(m.id))
    f.problem(*f.raw("id"), "bad-id",
              fault("\"id\" of " + f.what(), describe(*f.raw("id")), "reverse DNS: \"org.example.name\""));
  if (m.id == overlay_id)
    f.problem(
        *f.raw("id"), "bad-id",
        fault("\"id\" of " + f.what(), describe(*f.raw("id")), "another one: it is the clinic's overlay"));
  m.version = f.required_text("version").value_or("");
  if (!m.version.empty() && !version::parse(m.version))
    f.problem(*f.raw("version"), "bad-version",
              fault("\"version\" of " + f.what(), describe(*f.raw("version")), "MAJOR.MINOR.PATCH"));
  m.name = f.required_text("name").value_or("");
  m.summary = f.required_text("summary").value_or("");
  m.vendor = f.required_text("vendor").value_or("");
  m.license = f.required_text("license").value_or("");
  m.homepage = f.text_or("homepage", "");
  m.support = f.text_or("support", "");
}

void read_requires(fields& f, manifest& m) {
  m.requires_bundles = f.texts("requires");
  for (const std::string& id : m.requires_bundles)
    if (id != core_id)
      f.problem(*f.raw("requires"), "bad-requires",
                fault("\"requires\" of " + f.what(), "\"" + quoted(id) + "\"",
                      "only \"" + std::string(core_id) + "\""),
                "refer to statements of other bundles by id; they sleep while that bundle is not there");
}

void read_prefix(fields& f, manifest& m) {
  m.prefix = f.text_or("prefix", "");
  if (!m.prefix.empty() && (!is_plain_id(m.prefix) || m.prefix.size() > 24))
    f.problem(*f.raw("prefix"), "bad-prefix",
              fault("\"prefix\" of " + f.what(), describe(*f.raw("prefix")),
                    "lower-case words joined by hyphens, at most 24 bytes"));
  if (is_house_id(m.id) && !m.prefix.empty())
    f.problem(*f.raw("prefix"), "bad-prefix",
              fault("\"prefix\" of " + f.what(), "given", "left out in org.posterior bundles"));
  if (!is_house_id(m.id) && m.prefix.empty() && is_bundle_id(m.id))
    f.missing("prefix", "a short word before all new ids of a bundle outside org.posterior");
}

void read_abi(fields& f, manifest& m) {
  const auto text = f.required_text("abi");
  if (!text)
    return;
  const auto parsed = version::parse(*text + ".0");
  if (!parsed || !parsed->prerelease.empty()) {
    f.problem(*f.raw("abi"), "bad-abi",
              fault("\"abi\" of " + f.what(), describe(*f.raw("abi")), "MAJOR.MINOR"));
    return;
  }
  m.abi_major = parsed->major;
  m.abi_minor = parsed->minor;
}

void read_detector(fields& parent, manifest& m, bool may_have_code) {
  const node* table = parent.table("detector");
  if (!table)
    return;
  if (!may_have_code)
    return parent.problem(*table, "code-in-pack", fault("[detector]", "in a pack", "in a bundle folder"));
  fields f(*table, parent.file(), "manifest", "[detector]", parent.problems());
  m.has_detector = true;
  m.detector_file = f.required_text("file").value_or("");
  if (!m.detector_file.empty() && !is_inner_path(m.detector_file))
    f.problem(*f.raw("file"), "bad-path",
              fault("\"file\" of [detector]", describe(*f.raw("file")), "a relative path inside the bundle"));
  read_abi(f, m);
  m.detector_reason = f.required_text("reason").value_or("");
  f.finish();
}

void read_limits(fields& parent, manifest& m) {
  const node* table = parent.table("limits");
  if (!table)
    return;
  fields f(*table, parent.file(), "manifest", "[limits]", parent.problems());
  const auto limit = [&](std::string_view key, int& value, int most) {
    const auto given = f.integer(key);
    if (given && (*given < 1 || *given > most))
      f.problem(*f.raw(key), "out-of-range",
                fault("\"" + std::string(key) + "\" of [limits]", std::to_string(*given),
                      "between 1 and " + std::to_string(most)));
    else
      value = static_cast<int>(given.value_or(value));
  };
  limit("evaluate_ms", m.allowed.evaluate_ms, 2000);
  limit("memory_mib", m.allowed.memory_mib, 1024);
  limit("records", m.allowed.records, 1000);
  f.finish();
}

file_entry read_file_entry(fields& f) {
  file_entry e;
  e.path = f.required_text("path").value_or("");
  if (!e.path.empty() && !is_inner_path(e.path))
    f.problem(
        *f.raw("path"), "bad-path",
        fault("\"path\" of " + f.what(), describe(*f.raw("path")), "a relative path inside the bundle"));
  e.sha256 = f.required_text("sha256").value_or("");
  if (!e.sha256.empty() &&
      (e.sha256.size() != 64 || e.sha256.find_first_not_of("0123456789abcdef") != std::string::npos))
    f.problem(*f.raw("sha256"), "bad-digest",
              fault("\"sha256\" of " + f.what(), "not a digest", "64 lower-case hexadecimal digits"));
  const auto size = f.integer("size");
  if (!f.has("size") || (size && *size < 0))
    f.missing("size", "the number of bytes");
  e.size = static_cast<std::uint64_t>(std::max<std::int64_t>(size.value_or(0), 0));
  f.finish();
  return e;
}

void read_files(fields& parent, manifest& m) {
  for (const node* table : parent.tables("file")) {
    fields f(*table, parent.file(), "manifest", "a [[file]]", parent.problems());
    m.files.push_back(read_file_entry(f));
  }
  std::sort(m.files.begin(), m.files.end(),
            [](const file_entry& a, const file_entry& b) { return a.path < b.path; });
  for (std::size_t i = 1; i < m.files.size(); ++i)
    if (m.files[i].path == m.files[i - 1].path)
      parent.problem(*parent.raw("file"), "repeated",
                     fault("the [[file]] \"" + quoted(m.files[i].path) + "\"", "given twice", "given once"));
}

manifest read_fields(fields& f, bool pack) {
  manifest m;
  if (!pack)
    check_schema(f, "posterior.plugin/1");
  read_identity(f, m);
  read_requires(f, m);
  read_prefix(f, m);
  read_detector(f, m, !pack);
  read_limits(f, m);
  if (!pack)
    read_files(f, m);
  f.finish();
  return m;
}

} // namespace

std::optional<manifest> read_manifest(const node& root, const std::string& file, bundle_form form,
                                      diagnostics& problems) {
  const bool pack = form == bundle_form::pack_file;
  fields top(root, file, "manifest", pack ? "the pack" : "the manifest", problems);
  const node* table = &root;
  if (pack) {
    check_schema(top, "posterior.pack/1");
    table = top.table("plugin");
    if (!table && !top.has("plugin"))
      top.missing("plugin", "a table with id, version and name");
  }
  if (!table)
    return std::nullopt;
  fields f(*table, file, "manifest", pack ? "[plugin]" : "the manifest", problems);
  manifest m = read_fields(f, pack);
  return is_bundle_id(m.id) ? std::optional(std::move(m)) : std::nullopt;
}

} // namespace posterior::kb
