#include <algorithm>
#include <random>

#include <catch2/catch_test_macros.hpp>

#include "engine/trust/archive.hpp"
#include "engine/trust/gzip.hpp"
#include "kb/values/digest.hpp"
#include "tests/trust/tar.hpp"

using namespace posterior;
using namespace posterior::trust;
using tests::tar;
using tests::tar_entry;
using tests::zlib_gzip;

namespace {

archive sample() {
  std::string long_text, noise;
  std::minstd_rand random(7);
  for (int i = 0; i < 3000; ++i)
    long_text += "[[link]] from = \"a" + std::to_string(i % 70) + "\"\n";
  for (int i = 0; i < 70'000; ++i)
    noise += static_cast<char>(random() >> 8);
  return {"org.example.hip-1.2.0",
          {{"README.md", ""},
           {"cases/one.case.toml", "schema = 1\n"},
           {"detector.so", noise},
           {"knowledge.toml", long_text},
           {"locale/" + std::string(90, 'n') + "/" + std::string(90, 'm') + ".toml", "deep"},
           {"plugin.toml", "id = \"org.example.hip\"\n"}}};
}

std::string one_problem(const std::string& bytes) {
  const archive_reading read = read_archive(bytes, "a.tar.gz");
  CHECK_FALSE(read.found);
  REQUIRE(read.problems.size() == 1);
  CHECK(read.problems[0].where.file == "a.tar.gz");
  return read.problems[0].code + ": " + read.problems[0].text;
}

std::string problem_of(const tar_entry& bad) {
  return one_problem(zlib_gzip(tar(tar_entry{"b/plugin.toml", "x"}, bad)));
}

const tar_entry good{"b/plugin.toml", "x"};

} // namespace

TEST_CASE("an archive gives back what was packed, whatever the order in which it was handed over") {
  archive mixed = sample();
  std::reverse(mixed.files.begin(), mixed.files.end());
  const archive_writing one = write_archive(sample(), "a"), two = write_archive(mixed, "a");
  REQUIRE(one.problems.empty());
  CHECK((one.bytes == two.bytes));
  const archive_reading back = read_archive(one.bytes, "a");
  REQUIRE(back.found);
  CHECK((*back.found == sample()));
}

TEST_CASE("an archive has these bytes on every machine") {
  const archive small{"org.example.hip-1.2.0",
                      {{"knowledge.toml", "abcabcabcabcabcd"}, {"plugin.toml", "id"}}};
  CHECK(sha256_hex(write_archive(small, "a").bytes) ==
        "3b3b6336f9ab60197348955bde13d772df222070aa31acc1a400c6beed89b6fa");
  CHECK(sha256_hex(write_archive(sample(), "a").bytes) ==
        "8742f7e9037d66b46fe66a746bbb8d45f68ef7ea06803ba6f764152a9c8e8a84");
}

TEST_CASE("what is written is understood by zlib at every length around a block's end, and little longer") {
  std::minstd_rand random(11);
  for (const std::size_t length : {0u, 1u, 600u, 65534u, 65535u, 65536u, 131070u, 131071u, 200000u}) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i)
      text += static_cast<char>(random() >> 8);
    const std::string packed = gzip(text);
    REQUIRE((gunzip(packed, 1u << 20).bytes == text));
    CHECK(packed.size() <= length + 18 + 5 * (length / 65535 + 1));
  }
  CHECK(gunzip(gzip(""), 100).fault == gunzip_fault::none);
}

TEST_CASE("an archive that another tar made is read, folders among its entries") {
  const std::string bytes = zlib_gzip(tar(tar_entry{"b/", "", '5'}, tar_entry{"b/knowledge/", "", '5'},
                                          tar_entry{"b/knowledge/a.toml", "k", '0', "", "ustar  "},
                                          tar_entry{"plugin.toml", "x", '\0', "b"}) +
                                      std::string(9216, '\0'));
  const archive_reading read = read_archive(bytes, "a");
  REQUIRE(read.found);
  CHECK((*read.found == archive{"b", {{"knowledge/a.toml", "k"}, {"plugin.toml", "x"}}}));
}

