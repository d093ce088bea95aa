#include <filesystem>
#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "engine/trust/layout.hpp"
#include "kb/catalogue.hpp"
#include "tests/trust/folder.hpp"

using namespace posterior;
using namespace posterior::trust;

namespace {

namespace fs = std::filesystem;

const char* source_manifest =
    "schema = \"posterior.plugin/1\"\nid = \"org.example.hip\"\nversion = \"1.2.0\"\nname = \"Hip\"\n"
    "summary = \"A hip.\"\nvendor = \"Us\"\nlicense = \"CC0-1.0\"\nprefix = \"hip\"\n";

secret_key key_with(unsigned char seed, const std::string& name = "the clinic") {
  std::array<unsigned char, 32> bytes{};
  bytes.fill(seed);
  return {bytes, name};
}

laid_out laid(const fs::path& folder, const secret_key* key = nullptr) {
  kb::real_files files;
  return lay_out(files, folder.string(), key);
}

const archive_file* file(const laid_out& out, const std::string& name) {
  for (const archive_file& f : out.bundle->files)
    if (f.name == name)
      return &f;
  return nullptr;
}

std::string codes(const laid_out& out) {
  std::string all;
  for (const diagnostic& d : out.problems)
    all += (all.empty() ? "" : " ") + d.code;
  return all;
}

} // namespace

TEST_CASE("packing a bundle gives the manifest that the build wrote, byte for byte") {
  const fs::path source = fs::path(POSTERIOR_SOURCE_DIR) / "plugins/neural-tension",
                 built = fs::path(POSTERIOR_STAGE) / "lib/posterior/plugins/neural-tension";
  const tests::folder box;
  fs::copy(built, box / "b", fs::copy_options::recursive);
  fs::remove(box / "b/plugin.toml");
  fs::copy_file(source / "plugin.toml", box / "b/plugin.toml");
  const laid_out out = laid(box / "b");
  REQUIRE(out.problems.empty());
  CHECK(file(out, "plugin.toml")->bytes == tests::contents(built / "plugin.toml"));
  CHECK(out.left_out.empty());
  CHECK(out.bundle->folder == "org.posterior.neural-tension-0.1.0");
  const laid_out again = laid(built);
  REQUIRE(again.bundle);
  CHECK((*again.bundle == *out.bundle));
}

TEST_CASE("the digest of a packed manifest is the digest of the files that it lists") {
  kb::real_files files;
  diagnostics problems;
  const fs::path built = fs::path(POSTERIOR_STAGE) / "lib/posterior/plugins/neural-tension";
  const auto found = kb::scan(files, {{built.string(), kb::bundle_origin::program}}, problems);
  REQUIRE(found.size() == 1);
  const laid_out out = laid(built);
  CHECK(digest_of(out.about, file(out, "plugin.toml")->bytes) ==
        kb::digest_of(found[0], kb::plain_hasher(files)));
  CHECK(digest_of(out.bundle->files) == digest_of(out.about, file(out, "plugin.toml")->bytes));
}

TEST_CASE("what does not belong to a bundle is left out of a source folder and named") {
  const tests::folder box;
  for (const char* name :
       {"knowledge/a.toml", "cases/a.case.toml", "README.md", "LICENSE", "detector.cpp", "CMakeLists.txt",
        "knowledge/notes.txt", "knowledge/old/a.toml", ".git/config", "plugin.sig"})
    box.write(name, name);
  box.write("plugin.toml", source_manifest);
  const laid_out out = laid(box.path());
  REQUIRE(out.problems.empty());
  std::string names;
  for (const archive_file& f : out.bundle->files)
    names += f.name + " ";
  CHECK(names == "LICENSE README.md cases/a.case.toml knowledge/a.toml plugin.toml ");
  CHECK((out.left_out == std::vector<std::string>{"CMakeLists.txt", "detector.cpp", "knowledge/notes.txt",
                                                  "knowledge/old/a.toml", "plugin.sig"}));
}

TEST_CASE("a folder that cannot be packed says why") {
  const tests::folder box;
  CHECK(codes(laid(box.path())) == "pack.no-manifest");
  box.write("plugin.toml", "schema = 3");
  CHECK_FALSE(laid(box.path()).bundle);
  box.write("plugin.toml", std::string(source_manifest) +
                               "[detector]\nfile = \"detector.so\"\nabi = \"1.0\"\nreason = \"Pairs.\"\n");
  CHECK(codes(laid(box.path())) == "pack.no-detector");
  box.write("plugin.toml", source_manifest);
  fs::create_symlink("/etc/passwd", box / "README.md");
  CHECK(codes(laid(box.path())) == "bundle.file-kind");
}

