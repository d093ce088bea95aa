#include <algorithm>
#include <cstdio>

#include "engine/trust/archive.hpp"
#include "engine/trust/gzip.hpp"
#include "kb/values/text.hpp"

namespace posterior::trust {
namespace {

constexpr std::size_t block = 512;

diagnostic problem(const std::string& name, std::string code, std::string text) {
  return {severity::error, "archive." + std::move(code), {name, 0, 0, ""}, std::move(text), ""};
}

void put(std::string& header, std::size_t at, std::string_view text) {
  header.replace(at, text.size(), text);
}

std::string octal(std::uint64_t value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llo", digits, static_cast<unsigned long long>(value));
  return text;
}

// ustar keeps a path as up to 155 bytes, a slash, and up to 100 bytes. npos: it does not fit.
std::size_t split_of(std::string_view path) {
  if (path.size() <= 100)
    return 0;
  const std::size_t slash = path.find('/', path.size() - 101);
  return slash == std::string_view::npos || slash == 0 || slash > 155 ? std::string_view::npos : slash;
}

std::string header_of(std::string_view path, std::size_t split, std::size_t size) {
  std::string out(block, '\0');
  put(out, 0, split == 0 ? path : path.substr(split + 1));
  put(out, 100, "0000644");
  put(out, 108, "0000000");
  put(out, 116, "0000000");
  put(out, 124, octal(size, 11));
  put(out, 136, octal(0, 11));
  put(out, 148, "        "); // the checksum is taken with blanks in its own place
  put(out, 156, "0");
  put(out, 257, std::string_view("ustar\00000", 8));
  if (split != 0)
    put(out, 345, path.substr(0, split));
  unsigned sum = 0;
  for (const char c : out)
    sum += static_cast<unsigned char>(c);
  put(out, 148, octal(sum, 6) + std::string("\0 ", 2));
  return out;
}

diagnostics faults(const archive& what, const std::string& name) {
  diagnostics out;
  std::size_t sum = 0;
  const auto add = [&](const std::string& file, std::string_view found) {
    out.push_back(problem(
        name, "name", fault("the name \"" + posterior::quoted(file) + "\"", found, "a plain relative name")));
  };
  if (const auto why = bad_name(what.folder); !why.empty() || what.folder.find('/') != std::string::npos)
    add(what.folder, why.empty() ? "of several folders" : why);
  for (const archive_file& f : what.files) {
    sum += f.bytes.size();
    if (const auto why = bad_name(f.name); !why.empty())
      add(f.name, why);
    else if (split_of(what.folder + "/" + f.name) == std::string_view::npos)
      add(f.name, "too long for an archive");
  }
  if (sum > archive_bytes_limit)
    out.push_back(problem(name, "too-large",
                          fault("the bundle", std::to_string(sum) + " bytes", "at most 16777216 bytes")));
  if (what.files.empty() || what.files.size() > archive_files_limit)
    out.push_back(problem(
        name, "count",
        fault("the bundle", "of " + std::to_string(what.files.size()) + " files", "of 1 to 1000 files")));
  return out;
}

} // namespace

archive_writing write_archive(const archive& what, const std::string& name) {
  archive_writing out{{}, faults(what, name)};
  if (has_errors(out.problems))
    return out;
  std::vector<const archive_file*> files;
  for (const archive_file& f : what.files)
    files.push_back(&f);
  std::sort(files.begin(), files.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  std::string tar;
  for (const archive_file* f : files) {
    const std::string path = what.folder + "/" + f->name;
    tar += header_of(path, split_of(path), f->bytes.size());
    tar += f->bytes;
    tar.append((block - f->bytes.size() % block) % block, '\0');
  }
  tar.append(2 * block, '\0');
  out.bytes = gzip(tar);
  // Names twice and files that are folders are found where every reader finds them.
  archive_reading again = read_archive(out.bytes, name);
  if (!again.found) {
    out.problems = std::move(again.problems);
    out.bytes.clear();
  }
  return out;
}

} // namespace posterior::trust
