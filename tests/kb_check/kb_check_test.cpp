// The checks of the knowledge in force: each folder of fixtures adds fault.toml to the sound core, or
// clinic.pack.toml beside it; expected.txt says which checks find what.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "engine/check/kb_ceilings.hpp"
#include "engine/check/kb_check.hpp"
#include "tests/kb/world.hpp"

namespace posterior::check {
namespace {

namespace fs = std::filesystem;

const fs::path here = fs::path(POSTERIOR_SOURCE_DIR) / "tests/kb_check";

std::string content(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// What a core is made of, with what a fixture adds to it.
struct world {
  std::shared_ptr<const kb::snapshot> knowledge;
  std::vector<kb::bundle> refused;
};

world made(const std::string& fault, const std::string& pack) {
  kb::memory_files files;
  const fs::path base = fs::path(kb::base_folder) / "core";
  for (const char* name : {"plugin.toml", "scale.toml"})
    files.files[std::string("/program/core/") + name] = content(base / name);
  files.files["/program/core/knowledge/a-sound.toml"] = content(here / "sound.toml");
  if (!fault.empty())
    files.files["/program/core/knowledge/fault.toml"] = fault;
  if (!pack.empty())
    files.files["/home/clinic.pack.toml"] = pack;
  diagnostics problems;
  kb::merge_result m = kb::merge(kb::discover(
      files, {{"/home", kb::bundle_origin::home}, {"/program", kb::bundle_origin::program}}, problems));
  world out;
  for (const kb::bundle& b : m.bundles)
    if (has_errors(b.problems))
      out.refused.push_back(b);
  INFO(kb::all_problems(m.bundles));
  REQUIRE(m.usable);
  out.knowledge = kb::index(std::move(m.content));
  return out;
}

kb_check_report checked(const world& w, bool strict = false) {
  return check_knowledge({*w.knowledge, w.refused}, {}, strict);
}

kb_check_report checked(const fs::path& fixture) {
  return checked(made(content(fixture / "fault.toml"), content(fixture / "clinic.pack.toml")));
}

std::string lines_of(const kb_check_report& r) {
  std::string out;
  for (const kb_outcome& o : r.outcomes)
    for (const kb_remark& f : o.remarks) {
      out += std::string(o.check.id) + " " + std::string(to_string(o.check.level)) + ": " + f.text + "\n";
      if (!f.hint.empty())
        out += "  " + f.hint + "\n";
    }
  return out;
}

// A ladder in a circle leads downwards somewhere.
bool allowed(const std::string& fixture, std::string_view check) {
  return fixture == "M22-ladder-in-a-circle" && check == "M23";
}

std::vector<fs::path> fixtures() {
  std::vector<fs::path> out;
  for (const auto& e : fs::directory_iterator(here / "fixtures"))
    out.push_back(e.path());
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace

TEST_CASE("nothing is found in the sound core") {
  const kb_check_report r = checked(made("", ""), true);
  CHECK(lines_of(r).empty());
  CHECK(r.sound);
  CHECK(r.outcomes.size() == all_kb_checks().size());
}

TEST_CASE("each faulty knowledge is found by the check that its folder is named after, and by no other") {
  const bool rewrite = std::getenv("POSTERIOR_REWRITE_EXPECTED") != nullptr;
  for (const fs::path& fixture : fixtures()) {
    const kb_check_report r = checked(fixture);
    const std::string found = lines_of(r), name = fixture.filename().string();
    if (rewrite)
      std::ofstream(fixture / "expected.txt") << found;
    INFO(name << "\n" << found);
    CHECK(found == content(fixture / "expected.txt"));
    for (const kb_outcome& o : r.outcomes)
      if (const bool own = name.starts_with(std::string(o.check.id) + "-"); own || !allowed(name, o.check.id))
        CHECK(o.remarks.empty() != own);
  }
}

TEST_CASE("every check of the knowledge has a fixture that it finds something in") {
  std::set<std::string> found;
  for (const fs::path& fixture : fixtures())
    found.insert(fixture.filename().string().substr(0, 3));
  for (const kb_spec& c : all_kb_checks())
    CHECK(found.contains(std::string(c.id)));
}

TEST_CASE("ids of the checks of the knowledge are unique, and each says in one sentence what must hold") {
  std::set<std::string_view> ids, names;
  for (const kb_spec& c : all_kb_checks()) {
    CHECK(ids.insert(c.id).second);
    CHECK(names.insert(c.name).second);
    CHECK(c.description.ends_with("."));
    CHECK(c.run != nullptr);
  }
}

TEST_CASE("errors make the knowledge unsound, warnings only if they are asked to, notes never") {
  const auto with = [](const std::string& name, bool strict) {
    const fs::path fixture = here / "fixtures" / name;
    return checked(made(content(fixture / "fault.toml"), ""), strict).sound;
  };
  CHECK_FALSE(with("M30-contradiction", false));
  CHECK(with("M08-finding-of-no-use", false));
  CHECK_FALSE(with("M08-finding-of-no-use", true));
  CHECK(with("M12-judged", true));
}

TEST_CASE("only the checks that were asked for are made, and an unknown one is named") {
  const world w = made("", "");
  const kb_check_report r = check_knowledge({*w.knowledge, w.refused}, {"M03", "M30"}, false);
  REQUIRE(r.outcomes.size() == 2);
  CHECK(r.outcomes[0].check.id == "M03");
  CHECK(unknown_kb_checks({"M03", "M99"}) == std::vector<std::string>{"M99"});
}

TEST_CASE("each ceiling says what it rests on, and a figure without a source says that it is ours") {
  for (const ceiling& c : ceilings()) {
    CHECK(c.most > 0);
    CHECK_FALSE(c.basis.empty());
    CHECK((!c.source.empty() || c.basis.ends_with("ours") || c.what == dose_measure::a_week));
  }
}

} // namespace posterior::check
