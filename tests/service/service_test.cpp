#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <map>
#include <type_traits>

#include "engine/service/log.hpp"
#include "engine/service/places.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/routes.hpp"
#include "engine/service/service.hpp"
#include "engine/service/target.hpp"
#include "kb/values/document.hpp"

using namespace posterior;
using namespace posterior::service;

namespace {

class service without_knowledge() {
  return posterior::service::service([] { return std::shared_ptr<const world>(); });
}

} // namespace

TEST_CASE("targets are decoded, and refused if they cannot be") {
  const auto read = parse_target("/v1/why?id=neural%2Dtension%40left&name=a%20b&&flag");
  REQUIRE(read);
  CHECK(read->path == "/v1/why");
  CHECK(*read->find("id") == "neural-tension@left");
  CHECK(*read->find("name") == "a b");
  CHECK(read->find("flag")->empty());
  CHECK(read->find("none") == nullptr);
  CHECK_FALSE(parse_target("/v1/why?id=%4"));
  CHECK_FALSE(parse_target("/v1/why?id=%1B"));
  CHECK_FALSE(parse_target("/v1/why?id=%FF"));
}

TEST_CASE("what is encoded into a target comes back") {
  const std::string text = "a&b=c?d%e/\xC3\xA4 f";
  CHECK(*parse_target(make_target("/x", {{"n", text}, {"empty", ""}}))->find("n") == text);
  CHECK(make_target("/x", {{"empty", ""}}) == "/x");
}

TEST_CASE("problems are written and read back, and printed in one line each") {
  diagnostic d;
  d.code = "case.unit";
  d.where = {"case.toml", 12, 3, ""};
  d.text = "the unit was \"cm\", must be deg";
  d.hint = "angles are given\nin degrees";
  const response given = problems_response(422, 4, {d});
  CHECK(given.exit_code == 4);
  CHECK(problem_lines(read_problems(given.body)) ==
        "posterior: error: case.toml:12:3: the unit was \"cm\", must be deg\n"
        "posterior: hint: angles are given in degrees\n");
  CHECK(read_problems("nonsense").empty());
}

TEST_CASE("a service without knowledge is healthy, not ready, and says so with 11") {
  const auto answers = without_knowledge();
  CHECK(answers.handle({"GET", "/v1/health", "", ""}).status == 200);
  CHECK(answers.handle({"GET", "/v1/version", "text/plain", ""}).body.starts_with("posterior "));
  const response ready = answers.handle({"GET", "/v1/ready", "", ""});
  CHECK(ready.status == 503);
  CHECK(ready.exit_code == 11);
}

TEST_CASE("no request makes the service throw or answer without a status") {
  const auto answers = without_knowledge();
  const std::string target = GENERATE(as<std::string>{}, "", "?", "/", "//", "/v1", "/v1/assess?%",
                                      "/v1/health?x=1", "\xFF", "/v1/kb/show?id=", std::string(10000, '/'));
  for (const char* method : {"GET", "POST", "", "\xFF", "DELETE"}) {
    const response given = answers.handle({method, target, "image/png", "x"});
    CHECK(given.status >= 400);
    CHECK(given.exit_code != 0);
    CHECK_FALSE(read_problems(given.body).empty());
  }
}

TEST_CASE("the list of routes names what each takes") {
  const auto document =
      parse_json(without_knowledge().handle({"GET", "/v1/openapi.json", "", ""}).body, "openapi");
  REQUIRE(document.root);
  const node* paths = document.root->find("paths");
  REQUIRE(paths != nullptr);
  for (const char* path : {"/v1/assess", "/v1/why", "/v1/next", "/v1/whatif", "/v1/sensitivity",
                           "/v1/why-not", "/v1/debug/infer", "/v1/kb/show", "/v1/metrics"})
    CHECK(paths->find(path) != nullptr);
  CHECK(paths->members.size() == routes().size());
  CHECK(paths->find("/v1/assess")->find("post") != nullptr);
}

TEST_CASE("a log entry cannot be made of a diagnostic, a request, a response or any text of run time") {
  CHECK_FALSE(std::is_constructible_v<log_entry, diagnostic>);
  CHECK_FALSE(std::is_constructible_v<log_entry, request>);
  CHECK_FALSE(std::is_constructible_v<log_entry, response>);
  CHECK_FALSE(std::is_constructible_v<log_entry, std::string>);
  CHECK_FALSE(std::is_constructible_v<log_entry, std::string_view>);
  CHECK_FALSE(std::is_constructible_v<log_entry, const char*>);
  CHECK_FALSE(std::is_constructible_v<literal, std::string>);
  CHECK_FALSE(std::is_constructible_v<literal, const char*>);
}

TEST_CASE("what a log entry takes from outside is checked to be what it is called") {
  CHECK(log_entry("x").bundle("plugin", "org.posterior.core").line() == "x plugin=org.posterior.core");
  CHECK(log_entry("x").bundle("plugin", "slump, left: present").line() == "x plugin=?");
  CHECK(log_entry("x").digest("digest", "patient").line() == "x digest=?");
  CHECK(log_entry("x").with("n", 3).with("word", "y").line() == "x n=3 word=y");
}

TEST_CASE("sockets are looked for where the agreement says") {
  const auto variables = [](std::map<std::string, std::string> all) {
    return [all](const char* name) -> std::optional<std::string> {
      const auto it = all.find(name);
      return it == all.end() ? std::nullopt : std::optional(it->second);
    };
  };
  const auto usual = variables({{"HOME", "/home/x"}, {"XDG_RUNTIME_DIR", "/run/user/7"}});
  const places at = find_places(usual, "/opt/p/bin/posterior");
  CHECK(at.home == "/home/x/.local/share/posterior");
  CHECK(at.worker == "/opt/p/libexec/posterior/posterior-worker");
  CHECK(socket_candidates(usual, at) ==
        std::vector<std::filesystem::path>{"/run/posterior/posterior.sock", "/run/user/7/posterior.sock",
                                           "/home/x/.local/share/posterior/posterior.sock"});
  CHECK(socket_candidates(variables({{"POSTERIOR_SOCKET", "/s"}}), at) ==
        std::vector<std::filesystem::path>{"/s"});
}
