#include <catch2/catch_test_macros.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include "engine/daemon/options.hpp"
#include "engine/daemon/rights.hpp"
#include "engine/daemon/routes.hpp"
#include "engine/service/routes.hpp"

using namespace posterior::daemon;

TEST_CASE("who may do what follows from user and groups") {
  const door at{100, 50, gid_t{60}, true};
  CHECK(rights_of({0, {}}, at) == rights::administer);
  CHECK(rights_of({100, {}}, at) == rights::administer);
  CHECK(rights_of({7, {7, 60}}, at) == rights::administer);
  CHECK(rights_of({7, {7, 50}}, at) == rights::ask);
  CHECK(rights_of({7, {7}}, at) == rights::none);
  CHECK(rights_of({7, {7, 50}}, {100, 50, {}, false}) == rights::none);
}

TEST_CASE("the kernel says who is at the other end") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  const auto who = peer_of(ends[0]);
  REQUIRE(who);
  CHECK(who->user == ::geteuid());
  CHECK(who->groups.front() == ::getegid());
  ::close(ends[0]);
  ::close(ends[1]);
  CHECK_FALSE(peer_of(-1));
}

TEST_CASE("the daemon's options are read with and without an equals sign") {
  const auto good = read_options({"--socket=/a", "--group", "clinic", "--log-level=debug"});
  CHECK_FALSE(good.mistake);
  CHECK(good.socket == "/a");
  CHECK(good.group == "clinic");
  CHECK(good.level == posterior::service::log_level::debug);
  CHECK(read_options({"--socket"}).mistake);
  CHECK(read_options({"--log-level", "loud"}).mistake);
}

TEST_CASE("only administrators may ask for what changes plugins, and only they send long bodies") {
  using namespace posterior;
  int changed = 0;
  const service::service answers([] { return std::shared_ptr<const service::world>(); }, {},
                                 [&](const service::change_request&) {
                                   ++changed;
                                   return service::change_outcome{};
                                 });
  keeper knowledge([] { return service::opened_world{}; }, service::no_log());
  const handler handle = with_rights(answers, knowledge, [] {});
  int routes = 0;
  for (const service::route& r : service::routes()) {
    if (!r.changes)
      continue;
    ++routes;
    const service::request asked{"POST", std::string(r.path) + "?id=org.example.hip", "", "body"};
    CHECK(handle(asked, rights::none).status == 403);
    CHECK(handle(asked, rights::ask).status == 403);
    CHECK(changed == 0);
    CHECK(service::body_limit_of(r.path) == (r.path == "/v1/plugins/install" ? service::install_bytes_limit
                                             : r.path == "/v1/kb/import"     ? service::import_bytes_limit
                                                                             : service::body_bytes_limit));
  }
  CHECK(routes >= 6);
  CHECK(handle({"GET", "/v1/backup", "", ""}, rights::ask).status == 403);
  CHECK(handle({"GET", "/v1/backup", "", ""}, rights::administer).status == 503); // here is no home
  CHECK(handle({"POST", "/v1/plugins/remove?id=org.example.hip", "", ""}, rights::administer).status == 500);
  CHECK(changed == 1);
  CHECK(handle({"GET", "/v1/plugins/remove?id=org.example.hip", "", ""}, rights::administer).status == 405);
  CHECK(changed == 1);
}
