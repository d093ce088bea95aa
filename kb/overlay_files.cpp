#include "kb/overlay_files.hpp"

#include <cerrno>
#include <iterator>

#include "kb/values/digest.hpp"

namespace posterior::kb {
namespace {

constexpr std::size_t most_files = 200;

void append(overlay_document& to, overlay_document from) {
  std::move(from.entries.begin(), from.entries.end(), std::back_inserter(to.entries));
  std::move(from.problems.begin(), from.problems.end(), std::back_inserter(to.problems));
}

diagnostic unreadable(const std::string& name, const std::string& why) {
  return {severity::error,
          "kb.overlay-unreadable",
          {name, 0, 0, ""},
          fault("the clinic's overlay", why, "a readable file"),
          "nothing in it counts until it can be read"};
}

} // namespace

std::vector<std::string> overlay_names(file_system& files, const std::string& home) {
  std::vector<std::string> out{std::string(overlay_file)};
  if (const auto inside = files.list(home + "/overlay"))
    for (const std::string& name : *inside)
      if (is_overlay_name("overlay/" + name))
        out.push_back("overlay/" + name);
  return out;
}

bool is_overlay_name(std::string_view name) {
  constexpr std::string_view folder = "overlay/";
  if (!name.starts_with(folder))
    return name == overlay_file;
  name.remove_prefix(folder.size());
  return name.ends_with(".toml") && !name.starts_with('.') && name.find('/') == std::string_view::npos;
}

overlay_document read_home_overlay(file_system& files, const std::string& home, std::int64_t today,
                                   std::string& mark) {
  overlay_document out;
  const auto names = overlay_names(files, home);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > most_files) {
      out.problems.push_back(unreadable(names[i], "one of more than 200 files"));
      break;
    }
    const std::string path = home + "/" + names[i];
    if (const int error = files.status(path).error; error == ENOENT || error == ENOTDIR)
      continue;
    const auto bytes = files.read(path, overlay_bytes_limit);
    if (bytes) {
      mark += "overlay " + names[i] + " " + sha256_hex(*bytes) + "\n";
      append(out, read_overlay(*bytes, names[i]));
    } else {
      mark += "overlay " + names[i] + " error " + std::to_string(bytes.error) + "\n";
      out.problems.push_back(unreadable(names[i], error_text(bytes.error)));
    }
  }
  for (const overlay_entry& e : out.entries)
    if (e.deed == overlay_deed::suspend)
      mark += "suspension " + e.statement + " " + std::to_string(phase_of(e, today)) + "\n";
  return out;
}

} // namespace posterior::kb
