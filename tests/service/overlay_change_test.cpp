// What the clinic says is written as a whole or not at all, and only if it then counts.
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "engine/service/local/knowledge_source.hpp"
#include "engine/service/local/overlay_changes.hpp"
#include "kb/values/date.hpp"
#include "tests/trust/broken_disk.hpp"
#include "tests/trust/folder.hpp"

using namespace posterior;
using namespace posterior::service;
using Catch::Matchers::ContainsSubstring;
using tests::broken_disk;

namespace {

namespace fs = std::filesystem;

const std::string tilt = "link.hip-flexor-short.forward-tilt";

// A prefix with the core of the tests, and a home.
struct clinic {
  tests::folder box;
  places at;

  clinic() {
    fs::create_directories(box / "lib/posterior/plugins");
    fs::copy(fs::path(POSTERIOR_SOURCE_DIR) / "tests/kb/base/core", box / "lib/posterior/plugins/core",
             fs::copy_options::recursive);
    at.variables = [](const char*) { return std::nullopt; };
    at.home = box / "home";
    at.prefix = box.path();
  }

  std::string file() const { return (at.home / "overlay.toml").string(); }
  std::string text() const { return fs::exists(file()) ? tests::contents(file()) : ""; }
  void write(const std::string& bytes) const {
    fs::create_directories(at.home);
    box.write("home/overlay.toml", bytes);
  }
  clinic_outcome change(clinic_request asked, trust::disk* disk = nullptr, int wait_ms = 10000) const {
    if (asked.by.empty())
      asked.by = "A. Smith";
    if (asked.reason.empty())
      asked.reason = "our audit";
    return change_overlay({at, false, wait_ms, disk}, asked);
  }
  std::shared_ptr<const kb::snapshot> knowledge() const {
    kb::real_files files;
    return open_in_memory(files, at, false).knowledge;
  }
  void pack(const std::string& statements) const {
    fs::create_directories(at.home / "plugins");
    box.write("home/plugins/a.pack.toml",
              "schema = \"posterior.pack/1\"\n[plugin]\nid = \"com.a.pack\"\nversion = \"1.0.0\"\nname = "
              "\"a\"\nsummary = \"A pack.\"\nvendor = \"V\"\nlicense = \"MIT\"\nprefix = \"a\"\n" +
                  statements);
  }
};

clinic_request override_of(const std::string& id, const std::string& fields) {
  clinic_request out;
  out.id = id;
  out.fields = fields;
  return out;
}

clinic_request act(clinic_act what, const std::string& id) {
  clinic_request out;
  out.what = what;
  out.id = id;
  return out;
}

std::string today(int days = 0) {
  return format_date(kb::real_files().now_ns() / 86'400'000'000'000 + days);
}

clinic_request suspend_until(const std::string& rule, const std::string& until) {
  clinic_request out = act(clinic_act::suspend, rule);
  out.until = until;
  return out;
}

const kb::link* link_in(const kb::snapshot& k) {
  for (const kb::link& l : k.all.links)
    if (l.id() == tilt)
      return &l;
  return nullptr;
}

std::string first(const clinic_outcome& o) {
  return o.problems.empty() ? "" : o.problems.front().text + " | " + o.problems.front().hint;
}

} // namespace

TEST_CASE("an override says what it replaced, counts at once, and is taken back to the byte") {
  const clinic here;
  here.write("# by hand\nschema = \"posterior.overlay/1\"\n");
  const std::string before = here.text();
  const auto done = here.change(override_of(tilt, "p = [0.6, 0.5, 0.7]"));
  INFO(first(done));
  REQUIRE(done.how == change_verdict::done);
  CHECK(done.change == "overridden");
  CHECK(done.kind == "link");
  REQUIRE(done.fields.size() == 1);
  CHECK(done.fields[0].field == "p");
  CHECK(done.fields[0].before == "[0.3,0.1,0.5]");
  CHECK(done.fields[0].now == "[0.6,0.5,0.7]");
  CHECK(link_in(*here.knowledge())->p.mean == 0.6);
  CHECK_THAT(here.text(), ContainsSubstring("was = { p = \"[0.3,0.1,0.5]\" }"));
  CHECK_THAT(here.text(), ContainsSubstring("by = \"A. Smith\"\nwhen = \"" + today() + "\""));
  CHECK(here.text().starts_with(before));
  const auto again = here.change(act(clinic_act::reset, tilt));
  CHECK(again.how == change_verdict::done);
  CHECK(here.text() == before);
  CHECK(link_in(*here.knowledge())->p.mean == 0.3);
}