TEST_CASE("each way in which an archive can be broken has its own sentence") {
  const std::string whole = zlib_gzip(tar(good));
  std::string changed = whole, wrong_sum = tar(good), checksum_differs = whole;
  changed[12] = static_cast<char>(changed[12] ^ 0x7F);
  wrong_sum[0] = 'c';
  checksum_differs[checksum_differs.size() - 7] ^= 1;
  CHECK(one_problem("") ==
        "archive.not-gzip: the archive was not compressed with gzip, must be a .tar.gz that "
        "`posterior plugin pack` made");
  CHECK(one_problem("schema = 1") == one_problem(""));
  CHECK(one_problem(whole.substr(0, whole.size() - 9)) ==
        "archive.truncated: the archive was cut off, must be whole");
  CHECK(one_problem(whole.substr(0, 12)) == "archive.truncated: the archive was cut off, must be whole");
  CHECK(one_problem(checksum_differs) == "archive.damaged: the archive was damaged, must be what was packed");
  CHECK(one_problem(changed).starts_with("archive."));
  CHECK(one_problem(whole + "x") ==
        "archive.trailing: the archive was with bytes behind its end, must be without");
  CHECK(one_problem(whole + whole) == one_problem(whole + "x"));
  CHECK(one_problem(zlib_gzip("no tar" + std::string(2000, 'x'))) ==
        "archive.not-tar: the archive was not a tar archive, or damaged, must be one that `posterior plugin "
        "pack` made");
  CHECK(one_problem(zlib_gzip(wrong_sum)) == one_problem(zlib_gzip(std::string(2000, 'x'))));
  CHECK(one_problem(zlib_gzip(tar(good).substr(0, 1024))) ==
        "archive.truncated: the archive was cut off, must be whole");
  CHECK(one_problem(zlib_gzip(tar(good) + "behind")) ==
        "archive.trailing: the archive was with bytes behind its end, must be without");
  CHECK(one_problem(zlib_gzip(std::string(1024, '\0'))) ==
        "archive.empty: the archive was without a file, must be a folder with a bundle's files");
}

TEST_CASE("links, devices and extensions in an archive are refused by name") {
  const std::pair<char, std::string> kinds[] = {
      {'1', "a hard link"}, {'2', "a symbolic link"}, {'3', "a device"}, {'4', "a device"}, {'6', "a pipe"}};
  for (const auto& [type, words] : kinds)
    CHECK(problem_of({"b/x", "", type, "", std::string("ustar\00000", 8), "", "/etc/passwd"}) ==
          "archive.kind: the entry \"b/x\" was " + words + ", must be a plain file or folder");
  for (const char type : {'7', 'x', 'g', 'L', 'K', 'S', 'Z'})
    CHECK(problem_of({"b/x", "", type}) == "archive.kind: the entry \"b/x\" was of a kind that bundles do "
                                           "not have, must be a plain file or folder");
  CHECK(problem_of({"b/x/", "bytes", '5'}) ==
        "archive.kind: the entry \"b/x/\" was a folder that holds bytes, must be a folder");
}

TEST_CASE("a name that leads out of the bundle, hides or cannot be shown is refused") {
  const std::pair<std::string, std::string> names[] = {
      {"/etc/cron.d/x", "absolute"},
      {"../x", "with \"..\" in it"},
      {"b/../../x", "with \"..\" in it"},
      {"b/k/../x", "with \"..\" in it"},
      {"b//x", "absolute"},
      {"b/k//x", "with an empty part"},
      {"b/./x", "hidden"},
      {"b/.x", "hidden"},
      {".b/x", "hidden"},
      {"b/k\\x", "with a backslash or a quotation mark"},
      {"b/k\"x", "with a backslash or a quotation mark"},
      {"b/k\nx", "of characters that cannot be shown"},
      {"b/k\x1bx", "of characters that cannot be shown"},
      {"b/\xff", "of characters that cannot be shown"},
      {"b/1/2/3/4/5/6/7/8/9/x", "nested deeper than 8 folders"},
  };
  for (const auto& [name, words] : names) {
    const std::string said = problem_of({name, "x"});
    CHECK(said.starts_with("archive.name: the name \""));
    CHECK(said.ends_with("\" was " + words + ", must be a plain relative name"));
  }
  CHECK(problem_of({"x", "x"}) ==
        "archive.folder: the name \"x\" was outside a folder, must be inside the bundle's folder");
  CHECK(problem_of({"c/x", "x"}) ==
        "archive.folder: the name \"c/x\" was in another folder, must be in \"b\", as the first one is");
}

