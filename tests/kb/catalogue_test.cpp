#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kb/places.hpp"
#include "kb/reader.hpp"
#include "kb/values/digest.hpp"
#include "tests/kb/world.hpp"

using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace posterior::kb {
namespace {

const std::string manifest_text =
    "schema = \"posterior.plugin/1\"\nid = \"com.a.b\"\nversion = \"1.0.0\"\nname = "
    "\"A\"\nsummary = \"S.\"\nvendor = \"V\"\nlicense = \"MIT\"\nprefix = \"a\"\n";

std::vector<bundle> found_in(memory_files& files, diagnostics& problems) {
  return discover(files, {{"/p", bundle_origin::home}}, problems);
}

std::vector<bundle> found_in(memory_files& files) {
  diagnostics problems;
  return found_in(files, problems);
}

} // namespace

TEST_CASE("bundles, packs and nothing else are found in a folder") {
  memory_files files;
  files.files = {{"/p/a/plugin.toml", manifest_text}, {"/p/a/knowledge.toml", ""},
                 {"/p/b.pack.toml", pack("b", "")},   {"/p/notes.txt", "x"},
                 {"/p/empty/README.md", "x"},         {"/p/.hidden/plugin.toml", manifest_text},
                 {"/p/.hidden/knowledge.toml", ""},   {"/p/.pack.toml", pack("c", "")}};
  const auto found = found_in(files);
  REQUIRE(found.size() == 2);
  CHECK(found[0].about.id == "com.a.b");
  CHECK(found[0].form == bundle_form::source_folder);
  CHECK(found[1].about.id == "com.b.pack");
  CHECK(found[1].form == bundle_form::pack_file);
  CHECK(all_problems(found).empty());
}

TEST_CASE("a place may be a single bundle or pack") {
  memory_files files;
  files.files = {
      {"/p/a/plugin.toml", manifest_text}, {"/p/a/knowledge.toml", ""}, {"/p/b.pack.toml", pack("b", "")}};
  diagnostics problems;
  const auto found = discover(
      files, {{"/p/a", bundle_origin::path_variable}, {"/p/b.pack.toml", bundle_origin::path_variable}},
      problems);
  CHECK(found.size() == 2);
  CHECK(problems.empty());
}

TEST_CASE("a missing home folder is no problem, a missing folder that somebody named is") {
  memory_files files;
  diagnostics problems;
  scan(files, {{"/home/plugins", bundle_origin::home}}, problems);
  CHECK(problems.empty());
  scan(files, {{"/named", bundle_origin::path_variable}}, problems);
  REQUIRE(problems.size() == 1);
  CHECK(to_string(problems[0]) == "/named: the plugin folder was missing, must be a readable folder");
}

TEST_CASE("the digest of a bundle is what sha256sum prints, hashed, without the signature") {
  memory_files files;
  files.files = {{"/p/a/plugin.toml", manifest_text}, {"/p/a/knowledge.toml", ""}};
  const std::string expected =
      sha256_hex(sha256_hex("") + "  knowledge.toml\n" + sha256_hex(manifest_text) + "  plugin.toml\n");
  CHECK(found_in(files).at(0).digest == expected);
  files.files["/p/a/plugin.sig"] = "signature";
  CHECK(found_in(files).at(0).digest == expected);
  files.files["/p/a/README.md"] = "x";
  CHECK(found_in(files).at(0).digest != expected);
}

TEST_CASE("a packed bundle whose files are as listed is read") {
  memory_files files;
  files.files["/p/a/knowledge.toml"] = "# nothing\n";
  files.files["/p/a/plugin.toml"] = manifest_text + "[[file]]\npath = \"knowledge.toml\"\nsha256 = \"" +
                                    sha256_hex("# nothing\n") + "\"\nsize = 10\n";
  files.files["/p/a/plugin.sig"] = "signature";
  const auto found = found_in(files);
  CHECK(all_problems(found).empty());
  CHECK(found.at(0).form == bundle_form::packed_folder);
}

TEST_CASE("a bundle over 16 MiB is refused without being read") {
  memory_files files;
  files.files = {{"/p/a/plugin.toml", manifest_text}, {"/p/a/knowledge.toml", ""}, {"/p/a/data", ""}};
  files.stamps["/p/a/data"].kind = file_kind::regular;
  files.stamps["/p/a/data"].size = (16u << 20) + 1;
  const auto found = found_in(files);
  CHECK_THAT(all_problems(found), ContainsSubstring("must be at most 16777216 bytes"));
  CHECK(files.reads == 0);
}

TEST_CASE("knowledge over 4 MiB is refused") {
  memory_files files;
  files.files = {{"/p/a/plugin.toml", manifest_text},
                 {"/p/a/knowledge.toml", std::string((4u << 20) + 1, '\n')}};
  CHECK_THAT(all_problems(found_in(files)),
             ContainsSubstring("the knowledge of the bundle was more than 4194304 bytes"));
}

TEST_CASE("a manifest over 64 KiB is refused") {
  memory_files files;
  files.files = {{"/p/a/plugin.toml", manifest_text + std::string(64u << 10, '#')},
                 {"/p/a/knowledge.toml", ""}};
  CHECK_THAT(all_problems(found_in(files)), ContainsSubstring("plugin.toml: the file was too large"));
}

TEST_CASE("more than 5,000 statements in one bundle are refused") {
  memory_files files;
  std::string text;
  for (int i = 0; i < 5001; ++i)
    text += "[[message]]\nkey = \"m" + std::to_string(i) + "\"\ntext = \"T\"\n";
  files.files["/p/a.pack.toml"] = pack("a", text);
  CHECK_THAT(all_problems(found_in(files)),
             ContainsSubstring("the number of statements was 5001, must be at most 5000"));
}

TEST_CASE("more than 2,000 bundles are refused, the first 2,000 are read") {
  memory_files files;
  for (int i = 0; i < 2001; ++i)
    files.files["/p/" + std::to_string(10000 + i) + ".pack.toml"] = "";
  diagnostics problems;
  CHECK(scan(files, {{"/p", bundle_origin::home}}, problems).size() == 2000);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].text == "the number of bundles was above 2000, must be at most 2000");
}

