#include "tests/check/fixture.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

namespace posterior::check_tests {
namespace {

namespace fs = std::filesystem;

const fs::path here = fs::path(POSTERIOR_SOURCE_DIR) / "tests/check";

std::string unescaped(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos; ++at)
    text.replace(at, 2, "\n");
  return text;
}

void write(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
  fs::permissions(file, static_cast<fs::perms>(0644));
}

void copy_tree(const fs::path& from, const fs::path& to) {
  for (const auto& e : fs::recursive_directory_iterator(from))
    if (e.is_regular_file())
      write(to / fs::relative(e.path(), from), staged::contents(e.path()));
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  if (text.find(what) == std::string::npos)
    throw std::runtime_error("the recipe's text was not found: " + what);
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

class maker {
public:
  explicit maker(const staged::folder& box)
      : bundle(box / "bundle")
      , sound_(box / "sound") {}

  fs::path bundle, against;

  void step(const std::string& line) {
    std::istringstream in(line);
    std::string verb, name, rest;
    in >> verb >> name;
    std::getline(in, rest);
    rest = unescaped(rest.empty() ? rest : rest.substr(1));
    if (verb == "data" || verb == "code" || verb == "pack")
      return start(verb, name);
    if (verb == "against-sound")
      against = sound_;
    else
      change(verb, fs::is_directory(bundle) ? bundle / name : bundle, rest);
  }

private:
  void start(const std::string& verb, const std::string& library) {
    if (verb == "pack") {
      bundle = bundle.parent_path() / "example.pack.toml";
      return write(bundle,
                   staged::contents(fs::path(POSTERIOR_SOURCE_DIR) / "sdk/skeleton-pack/example.pack.toml"));
    }
    for (const fs::path& to : {bundle, sound_}) {
      copy_tree(here / (verb == "data" ? "sound-data" : "sound"), to);
      if (verb == "code")
        write(to / "detector.so",
              staged::contents(fs::path(POSTERIOR_CHECK_LIBRARIES) / library / "detector.so"));
    }
  }

  static void change(const std::string& verb, const fs::path& file, const std::string& rest) {
    if (verb == "remove")
      fs::remove_all(file);
    else if (verb == "write")
      write(file, rest + "\n");
    else if (verb == "append")
      write(file, staged::contents(file) + rest + "\n");
    else if (verb == "replace" || verb == "patch") {
      const std::string mark = verb == "replace" ? " => " : " ";
      const auto at = rest.find(mark);
      write(file, replaced(staged::contents(file), rest.substr(0, at), rest.substr(at + mark.size())));
    } else if (verb == "cut")
      fs::resize_file(file, std::stoul(rest));
    else if (verb == "mode")
      fs::permissions(file, static_cast<fs::perms>(std::stoul(rest, nullptr, 8)));
    else if (verb == "link")
      fs::create_symlink(rest, file);
    else
      throw std::runtime_error("a recipe knows no step " + verb);
  }

  fs::path sound_;
};

} // namespace

std::vector<std::string> lines_of(const fs::path& file) {
  std::istringstream in(staged::contents(file));
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.front() != '#')
      out.push_back(line);
  return out;
}

std::vector<fixture> fixtures() {
  std::vector<fixture> out;
  for (const auto& e : fs::directory_iterator(here / "fixtures")) {
    const auto recipe = lines_of(e.path() / "recipe.txt");
    out.push_back({e.path().filename(), e.path(), !recipe.empty() && recipe.front().starts_with("code")});
  }
  std::sort(out.begin(), out.end(), [](const fixture& a, const fixture& b) { return a.name < b.name; });
  return out;
}

check::report check_at(const fs::path& bundle, const fs::path& against, bool strict) {
  const service::environment nothing = [](const char*) { return std::optional<std::string>(); };
  service::check_request asked;
  asked.path = bundle.string();
  asked.against = against.string();
  asked.strict = strict;
  const auto answer =
      service::check_plugin(service::find_places(nothing, staged::stage / "bin" / "posterior"), asked);
  if (!answer.done)
    throw std::runtime_error(to_string(*answer.refused));
  return *answer.done;
}

check::report checked(const fixture& f, const staged::folder& box) {
  maker making(box);
  for (const std::string& line : lines_of(f.folder / "recipe.txt"))
    making.step(line);
  return check_at(making.bundle, making.against);
}

std::vector<std::string> faults(const check::report& r) {
  std::vector<std::string> out;
  for (const check::outcome& o : r.outcomes)
    if (o.how == check::result::fail || o.how == check::result::crash)
      out.push_back(std::string(to_string(o.how)) + " " + std::string(o.check.id));
  return out;
}

void hold(bool code) {
  const bool rewrite = std::getenv("POSTERIOR_REWRITE_EXPECTED") != nullptr;
  for (const fixture& f : fixtures()) {
    if (f.code != code)
      continue;
    const staged::folder box;
    const check::report r = checked(f, box);
    for (const check::outcome& o : r.outcomes)
      for (const diagnostic& d : o.notes)
        UNSCOPED_INFO(o.check.id << ' ' << to_string(d));
    INFO(f.name);
    const auto found = faults(r);
    if (rewrite) {
      std::ofstream out(f.folder / "expected.txt");
      for (const std::string& line : found)
        out << line << '\n';
    }
    CHECK_FALSE(r.total.sound);
    CHECK(found == lines_of(f.folder / "expected.txt"));
  }
}

} // namespace posterior::check_tests
