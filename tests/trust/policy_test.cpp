#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include <unistd.h>

#include "engine/trust/layout.hpp"
#include "engine/trust/policy.hpp"
#include "kb/catalogue.hpp"
#include "kb/values/digest.hpp"
#include "tests/trust/folder.hpp"

using namespace posterior;
using namespace posterior::trust;

namespace {

namespace fs = std::filesystem;

secret_key key_with(unsigned char seed) {
  std::array<unsigned char, 32> bytes{};
  bytes.fill(seed);
  return {bytes, "key " + std::to_string(seed)};
}

// A bundle with code as it lies on the disk, and what kb says of it.
struct bundle_on_disk {
  tests::folder box;
  kb::plugin_entry entry;

  explicit bundle_on_disk(kb::bundle_origin origin = kb::bundle_origin::home,
                          const secret_key* key = nullptr) {
    const std::vector<archive_file> files{{"detector.so", "code"}, {"knowledge.toml", "k"}};
    const std::string manifest = with_files("id", files);
    for (const archive_file& f : files)
      box.write("b/" + f.name, f.bytes);
    box.write("b/plugin.toml", manifest);
    if (key != nullptr)
      box.write("b/plugin.sig", key->sign(manifest));
    entry.about.id = "org.example.hip";
    entry.about.version = "1.2.0";
    entry.about.has_detector = true;
    entry.about.detector_file = "detector.so";
    for (const archive_file& f : files)
      entry.about.files.push_back({f.name, sha256_hex(f.bytes), f.bytes.size()});
    entry.location = box / "b";
    entry.origin = origin;
    entry.form = kb::bundle_form::packed_folder;
    entry.digest = digest_of(entry.about, manifest);
  }

  ruling rule(const trusted& known) const {
    real_disk d;
    return trust::rule(d, entry, known);
  }
};

trusted with_key(const secret_key& key) {
  trusted out;
  out.home.keys.push_back(key.shown());
  return out;
}

} // namespace

TEST_CASE("a bundle without code needs nobody's word") {
  kb::plugin_entry p;
  p.about.id = "org.example.data";
  real_disk d;
  trusted damaged;
  damaged.home_damaged = true;
  CHECK(rule(d, p, damaged).state == standing::data);
  CHECK(runs(standing::data));
}

TEST_CASE("the program's own builds run, by their digest and wherever they lie") {
  for (const auto origin :
       {kb::bundle_origin::program, kb::bundle_origin::home, kb::bundle_origin::path_variable}) {
    const bundle_on_disk b(origin);
    const std::string_view list[] = {b.entry.digest};
    trusted known;
    known.bundled = list;
    known.home_damaged = known.system_damaged = true;
    CHECK(b.rule(known).state == standing::bundled);
  }
}

TEST_CASE("code in the home that nobody vouches for does not run, and says how it would") {
  const ruling r = bundle_on_disk().rule({});
  CHECK(r.state == standing::unsigned_);
  CHECK(r.text == "org.example.hip 1.2.0 is not signed, and nobody has said that its code may run");
  CHECK(r.hint == "`posterior plugin trust org.example.hip` lets this build run");
  CHECK_FALSE(runs(r.state));
}

TEST_CASE("code beside the program that it was not built with does not run either") {
  CHECK(bundle_on_disk(kb::bundle_origin::program).rule({}).state == standing::unsigned_);
}

TEST_CASE(
    "a pinned build runs, another build of that version is not it, and another version is just unknown") {
  const bundle_on_disk b;
  trusted known;
  known.home.pins = {{"org.example.hip", "1.2.0", b.entry.digest}};
  CHECK(b.rule(known).state == standing::pinned);
  known.home.pins[0].plugin = "org.example.other";
  CHECK(b.rule(known).state == standing::unsigned_);
  known.home.pins[0] = {"org.example.hip", "1.2.0", std::string(64, 'a')};
  CHECK(b.rule(known).state == standing::tampered);
  known.home.pins[0].version = "1.1.0";
  CHECK(b.rule(known).state == standing::unsigned_);
}

TEST_CASE("a signature counts if its key is trusted, by the home or by the system") {
  const secret_key key = key_with(1);
  const bundle_on_disk b(kb::bundle_origin::home, &key);
  const ruling stranger = b.rule({});
  CHECK(stranger.state == standing::unknown_key);
  CHECK(stranger.key == to_text(key.shown()));
  CHECK(stranger.hint ==
        "`posterior plugin trust " + stranger.key +
            "` trusts that key; `posterior plugin trust org.example.hip` lets this build run");
  CHECK(b.rule(with_key(key)).state == standing::signed_by);
  CHECK(b.rule(with_key(key)).text == "signed by key 1, whose key is trusted");
  trusted system;
  system.system.keys.push_back(key.shown());
  CHECK(b.rule(system).state == standing::signed_by);
  CHECK(b.rule(with_key(key_with(2))).state == standing::unknown_key);
}

