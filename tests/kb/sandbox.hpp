// A home and a program folder of their own, removed at the end.
#pragma once

#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "kb/knowledge_base.hpp"
#include "kb/values/date.hpp"
#include "tests/kb/world.hpp"

namespace posterior::kb {

namespace fs = std::filesystem;

inline constexpr std::int64_t day_ns = 86'400 * std::int64_t{1'000'000'000};

// A folder of its own, with a copy of the base world as the program's plugins.
class sandbox {
public:
  explicit sandbox(const std::string& where = "/tmp") {
    std::string name = where + "/posterior-kb-XXXXXX";
    root_ = ::mkdtemp(name.data());
    fs::copy(base_folder, root_ / "program", fs::copy_options::recursive);
    options.home = home();
    options.places = {{home() + "/plugins", bundle_origin::home}, {program(), bundle_origin::program}};
  }
  ~sandbox() {
    std::error_code ignored;
    fs::permissions(home(), fs::perms::owner_all, ignored);
    fs::remove_all(root_, ignored);
  }
  void forbid_writing() const {
    fs::permissions(root_, static_cast<fs::perms>(0755));
    fs::permissions(database(), static_cast<fs::perms>(0444));
    fs::permissions(home(), static_cast<fs::perms>(0555));
  }
  void allow_writing() const {
    fs::permissions(home(), static_cast<fs::perms>(0755));
    fs::permissions(database(), static_cast<fs::perms>(0600));
  }
  std::string home() const { return root_ / "home"; }
  std::string program() const { return root_ / "program"; }
  std::string database() const { return home() + "/kb.sqlite"; }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << text;
  }
  void add_pack(const std::string& name, const std::string& text) const {
    write(home() + "/plugins/" + name + ".pack.toml", pack(name, text));
  }
  // Entries of the clinic's overlay, decided on the day the tests run.
  static std::string signature() {
    return "by = \"A. Smith\"\nwhen = \"" + format_date(real_files().now_ns() / day_ns) +
           "\"\nreason = \"Our audit.\"\n";
  }
  static std::string overriding(const std::string& id, const std::string& set) {
    return "[[override]]\nstatement = \"" + id + "\"\nset = { " + set + " }\n" + signature();
  }
  static std::string disabling(const std::string& id) {
    return "[[disable]]\nstatement = \"" + id + "\"\n" + signature();
  }
  static std::string suspending(const std::string& rule, int days = 30) {
    return "[[suspend]]\nrule = \"" + rule + "\"\nuntil = \"" +
           format_date(real_files().now_ns() / day_ns + days) + "\"\n" + signature();
  }
  void write_overlay(const std::string& entries) const {
    write(home() + "/overlay.toml", "schema = \"posterior.overlay/1\"\n" + entries);
  }
  opened open() const {
    real_files files;
    return kb::open(files, options);
  }
  void sql(const std::string& text) const {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(database().c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
  }

  open_options options;

private:
  fs::path root_;
};

inline const std::string own_state =
    "[[state]]\nid = \"a:s\"\nname = \"S\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = "
    "\"rarely\"\njudgement = \"J.\"\n";

} // namespace posterior::kb
