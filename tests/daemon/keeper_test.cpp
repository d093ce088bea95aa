// A daemon that runs for weeks: a suspension ends with its last day, whether or not anybody reloads.
#include <catch2/catch_test_macros.hpp>

#include "engine/daemon/keeper.hpp"

using namespace posterior;

namespace {

std::shared_ptr<const service::world> world_until(std::int64_t day, std::int64_t revision) {
  kb::snapshot k;
  k.revision = revision;
  if (day > 0)
    k.all.suspensions = {{"rf-a", "1970-01-11", "A. Smith", "1970-01-01", "audit", {}},
                         {"rf-b", "1970-02-01", "A. Smith", "1970-01-01", "audit", {}}};
  service::world w;
  w.knowledge = kb::index(std::move(k));
  if (day > 0)
    w.valid_until_day = day;
  return std::make_shared<const service::world>(std::move(w));
}

} // namespace

TEST_CASE("the day after a suspension ends the knowledge is opened anew by whoever asks first, and once") {
  std::int64_t today = 10;
  int opened = 0;
  daemon::keeper keeper(
      [&] {
        ++opened;
        return service::opened_world{world_until(today > 10 ? 0 : 10, opened), {}, {}};
      },
      service::no_log(), [&] { return today; });
  REQUIRE(keeper.load().loaded);
  CHECK(keeper.current()->knowledge->find_suspension("rf-a") != nullptr); // on the last day itself
  CHECK(opened == 1);
  today = 11;
  CHECK(keeper.current()->knowledge->find_suspension("rf-a") == nullptr);
  CHECK(keeper.current()->knowledge->revision == 2);
  CHECK(opened == 2);
}

TEST_CASE("a suspension is over also where opening anew fails, and that is tried again the day after") {
  std::int64_t today = 10;
  int opened = 0;
  daemon::keeper keeper(
      [&] {
        ++opened;
        return opened == 1 ? service::opened_world{world_until(10, 1), {}, {}} : service::opened_world{};
      },
      service::no_log(), [&] { return today; });
  REQUIRE(keeper.load().loaded);
  today = 11;
  const auto now = keeper.current();
  REQUIRE(now);
  CHECK(now->knowledge->find_suspension("rf-a") == nullptr);
  CHECK(now->knowledge->find_suspension("rf-b") != nullptr);
  CHECK(now->knowledge->revision == 0);
  CHECK(opened == 2);
  CHECK(keeper.current() == now);
  CHECK(opened == 2);
  today = 12;
  CHECK(keeper.current()->knowledge->find_suspension("rf-b") != nullptr);
  CHECK(opened == 3);
}

TEST_CASE("the world with drafts is opened when somebody asks, and anew only after a load") {
  int drafts = 0;
  daemon::keeper keeper(
      [] {
        return service::opened_world{world_until(0, 1), {}, {}};
      },
      service::no_log(), {},
      [&] {
        ++drafts;
        return service::opened_world{world_until(0, 0), {}, {}};
      });
  REQUIRE(keeper.load().loaded);
  CHECK(drafts == 0);
  const auto first = keeper.with_drafts();
  CHECK(keeper.with_drafts() == first);
  CHECK(drafts == 1);
  REQUIRE(keeper.load().loaded);
  keeper.with_drafts();
  CHECK(drafts == 2);
}