TEST_CASE("a signature that does not hold, or holds for another bundle, is tampering") {
  const secret_key key = key_with(1);
  for (const std::string& sig : {std::string("rubbish"), key.sign("another manifest"), std::string()}) {
    const bundle_on_disk b(kb::bundle_origin::home, &key);
    b.box.write("b/plugin.sig", sig);
    CHECK(b.rule(with_key(key)).state == standing::tampered);
  }
  const bundle_on_disk changed(kb::bundle_origin::home, &key);
  changed.box.write("b/plugin.toml", "id"); // signed, once, but not the manifest of this digest
  changed.box.write("b/plugin.sig", key.sign("id"));
  CHECK(changed.rule(with_key(key)).state == standing::tampered);
}

TEST_CASE("a revocation beats every word in favour") {
  const secret_key key = key_with(1);
  const bundle_on_disk b(kb::bundle_origin::home, &key);
  trusted all = with_key(key);
  all.home.pins = {{"org.example.hip", "1.2.0", b.entry.digest}};
  const std::string_view own[] = {b.entry.digest};
  const revocation of_key{to_text(key.shown()), "", "stolen"}, of_build{"", b.entry.digest, ""};
  trusted by_key = all, by_build = all, by_system = all;
  by_key.home.revoked = {of_key};
  by_build.home.revoked = {of_build};
  by_build.bundled = own;
  by_system.system.revoked = {of_key};
  CHECK(b.rule(all).state == standing::pinned);
  CHECK(b.rule(by_key).state == standing::revoked);
  CHECK(b.rule(by_key).text == "the key that signed org.example.hip 1.2.0 is revoked: stolen");
  CHECK(b.rule(by_build).state == standing::revoked);
  CHECK(b.rule(by_build).hint == "`posterior plugin trust org.example.hip` lifts that");
  CHECK(b.rule(by_system).hint ==
        "the administrator of this system has revoked it; nobody else can lift that");
}

TEST_CASE("with a damaged trust file only the program's own code runs") {
  const secret_key key = key_with(1);
  const bundle_on_disk b(kb::bundle_origin::home, &key), tried(kb::bundle_origin::path_variable);
  trusted known = with_key(key);
  known.home_damaged = true;
  CHECK(b.rule(known).state == standing::unsigned_);
  CHECK(tried.rule(known).state == standing::unsigned_);
  known.home_damaged = false;
  known.system_damaged = true;
  CHECK_FALSE(runs(b.rule(known).state));
}

TEST_CASE("code on POSTERIOR_PLUGIN_PATH runs unpinned if nobody else can change it") {
  const bundle_on_disk b(kb::bundle_origin::path_variable);
  CHECK(b.rule({}).state == standing::unpinned);
  for (const char* open : {"", "/detector.so", "/plugin.toml"}) {
    const bundle_on_disk exposed(kb::bundle_origin::path_variable);
    fs::permissions(exposed.entry.location + open, fs::perms::group_write, fs::perm_options::add);
    const ruling r = exposed.rule({});
    CHECK(r.state == standing::unsigned_);
    CHECK(r.text == "org.example.hip 1.2.0 lies on POSTERIOR_PLUGIN_PATH where others can change it");
  }
  if (::geteuid() == 0) {
    const bundle_on_disk others(kb::bundle_origin::path_variable);
    REQUIRE(::chown((others.entry.location + "/detector.so").c_str(), 12345, 12345) == 0);
    CHECK(others.rule({}).state == standing::unsigned_);
  }
}

TEST_CASE("a trust file reads back as it was written") {
  const trust_file all{
      {key_with(1).shown()},
      {{"org.example.hip", "1.2.0", std::string(64, 'a')}},
      {{to_text(key_with(2).shown()), "", "stolen, \"twice\""}, {"", std::string(64, 'b'), ""}},
      {"org.example.knee"}};
  const tests::folder box;
  real_disk d;
  REQUIRE(write_trust(d, box / "home", all) == 0);
  const trust_reading back = read_trust(d, box / "home");
  CHECK(back.problems.empty());
  CHECK((back.value == all));
  CHECK(back.value.keys[0].name == "key 1");
  CHECK(d.status(trust_path(box / "home"))->mode == 0600);
  CHECK(read_trust(d, box / "elsewhere").problems.empty());
}