TEST_CASE("a packed folder whose files are not those listed is not packed again") {
  const tests::folder box;
  const archive_file knowledge{"knowledge.toml", "x = 1\n"};
  box.write("knowledge.toml", knowledge.bytes);
  box.write("plugin.toml", with_files(source_manifest, {knowledge}));
  REQUIRE(laid(box.path()).problems.empty());
  box.write("more.toml", "");
  CHECK(codes(laid(box.path())) == "pack.extra-file");
  fs::remove(box / "more.toml");
  box.write("knowledge.toml", "x = 2\n");
  CHECK(codes(laid(box.path())) == "pack.hash-differs");
  fs::remove(box / "knowledge.toml");
  CHECK(codes(laid(box.path())) == "pack.missing-file");
}

TEST_CASE("a signature holds for the bytes that were signed and for no others") {
  const tests::folder box;
  box.write("knowledge.toml", "x = 1\n");
  box.write("plugin.toml", source_manifest);
  const secret_key key = key_with(7);
  const laid_out out = laid(box.path(), &key);
  REQUIRE(out.bundle);
  const auto read = read_signature(file(out, "plugin.sig")->bytes, "plugin.sig");
  REQUIRE(read.value);
  const std::string& manifest = file(out, "plugin.toml")->bytes;
  CHECK((read.value->by == key.shown()));
  CHECK(holds(*read.value, manifest));
  CHECK_FALSE(holds(*read.value, manifest + " "));
  signature other = *read.value;
  other.by = key_with(8).shown();
  CHECK_FALSE(holds(other, manifest));
  other = *read.value;
  other.bytes[3] ^= 1;
  CHECK_FALSE(holds(other, manifest));
}

TEST_CASE("a signature that still holds is kept when a packed folder is packed again, a stale one is not") {
  const tests::folder box;
  const archive_file knowledge{"knowledge.toml", "x = 1\n"};
  const std::string manifest = with_files(source_manifest, {knowledge});
  box.write("knowledge.toml", knowledge.bytes);
  box.write("plugin.toml", manifest);
  box.write("plugin.sig", key_with(7).sign(manifest));
  CHECK(file(laid(box.path()), "plugin.sig") != nullptr);
  box.write("plugin.sig", key_with(7).sign(manifest + " "));
  const laid_out stale = laid(box.path());
  CHECK(file(stale, "plugin.sig") == nullptr);
  CHECK((stale.left_out == std::vector<std::string>{"plugin.sig"}));
}

TEST_CASE("keys and signatures are read as they were written, and nothing else passes for one") {
  const secret_key key = key_with(9, "Dr. Ruiz, clinic");
  const public_key open = key.shown();
  CHECK(key_line(open) ==
        "posterior-key ed25519 /RckOFqgx1tk+3jNYC+h2ZH96/drE8WO1wLqyDXp9hg= Dr. Ruiz, clinic\n");
  CHECK((read_public_key("# mine\n\n" + key_line(open), "k").value == open));
  CHECK(read_public_key(key_line(open), "k").value->name == "Dr. Ruiz, clinic");
  CHECK((read_secret_key(key.text(), "k").value->shown() == open));
  CHECK((key_of(to_text(open)) == open));
  const std::vector<std::string> lines{std::string(),
                                       std::string("posterior-key"),
                                       key.text(),
                                       key_line(open) + key_line(open),
                                       "posterior-key ed25519 AAAA x\n",
                                       "posterior-key rsa " + to_text(open) + " x\n",
                                       "posterior-key ed25519 " + to_text(open) + "\n",
                                       "posterior-key ed25519 " + to_text(open) + " \x1b[2J\n",
                                       "posterior-key ed25519 " + to_text(open).substr(0, 43) + " x\n",
                                       "posterior-key ed25519  " + to_text(open) + " x\n"};
  for (const std::string& bad : lines) {
    const auto read = read_public_key(bad, "k.pub");
    CHECK_FALSE(read.value);
    CHECK(to_string(read.problem) == "k.pub: the public key was not one, must be one line `posterior-key "
                                     "ed25519 BASE64 NAME`\nhint: `posterior plugin "
                                     "key new FILE` writes FILE.pub");
  }
  CHECK_FALSE(read_secret_key(key_line(open), "k").value);
  CHECK_FALSE(read_signature(key.sign("x") + key.sign("x"), "s").value);
  CHECK_FALSE(read_signature("posterior-signature ed25519 " + to_text(open) + " AAAA\n", "s").value);
}

TEST_CASE("two new keys differ") {
  CHECK_FALSE((make_key("a").shown() == make_key("a").shown()));
}
