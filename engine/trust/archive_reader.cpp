#include <algorithm>
#include <set>

#include "engine/trust/archive.hpp"
#include "engine/trust/gzip.hpp"
#include "kb/values/text.hpp"

namespace posterior::trust {
namespace {

constexpr std::size_t block = 512;
// Headers, padding, folders and the end come on top of what the files hold.
constexpr std::size_t tar_bytes_limit = archive_bytes_limit + 4 * archive_files_limit * block;

struct entry {
  std::string path;
  std::uint64_t size = 0;
  char type = 0;
};

std::string_view until_zero(std::string_view field) {
  return field.substr(0, field.find('\0'));
}

// Octal digits, then zeros or blanks; nothing else counts as a number.
std::optional<std::uint64_t> octal(std::string_view field) {
  while (!field.empty() && (field.back() == '\0' || field.back() == ' '))
    field.remove_suffix(1);
  while (!field.empty() && field.front() == ' ')
    field.remove_prefix(1);
  if (field.empty() || field.size() > 11)
    return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : field) {
    if (c < '0' || c > '7')
      return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

bool all_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

bool sum_is_right(std::string_view header) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < header.size(); ++i)
    sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(header[i]);
  return octal(header.substr(148, 8)) == sum;
}

std::string_view type_words(char type) {
  switch (type) {
  case '1':
    return "a hard link";
  case '2':
    return "a symbolic link";
  case '3':
  case '4':
    return "a device";
  case '6':
    return "a pipe";
  default:
    return "of a kind that bundles do not have";
  }
}

class reader {
public:
  reader(std::string_view tar, const std::string& name)
      : rest_(tar)
      , name_(name) {}