TEST_CASE("a trust file that is not understood to its last word counts for nothing and says where") {
  const std::string good =
      to_toml({{key_with(1).shown()}, {{"org.example.hip", "1.2.0", std::string(64, 'a')}}, {}, {}});
  REQUIRE(parse_trust(good, "t").problems.empty());
  const std::vector<std::pair<std::string, std::string>> damages{
      {good.substr(0, good.size() / 2), "cut"},
      {"", "empty"},
      {"schema = \"posterior.trust/2\"\n", "of another schema"},
      {good + "[[pin]]\nplugin = \"org.example.knee\"\n", "a pin without a digest"},
      {good + "[[pin]]\nplugin = \"knee\"\nversion = \"1.0.0\"\ndigest = \"" + std::string(64, 'a') + "\"\n",
       "a bad id"},
      {good + "[[pin]]\nplugin = \"org.example.k\"\nversion = \"1.0.0\"\ndigest = \"" + std::string(63, 'a') +
           "\"\n",
       "a short digest"},
      {good + "[[key]]\nname = \"x\"\npublic = \"AAAA\"\n", "a short key"},
      {good + "[[revoked]]\nreason = \"x\"\n", "a revocation of nothing"},
      {good + "[[revoked]]\nkey = \"x\"\n", "a revocation of no key"},
      {good + "[[revokd]]\nkey = \"x\"\n", "an unknown word"},
      {"schema = \"posterior.trust/1\"\ndisabled = [\"Knee\"]\n", "a bad id to switch off"},
  };
  for (const auto& [text, what] : damages) {
    INFO(what);
    const trust_reading read = parse_trust(text, "t.toml");
    CHECK(has_errors(read.problems));
    CHECK((read.value == trust_file{}));
    CHECK(read.problems.front().where.file == "t.toml");
  }
}

TEST_CASE("a trust file that others can change, or that is no file, counts as damaged") {
  const tests::folder box;
  real_disk d;
  write_trust(d, box.path(), {});
  fs::permissions(box / "trust.toml", fs::perms::others_write, fs::perm_options::add);
  CHECK(has_errors(read_trust(d, box.path()).problems));
  fs::remove(box / "trust.toml");
  fs::create_directory(box / "trust.toml");
  CHECK(has_errors(read_trust(d, box.path()).problems));
  fs::remove(box / "trust.toml");
  fs::create_symlink(box / "elsewhere", box / "trust.toml");
  CHECK(has_errors(read_trust(d, box.path()).problems));
}

TEST_CASE("the system's keys and revocations are read from files that only their owner can change") {
  const tests::folder box;
  real_disk d;
  const public_key key = key_with(1).shown();
  box.write("d/clinic.pub", key_line(key));
  box.write("d/notes.txt", "no key");
  box.write("d/revoked",
            "# of 2026\nkey " + to_text(key_with(2).shown()) + "\n\ndigest " + std::string(64, 'c') + "\n");
  const std::uint32_t me = ::geteuid();
  trust_reading read = read_system_trust(d, box / "d", me);
  CHECK(read.problems.empty());
  CHECK((read.value.keys == std::vector<public_key>{key}));
  REQUIRE(read.value.revoked.size() == 2);
  CHECK(read.value.revoked[1].digest == std::string(64, 'c'));
  CHECK(read_system_trust(d, box / "d", me + 1).value.keys.empty());
  CHECK(read_system_trust(d, box / "none", me).problems.empty());

  fs::permissions(box / "d/clinic.pub", fs::perms::group_write, fs::perm_options::add);
  read = read_system_trust(d, box / "d", me);
  CHECK(read.value.keys.empty());
  REQUIRE(read.problems.size() == 1);
  CHECK(read.problems[0].level == severity::warning);
  box.write("d/revoked", "key x\n");
  CHECK(has_errors(read_system_trust(d, box / "d", me).problems));
}

TEST_CASE("the digests in the program are those of the bundles beside it that have code") {
  kb::real_files files;
  diagnostics problems;
  std::vector<std::string> expected;
  for (const auto& b :
       kb::scan(files, {{POSTERIOR_STAGE "/lib/posterior/plugins", kb::bundle_origin::program}}, problems))
    if (fs::exists(b.location + "/detector.so"))
      expected.push_back(*kb::digest_of(b, kb::plain_hasher(files)));
  std::sort(expected.begin(), expected.end());
  const auto list = bundled_digests();
  CHECK(expected.size() == 5);
  CHECK((std::vector<std::string>(list.begin(), list.end()) == expected));
}
