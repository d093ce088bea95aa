// The clinic's overlay beside a store: revisions, replays, days, and files that cannot be read.
#include <algorithm>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kb/canonical.hpp"
#include "kb/store.hpp"
#include "tests/kb/sandbox.hpp"

using Catch::Matchers::ContainsSubstring;

namespace posterior::kb {
namespace {

// The real files at another time.
class files_at final : public file_system {
public:
  explicit files_at(std::int64_t days_from_now)
      : shift_(days_from_now * day_ns) {}
  file_result<file_info> status(const std::string& path) override { return real_.status(path); }
  file_result<std::string> read(const std::string& path, std::uint64_t limit) override {
    return real_.read(path, limit);
  }
  file_result<std::vector<std::string>> list(const std::string& folder) override {
    return real_.list(folder);
  }
  file_result<std::string> resolve(const std::string& path) override { return real_.resolve(path); }
  int write(const std::string& path, std::string_view bytes, std::uint32_t mode) override {
    return real_.write(path, bytes, mode);
  }
  int make_folder(const std::string& path, std::uint32_t mode) override {
    return real_.make_folder(path, mode);
  }
  int remove(const std::string& path) override { return real_.remove(path); }
  std::int64_t now_ns() override { return real_.now_ns() + shift_; }

private:
  real_files real_;
  std::int64_t shift_;
};

store reading(const sandbox& box) {
  store_result result;
  auto kept = store::open(box.database(), store::access::read, 1000, result);
  INFO(result.text);
  REQUIRE(kept);
  return std::move(*kept);
}

std::string texts(const snapshot& s) {
  std::string out;
  for (const canonical_line& l : canonical_lines(s.all, s.words))
    out += l.text + "\n";
  for (const dormant& d : s.asleep)
    out += d.statement + " " + d.missing + " " + d.plugin + "\n";
  return out;
}

std::string told(const overlay_document& d) {
  std::string out;
  for (const diagnostic& p : d.problems)
    out += to_string(p) + "\n";
  return out;
}

const std::string draft_link =
    "[[link]]\nfrom = \"long-sitting\"\nto = \"forward-tilt\"\np = [0.2, 0.1, 0.3]\nbecause "
    "= \"B.\"\nclaims = [\"c1\"]\nreview = \"draft\"\n";

} // namespace

TEST_CASE("an overlay makes a revision, and every revision replays with what it did") {
  const sandbox box;
  std::vector<std::shared_ptr<const snapshot>> made{box.open().knowledge};
  box.add_pack("a", own_state + draft_link);
  box.write_overlay(box.overriding("a:s", "leak = 'often'") + box.disabling("thomas") +
                    box.suspending("rf-cauda-equina"));
  const auto second = box.open();
  INFO(told(second.overlay));
  CHECK(second.overlay.problems.empty());
  made.push_back(second.knowledge);
  fs::remove(box.home() + "/plugins/a.pack.toml");
  made.push_back(box.open().knowledge);
  fs::remove(box.home() + "/overlay.toml");
  made.push_back(box.open().knowledge);
  box.write_overlay("[[disable]]\nstatement = \"thomas\"\n");
  made.push_back(box.open().knowledge);
  store kept = reading(box);
  for (std::size_t i = 0; i < made.size(); ++i) {
    REQUIRE(made[i]);
    CHECK(made[i]->revision == static_cast<std::int64_t>(i) + 1);
    store_result result;
    const auto again = kept.read(made[i]->revision, result);
    INFO(result.text);
    REQUIRE(again);
    CHECK(texts(again->content) == texts(*made[i]));
  }
  CHECK(made[1]->changes_of("a:s").size() == 1);
  CHECK(made[1]->find_withdrawal("thomas"));
  CHECK(made[1]->find_suspension("rf-cauda-equina"));
  CHECK(made[1]->find_draft("link.long-sitting.forward-tilt"));
  CHECK_FALSE(made[2]->find_draft("link.long-sitting.forward-tilt"));
  CHECK(made[3]->digest == made[0]->digest);
  store_result result;
  const auto verdict = kept.verify(result);
  for (const store_fault& f : verdict.faults)
    UNSCOPED_INFO(f.text);
  CHECK(verdict.faults.empty());
}

TEST_CASE("nothing is imported while the overlay stays as it is") {
  const sandbox box;
  box.write_overlay(box.overriding("forward-tilt", "leak = 'often'") +
                    box.overriding("nowhere", "leak = 'often'"));
  const auto first = box.open(), second = box.open();
  CHECK(first.knowledge->revision == 1);
  CHECK(second.knowledge->revision == 1);
  // What the merge found is known without merging again, with whole paths.
  CHECK(told(second.overlay) == told(first.overlay));
  CHECK_THAT(told(second.overlay),
             ContainsSubstring(box.home() + "/overlay.toml:8:1: no statement in force"));
  CHECK(second.overlay.entries[1].standing == overlay_standing::asleep);
  CHECK(second.overlay.entries[0].where.file == box.home() + "/overlay.toml");
  REQUIRE_FALSE(second.notes.empty());
  CHECK_THAT(second.notes.back(),
             ContainsSubstring("the clinic's overlay: " + box.home() + "/overlay.toml:8:1"));
}

TEST_CASE("what the overlay ended says so in the history") {
  const sandbox box;
  box.open();
  box.write_overlay(box.overriding("forward-tilt", "leak = 'often'") + box.disabling("thomas"));
  box.open();
  store kept = reading(box);
  store_result result;
  const auto of = [&](const std::string& id) {
    for (const revision_change& r : kept.log(id, 0, result))
      for (const statement_event& e : r.events)
        if (!e.why.empty())
          return e.why + " by " + e.by;
    return std::string();
  };
  CHECK(of("thomas") == "withdrawn by clinic.overlay");
  CHECK(of("forward-tilt") == "changed by clinic.overlay");
  CHECK(of("observes.thomas.hip-flexor-short") == "asleep by ");
}

TEST_CASE("a suspension is over the day after its last, and that is another revision") {
  const sandbox box;
  box.write_overlay(box.suspending("rf-cauda-equina", 3));
  const auto now = box.open();
  REQUIRE(now.valid_until_day);
  CHECK(*now.valid_until_day == real_files().now_ns() / day_ns + 3);
  files_at last(3), after(4);
  const auto still = kb::open(last, box.options);
  CHECK(still.knowledge->revision == 1);
  CHECK(still.valid_until_day == now.valid_until_day);
  const auto over = kb::open(after, box.options);
  CHECK(over.knowledge->revision == 2);
  CHECK_FALSE(over.knowledge->find_suspension("rf-cauda-equina"));
  CHECK_FALSE(over.valid_until_day);
  CHECK_THAT(told(over.overlay), ContainsSubstring("is in force again"));
  CHECK(kb::open(after, box.options).knowledge->revision == 2);
}

TEST_CASE("the overlay outlives the plugin that it speaks about, and wakes when that returns") {
  const sandbox box;
  box.add_pack("a", own_state);
  box.write_overlay(box.overriding("a:s", "leak = [0.4, 0.3, 0.5]"));
  CHECK(box.open().knowledge->find_state("a:s")->leak.mean == 0.4);
  fs::remove(box.home() + "/plugins/a.pack.toml");
  const auto gone = box.open();
  CHECK_FALSE(gone.knowledge->find_state("a:s"));
  CHECK(gone.overlay.entries[0].standing == overlay_standing::asleep);
  std::string upgraded = own_state;
  upgraded.replace(upgraded.find("name = \"S\""), 10, "name = \"T\"");
  box.add_pack("a", upgraded);
  const auto back = box.open();
  CHECK(back.knowledge->find_state("a:s")->leak.mean == 0.4);
  CHECK(back.knowledge->find_state("a:s")->name == "T");
  CHECK(back.overlay.problems.empty());
}

TEST_CASE("an overlay that is no TOML counts for nothing, and the revision says so") {
  const sandbox box;
  const std::string digest = box.open().knowledge->digest;
  box.write_overlay("[[suspend]\nrule = \"rf-cauda-equina\"\n" + box.suspending("rf-cauda-equina"));
  const auto broken = box.open();
  REQUIRE(broken.knowledge);
  CHECK(broken.knowledge->digest == digest);
  CHECK(broken.knowledge->all.suspensions.empty());
  REQUIRE(broken.overlay.problems.size() == 1);
  CHECK(broken.overlay.problems[0].code == "toml.syntax");
  CHECK(broken.overlay.problems[0].where.file == box.home() + "/overlay.toml");
  CHECK(std::any_of(broken.knowledge->asleep.begin(), broken.knowledge->asleep.end(), [](const dormant& d) {
    return d.plugin == overlay_id && d.statement.starts_with("overlay.toml:");
  }));
}

TEST_CASE("further files of the overlay are read in the order of their names, and one that cannot be read is "
          "named") {
  const sandbox box;
  box.write_overlay(box.overriding("forward-tilt", "leak = 'often'"));
  box.write(box.home() + "/overlay/b.toml",
            "schema = \"posterior.overlay/1\"\n" + box.overriding("hip-flexor-short", "pair = 0.5"));
  box.write(box.home() + "/overlay/a.toml", "schema = \"posterior.overlay/1\"\n" + box.disabling("thomas"));
  box.write(box.home() + "/overlay/notes.txt", "not read");
  const auto all = box.open();
  REQUIRE(all.overlay.entries.size() == 3);
  CHECK(all.overlay.entries[1].where.file == box.home() + "/overlay/a.toml");
  CHECK(all.knowledge->find_state("hip-flexor-short")->pair == 0.5);
  fs::create_symlink(box.home() + "/overlay.toml", box.home() + "/overlay/c.toml");
  const auto linked = box.open();
  CHECK(linked.overlay.entries.size() == 3);
  CHECK_THAT(told(linked.overlay), ContainsSubstring("/overlay/c.toml: the clinic's overlay was"));
}

TEST_CASE("with drafts nothing is stored and they reason") {
  sandbox box;
  box.add_pack("a", own_state + draft_link);
  CHECK(box.open().knowledge->revision == 1);
  box.options.with_drafts = true;
  const auto all = box.open();
  CHECK(all.knowledge->revision == 0);
  CHECK(all.knowledge->links_from("long-sitting").size() == 2);
  CHECK(all.knowledge->find_draft("link.long-sitting.forward-tilt"));
  box.options.with_drafts = false;
  CHECK(box.open().knowledge->revision == 1);
}

TEST_CASE("a file that an earlier program wrote without the later views holds together and gets them") {
  const sandbox box;
  box.open();
  box.sql("DROP VIEW v_changes");
  store_result result;
  CHECK(reading(box).verify(result).faults.empty());
  box.write_overlay(box.disabling("thomas"));
  CHECK(box.open().knowledge->revision == 2);
  box.sql("SELECT * FROM v_changes");
  CHECK(reading(box).verify(result).faults.empty());
  box.sql("DROP VIEW v_links");
  CHECK(reading(box).verify(result).faults.size() == 1);
}

} // namespace posterior::kb