  archive_reading run() {
    while (problems_.empty() && !at_end())
      one();
    if (problems_.empty() && out_.files.empty())
      fail("empty", "the archive", "without a file", "a folder with a bundle's files");
    if (!problems_.empty())
      return {std::nullopt, std::move(problems_)};
    std::sort(out_.files.begin(), out_.files.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return {std::move(out_), {}};
  }

private:
  void fail(std::string_view code, std::string_view what, std::string_view found, std::string_view needed,
            std::string hint = {}) {
    problems_.push_back({severity::error,
                         "archive." + std::string(code),
                         {name_, 0, 0, ""},
                         fault(what, found, needed),
                         std::move(hint)});
  }
  void truncated() {
    fail("truncated", "the archive", "cut off", "whole", "get it again from where it came from");
  }

  // Two blocks of zeros, and zeros up to the end of the data.
  bool at_end() {
    if (rest_.size() < 2 * block) {
      truncated();
      return true;
    }
    if (!all_zero(rest_.substr(0, 2 * block)))
      return false;
    if (!all_zero(rest_))
      fail("trailing", "the archive", "with bytes behind its end", "without");
    return true;
  }

  void one() {
    const auto e = header();
    if (!e || !allowed(*e))
      return;
    const bool folder = e->type == '5';
    const std::string inner = take_top(*e);
    if (!problems_.empty() || !fits(*e, inner, folder))
      return;
    const std::size_t padded = (static_cast<std::size_t>(e->size) + block - 1) / block * block;
    if (rest_.size() < padded)
      return truncated();
    if (!folder)
      out_.files.push_back({inner, std::string(rest_.substr(0, static_cast<std::size_t>(e->size)))});
    rest_.remove_prefix(padded);
  }

  std::optional<entry> header() {
    const std::string_view h = rest_.substr(0, block);
    const auto size = octal(h.substr(124, 12));
    const std::string_view magic = h.substr(257, 6);
    const bool posix = magic == std::string_view("ustar\0", 6);
    if ((!posix && magic != "ustar ") || !sum_is_right(h) || !size) {
      fail("not-tar", "the archive", "not a tar archive, or damaged",
           "one that `posterior plugin pack` made");
      return std::nullopt;
    }
    rest_.remove_prefix(block);
    entry e{std::string(until_zero(h.substr(0, 100))), *size, h[156] == '\0' ? '0' : h[156]};
    if (const auto prefix = until_zero(h.substr(345, 155)); posix && !prefix.empty())
      e.path = std::string(prefix) + "/" + e.path;
    return e;
  }

  bool allowed(const entry& e) {
    const std::string what = "the entry \"" + posterior::quoted(e.path) + "\"";
    if (e.type != '0' && e.type != '5')
      fail("kind", what, type_words(e.type), "a plain file or folder");
    else if (e.type == '5' && e.size != 0)
      fail("kind", what, "a folder that holds bytes", "a folder");
    else if (++entries_ > 2 * archive_files_limit || out_.files.size() >= archive_files_limit)
      fail("count", "the archive", "of more than 1000 files", "of at most 1000");
    else if (sum_ += e.size; e.size > archive_bytes_limit || sum_ > archive_bytes_limit)
      fail("too-large", "the archive", "of more than 16777216 bytes unpacked", "of at most 16777216");
    return problems_.empty();
  }

  // Checks the path and gives what stands behind the one folder; empty for that folder itself.
  std::string take_top(const entry& e) {
    std::string path = e.path;
    if (e.type == '5' && path.ends_with('/'))
      path.pop_back();
    const std::string what = "the name \"" + posterior::quoted(e.path) + "\"";
    const std::size_t slash = path.find('/');
    const std::string top = path.substr(0, slash),
                      inner = slash == std::string::npos ? "" : path.substr(slash + 1);
    std::string_view why = path.starts_with('/') ? "absolute" : bad_name(top);
    if (why.empty() && slash != std::string::npos)
      why = bad_name(inner);
    if (!why.empty())
      fail("name", what, why, "a plain relative name");
    else if (inner.empty() && e.type != '5')
      fail("folder", what, "outside a folder", "inside the bundle's folder");
    else if (!out_.folder.empty() && top != out_.folder)
      fail("folder", what, "in another folder",
           "in \"" + posterior::quoted(out_.folder) + "\", as the first one is");
    out_.folder = top;
    return inner;
  }

  // No name twice, and no file that another one takes for a folder.
  bool fits(const entry& e, const std::string& inner, bool folder) {
    const std::string what = "the name \"" + posterior::quoted(e.path) + "\"";
    for (std::size_t slash = inner.find('/'); slash != std::string::npos; slash = inner.find('/', slash + 1))
      if (const std::string above = inner.substr(0, slash); files_.contains(above))
        fail("twice", what, "below a file", "below a folder");
      else
        folders_.insert(above);
    if (folder)
      folders_.insert(inner);
    else if (!files_.insert(inner).second)
      fail("twice", what, "given twice", "given once");
    if (files_.contains(inner) && folders_.contains(inner))
      fail("twice", what, "a file and a folder", "one of them");
    return problems_.empty();
  }

  std::string_view rest_;
  const std::string& name_;
  archive out_;
  diagnostics problems_;
  std::set<std::string> files_, folders_;
  std::size_t entries_ = 0;
  std::uint64_t sum_ = 0;
};

diagnostic gzip_problem(gunzip_fault why, const std::string& name) {
  const auto made = [&](std::string_view code, std::string_view found, std::string_view needed,
                        std::string hint = {}) {
    return diagnostic{severity::error,
                      "archive." + std::string(code),
                      {name, 0, 0, ""},
                      fault("the archive", found, needed),
                      std::move(hint)};
  };
  switch (why) {
  case gunzip_fault::too_large:
    return made("too-large", "of more than 16777216 bytes unpacked", "of at most 16777216");
  case gunzip_fault::truncated:
    return made("truncated", "cut off", "whole", "get it again from where it came from");
  case gunzip_fault::trailing:
    return made("trailing", "with bytes behind its end", "without");
  case gunzip_fault::damaged:
    return made("damaged", "damaged", "what was packed", "get it again from where it came from");
  default:
    return made("not-gzip", "not compressed with gzip", "a .tar.gz that `posterior plugin pack` made");
  }
}

} // namespace

archive_reading read_archive(std::string_view bytes, const std::string& name) {
  if (bytes.size() > archive_bytes_limit)
    return {std::nullopt, {gzip_problem(gunzip_fault::too_large, name)}};
  const gunzipped tar = gunzip(bytes, tar_bytes_limit);
  if (tar.fault != gunzip_fault::none)
    return {std::nullopt, {gzip_problem(tar.fault, name)}};
  return reader(tar.bytes, name).run();
}

} // namespace posterior::trust