TEST_CASE("a name given twice, or as file and folder, is refused") {
  CHECK(problem_of(good) == "archive.twice: the name \"b/plugin.toml\" was given twice, must be given once");
  CHECK(problem_of({"b/plugin.toml/x", "x"}) ==
        "archive.twice: the name \"b/plugin.toml/x\" was below a file, must be below a folder");
  CHECK(problem_of({"b/plugin.toml", "", '5'}) ==
        "archive.twice: the name \"b/plugin.toml\" was a file and a folder, must be one of them");
  CHECK(one_problem(zlib_gzip(tar(tar_entry{"b/k/x", "x"}, tar_entry{"b/k", "x"}))) ==
        "archive.twice: the name \"b/k\" was a file and a folder, must be one of them");
}

TEST_CASE("an archive that claims or unpacks to more than it may is refused before it takes memory") {
  const std::string expected =
      "archive.too-large: the archive was of more than 16777216 bytes unpacked, must be of at most 16777216";
  CHECK(one_problem(zlib_gzip(std::string(64u << 20, '\0'))) == expected); // 64 KiB that become 64 MiB
  CHECK(problem_of({"b/x", "", '0', "", std::string("ustar\00000", 8), "77777777777"}) == expected);
  CHECK(one_problem(std::string("\x1F\x8B\x08", 3) + std::string(16u << 20, 'x')) == expected);
  CHECK(problem_of({"b/x", "", '0', "", std::string("ustar\00000", 8), "00000010000"}) ==
        "archive.truncated: the archive was cut off, must be whole");
  CHECK(problem_of({"b/x", "", '0', "", std::string("ustar\00000", 8), "9"}).starts_with("archive.not-tar"));
  CHECK(
      problem_of({"b/x", "", '0', "", std::string("ustar\00000", 8), "\x80"}).starts_with("archive.not-tar"));
  std::string many, folders;
  for (int i = 0; i < 1001; ++i)
    many += tests::tar_member({"b/" + std::to_string(i), ""});
  for (int i = 0; i < 2001; ++i)
    folders += tests::tar_member({"b/" + std::to_string(i), "", '5'});
  const std::string too_many =
      "archive.count: the archive was of more than 1000 files, must be of at most 1000";
  CHECK(one_problem(zlib_gzip(many + std::string(1024, '\0'))) == too_many);
  CHECK(one_problem(zlib_gzip(folders + std::string(1024, '\0'))) == too_many);
}

TEST_CASE("what the reader would refuse is not written") {
  const auto refused = [](archive what) {
    const archive_writing made = write_archive(what, "a");
    CHECK(made.bytes.empty());
    REQUIRE_FALSE(made.problems.empty());
    return made.problems[0].code;
  };
  CHECK(refused({"b", {}}) == "archive.count");
  CHECK(refused({"../b", {{"x", ""}}}) == "archive.name");
  CHECK(refused({"b/c", {{"x", ""}}}) == "archive.name");
  CHECK(refused({"b", {{"/x", ""}}}) == "archive.name");
  CHECK(refused({"b", {{"x", ""}, {"x", ""}}}) == "archive.twice");
  CHECK(refused({"b", {{"x", ""}, {"x/y", ""}}}) == "archive.twice");
  CHECK(refused({"b", {{std::string(120, 'x'), ""}}}) == "archive.name");
  CHECK(refused({"b", {{"x", std::string((16u << 20) + 1, 'x')}}}) == "archive.too-large");
}

TEST_CASE("twenty thousand archives with changed bytes are read to a bundle or refused with a sentence") {
  const std::string plain_tar = gunzip(write_archive(sample(), "a").bytes, 1u << 20).bytes;
  const std::string small_tar =
      tar(good, tar_entry{"b/knowledge/a.toml", "text"}, tar_entry{"b/c/", "", '5'});
  const std::string packed = zlib_gzip(small_tar);
  std::minstd_rand random(20261121);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    const bool inside = i % 4 != 0; // most changes are made below the compression, where the parser is
    std::string bytes = inside ? small_tar : packed;
    for (unsigned n = 1 + random() % 4; n > 0; --n)
      bytes[random() % bytes.size()] = static_cast<char>(random() >> 8);
    if (random() % 5 == 0)
      bytes.resize(random() % bytes.size());
    const archive_reading read = read_archive(inside ? gzip(bytes) : bytes, "a");
    refused += !read.found;
    REQUIRE(bool(read.found) == read.problems.empty());
    for (const archive_file& f : read.found ? read.found->files : std::vector<archive_file>{})
      REQUIRE(bad_name(f.name).empty());
  }
  CHECK(refused > 10'000);
  CHECK(refused < 20'000);
  CHECK(plain_tar.size() % 512 == 0);
}