TEST_CASE("a second override of a field takes the first one's place, and keeps its other fields") {
  const clinic here;
  REQUIRE(here.change(override_of(tilt, "p = [0.6, 0.5, 0.7]\nbecause = \"So it is.\"")).how ==
          change_verdict::done);
  const auto second = here.change(override_of(tilt, "p = \"often\""));
  INFO(first(second));
  REQUIRE(second.how == change_verdict::done);
  CHECK(second.fields.at(0).before == "[0.3,0.1,0.5]"); // the bundle's, not ours of before
  const auto k = here.knowledge();
  CHECK(link_in(*k)->p.word == "often");
  CHECK(link_in(*k)->because == "So it is.");
  auto one = act(clinic_act::reset, tilt);
  one.field = "because";
  REQUIRE(here.change(one).how == change_verdict::done);
  CHECK(link_in(*here.knowledge())->because == "It pulls the pelvis.");
  CHECK(link_in(*here.knowledge())->p.word == "often");
}

TEST_CASE("what would have no effect is refused with its reason, and nothing is written") {
  const clinic here;
  const auto refused = [&](const clinic_request& asked, change_verdict how, const std::string& words) {
    const auto o = here.change(asked);
    INFO(first(o));
    CHECK(o.how == how);
    CHECK_THAT(first(o), ContainsSubstring(words));
    CHECK(here.text().empty());
  };
  refused(override_of("link.hip-flexor-short.forward-tlt", "p = [0.6, 0.5, 0.7]"), change_verdict::unknown,
          "did you mean \"link.hip-flexor-short.forward-tilt\"?");
  refused(override_of(tilt, "p = [0.6, 0.7, 0.8]"), change_verdict::refused, "must be");
  refused(override_of(tilt, "probability = 0.3"), change_verdict::refused, "probability");
  refused(override_of(tilt, "p = "), change_verdict::refused, "");
  refused(override_of(tilt, "p = inf"), change_verdict::refused, "");
  refused(override_of("rf-cauda-equina", "urgency = \"prompt\""), change_verdict::refused, "");
  refused(override_of("rf-cauda-equina", "closes = \"nothing\""), change_verdict::refused, "");
  refused(act(clinic_act::disable, "rf-cauda-equina"), change_verdict::refused, "");
  refused(act(clinic_act::disable, "red-bladder"), change_verdict::refused, "");
  refused(act(clinic_act::disable, "no-such-thing"), change_verdict::unknown, "no-such-thing");
  refused(act(clinic_act::reset, tilt), change_verdict::unknown, "nothing");
  clinic_request judged = act(clinic_act::review, tilt);
  judged.verdict = "accept";
  refused(judged, change_verdict::unknown, "active already");
  auto long_name = override_of(tilt, "p = \"often\"");
  long_name.by = "A.\nSmith";
  refused(long_name, change_verdict::refused, "of several lines");
}

TEST_CASE("a statement is taken out and comes back") {
  const clinic here;
  REQUIRE(here.change(act(clinic_act::disable, tilt)).how == change_verdict::done);
  CHECK(link_in(*here.knowledge()) == nullptr);
  CHECK(here.knowledge()->find_withdrawal(tilt) != nullptr);
  CHECK(here.change(act(clinic_act::disable, tilt)).how != change_verdict::done);
  REQUIRE(here.change(act(clinic_act::reset, tilt)).how == change_verdict::done);
  CHECK(link_in(*here.knowledge()) != nullptr);
}

TEST_CASE(
    "a rule is suspended for ninety days at most, from today on, and again in the place of the first time") {
  const clinic here;
  for (const std::string& until : {today(91), today(-1), std::string("2026-02-30"), std::string("soon")}) {
    const auto o = here.change(suspend_until("rf-cauda-equina", until));
    CHECK(o.how == change_verdict::refused);
    CHECK_THAT(first(o), ContainsSubstring("must be a date from " + today() + " to " + today(90)));
  }
  CHECK(here.change(suspend_until("rf-none", today(5))).how == change_verdict::unknown);
  REQUIRE(here.change(suspend_until("rf-cauda-equina", today(5))).how == change_verdict::done);
  REQUIRE(here.change(suspend_until("rf-cauda-equina", today(90))).how == change_verdict::done);
  const auto k = here.knowledge();
  REQUIRE(k->all.suspensions.size() == 1);
  CHECK(k->all.suspensions[0].until == today(90));
  REQUIRE(here.change(act(clinic_act::reset, "rf-cauda-equina")).how == change_verdict::done);
  CHECK(here.knowledge()->all.suspensions.empty());
}