TEST_CASE("a bundle with too many files or too deep folders is refused") {
  memory_files files;
  files.files = {{"/p/a/plugin.toml", manifest_text}, {"/p/a/knowledge.toml", ""}};
  for (int i = 0; i < 1000; ++i)
    files.files["/p/a/x" + std::to_string(i)] = "";
  CHECK_THAT(all_problems(found_in(files)), ContainsSubstring("at most 1000 files"));
  memory_files deep;
  deep.files = {{"/p/a/plugin.toml", manifest_text}, {"/p/a/1/2/3/4/5/6/7/8/9/x", ""}};
  CHECK_THAT(all_problems(found_in(deep)), ContainsSubstring("8 deep"));
}

TEST_CASE("of equal versions the one found first counts") {
  memory_files files;
  files.files = {{"/p/1.pack.toml", pack("a", "")}, {"/p/2.pack.toml", pack("a", "")}};
  const auto found = found_in(files);
  REQUIRE(found.size() == 2);
  CHECK_FALSE(found[0].shadowed);
  CHECK(found[1].shadowed);
  CHECK(found[1].shadowed_by == "/p/1.pack.toml");
}

TEST_CASE("a file is written whole or not at all, and only for whom it should be") {
  char name[] = "/tmp/posterior-kb-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  real_files files;
  CHECK(files.make_folder(folder + "/a/b", 0700) == 0);
  CHECK(files.make_folder(folder + "/a/b", 0700) == 0);
  CHECK(files.write(folder + "/a/b/f", "one", 0600) == 0);
  CHECK(files.write(folder + "/a/b/f", "two", 0600) == 0);
  CHECK(*files.read(folder + "/a/b/f", 10) == "two");
  CHECK(files.read(folder + "/a/b/f", 2).error == EFBIG);
  CHECK((files.status(folder + "/a/b/f")->mode) == 0600u);
  CHECK(files.list(folder + "/a/b")->size() == 1);
  CHECK(files.write(folder + "/missing/f", "x", 0600) == ENOENT);
  CHECK(files.read(folder, 10).error == EISDIR);
  REQUIRE(::symlink("f", (folder + "/a/b/link").c_str()) == 0);
  CHECK(files.read(folder + "/a/b/link", 10).error == ELOOP);
  CHECK(files.status(folder + "/a/b/link")->kind == file_kind::symlink);
  REQUIRE(::mkfifo((folder + "/pipe").c_str(), 0600) == 0);
  CHECK(files.read(folder + "/pipe", 10).error == EINVAL);
  CHECK(files.remove(folder + "/a/b/f") == 0);
  CHECK(files.remove(folder + "/a/b/f") == ENOENT);
  fs::remove_all(folder);
}

TEST_CASE("the program finds its prefix from where it lies") {
  CHECK(prefix_of("/usr/bin/posterior") == "/usr");
  CHECK(prefix_of("/build/stage/libexec/posterior/posterior-worker") == "/build/stage");
  CHECK(prefix_of("/bin/posterior") == "/");
  CHECK_FALSE(prefix_of("/home/me/posterior"));
}

TEST_CASE("the home follows the variables in their order") {
  std::map<std::string, std::string> set;
  const variables get = [&](const char* name) {
    const auto at = set.find(name);
    return at == set.end() ? std::nullopt : std::optional(at->second);
  };
  CHECK(home_folder(get).empty());
  set["HOME"] = "/home/me";
  CHECK(home_folder(get) == "/home/me/.local/share/posterior");
  set["XDG_DATA_HOME"] = "/data";
  CHECK(home_folder(get) == "/data/posterior");
  set["POSTERIOR_HOME"] = "/h";
  CHECK(home_folder(get) == "/h");
  set["POSTERIOR_PLUGIN_PATH"] = "/x::/y";
  const auto places = search_places(get, "/h", "/usr");
  REQUIRE(places.size() == 4);
  CHECK(places[0].folder == "/x");
  CHECK(places[1].folder == "/y");
  CHECK(places[1].origin == bundle_origin::path_variable);
  CHECK(places[2].folder == "/h/plugins");
  CHECK(places[2].origin == bundle_origin::home);
  CHECK(places[3].folder == "/usr/lib/posterior/plugins");
  CHECK(places[3].origin == bundle_origin::program);
}

TEST_CASE("conditions are written as they are read") {
  for (const char* text : {"f", "!f", "f@left", "!f@both", "f >= 2", "f < -1.5", "f@right = 3", "age >= 50",
                           "sex = female", "pregnant", "!pregnant", "body-mass > 80", "clinic:f"}) {
    std::string why;
    const auto c = parse_condition(text, why);
    INFO(text);
    REQUIRE(c);
    CHECK(to_string(*c) == text);
  }
  std::string why;
  CHECK(parse_condition("f>=2", why) == parse_condition(" f  >=  2 ", why));
  for (const char* text : {"", "!", "f >", "f > x", "f >= 2 3", "F", "f@", "age@left >= 5", "pregnant = 1",
                           "sex > male", "f > inf", "f > 1e5", "f == 2"})
    CHECK_FALSE(parse_condition(text, why));
}

} // namespace posterior::kb