TEST_CASE("a draft needs two people before it reasons, and one to be rejected") {
  const clinic here;
  here.pack(
      "[[link]]\nfrom = \"long-sitting\"\nto = \"forward-tilt\"\np = \"often\"\nbecause = \"It does.\"\n"
      "judgement = \"Ours.\"\nreview = \"draft\"\n");
  const std::string id = "link.long-sitting.forward-tilt";
  REQUIRE(here.knowledge()->find_draft(id) != nullptr);
  const auto judge = [&](const std::string& verdict, const std::string& by) {
    clinic_request asked = act(clinic_act::review, id);
    asked.verdict = verdict;
    asked.by = by;
    return here.change(asked);
  };
  const auto one = judge("accept", "A. Smith");
  INFO(first(one));
  CHECK(one.change == "reviewed");
  CHECK(one.status == "reviewed");
  const auto same = judge("accept", "A. Smith");
  CHECK(same.how == change_verdict::refused);
  const auto two = judge("accept", "B. Jones");
  INFO(first(two));
  CHECK(two.change == "accepted");
  CHECK(two.status == "active");
  CHECK(here.knowledge()->find_draft(id) == nullptr);
  CHECK(judge("accept", "C. Brown").how == change_verdict::unknown);
  REQUIRE(here.change(act(clinic_act::reset, id)).how == change_verdict::done);
  REQUIRE(here.knowledge()->find_draft(id) != nullptr);
  CHECK(judge("reject", "A. Smith").change == "rejected");
  CHECK(here.knowledge()->find_draft(id)->status == kb::review_status::retired);
}

TEST_CASE("a change whose n-th step fails leaves the old file or the new one, never half of it") {
  int failed = 0, steps = 0;
  for (int step = 1; step < 200; ++step) {
    const clinic here;
    REQUIRE(here.change(override_of(tilt, "p = [0.6, 0.5, 0.7]")).how == change_verdict::done);
    const std::string before = here.text();
    broken_disk d;
    d.fail_at(step, ENOSPC);
    const auto o =
        here.change(act(clinic_act::disable, "indication.hip-flexor-stretch.hip-flexor-short"), &d);
    if (!d.reached())
      break;
    steps = step;
    INFO(step << ' ' << d.what() << ' ' << first(o));
    const bool written = here.text() != before;
    failed += o.how != change_verdict::done;
    if (o.how == change_verdict::done)
      CHECK(written);
    if (o.how != change_verdict::done)
      CHECK_FALSE(first(o).empty());
    CHECK(here.text().starts_with(before));
    const auto k = here.knowledge();
    REQUIRE(k);
    CHECK(link_in(*k)->p.mean == 0.6);
    CHECK((k->find_withdrawal("indication.hip-flexor-stretch.hip-flexor-short") != nullptr) == written);
    if (o.how != change_verdict::done && !written)
      CHECK(here.change(act(clinic_act::disable, "indication.hip-flexor-stretch.hip-flexor-short")).how ==
            change_verdict::done);
  }
  CHECK(steps > 4);
  CHECK(failed > 3);
}

TEST_CASE("two changes at once wait for each other, and one that waits too long says so") {
  const clinic here;
  fs::create_directories(here.at.home);
  trust::real_disk d;
  const auto held = d.wait_for_lock((here.at.home / "overlay.lock").string(), 0);
  REQUIRE(held.held);
  const auto o = here.change(override_of(tilt, "p = \"often\""), nullptr, 50);
  CHECK(o.how == change_verdict::busy);
  CHECK_THAT(first(o), ContainsSubstring("held by another change"));
}

TEST_CASE("nothing is added to a file that is not understood") {
  const clinic here;
  here.write("schema = \"posterior.overlay/1\"\n[[override]\n");
  const std::string before = here.text();
  const auto o = here.change(override_of(tilt, "p = \"often\""));
  CHECK(o.how == change_verdict::refused);
  CHECK_THAT(first(o), ContainsSubstring("mend it first"));
  CHECK(here.text() == before);
}

TEST_CASE(
    "an entry in another file, or written by hand in several lines, is left to the hand that wrote it") {
  const clinic here;
  fs::create_directories(here.at.home / "overlay");
  here.box.write(
      "home/overlay/more.toml",
      "schema = \"posterior.overlay/1\"\n[[override]]\nstatement = \"" + tilt +
          "\"\nset = { p = [0.6, 0.5, 0.7] }\nby = \"A\"\nwhen = \"2026-11-02\"\nreason = \"r\"\n");
  const auto o = here.change(act(clinic_act::reset, tilt));
  CHECK(o.how == change_verdict::refused);
  CHECK_THAT(first(o), ContainsSubstring("more.toml:2"));
}
