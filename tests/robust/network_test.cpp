// Networks for `debug infer` that are none, or that are meant to hurt: one answer, no crash, in time.
#include <catch2/catch_test_macros.hpp>

#include <random>

#include "tests/staged/program.hpp"

using namespace posterior;
using staged::finished;

namespace {

const std::string whole =
    R"({"nodes":[{"id":"c","leak":0.1},{"id":"f","leak":0.05},{"id":"t"},{"id":"g"}],)"
    R"("links":[{"from":"c","to":"f","probability":0.8}],)"
    R"("pairs":[{"a":"c","b":"f","probability":0.01}],)"
    R"("tables":[{"node":"t","parents":["c","f"],"present":[0,0.1,0.2,1]}],)"
    R"("graded":[{"node":"g","leak":[0.9,0.1],"links":[{"from":"t","probabilities":[0.5,0.5]}]}],)"
    R"("evidence":[{"node":"f","likelihood":[0.1,0.9]},{"node":"g","grade":1}]})";

finished infer(const std::string& bytes) {
  static const staged::folder box;
  return staged::run({(staged::stage / "bin/posterior").string(), "debug", "infer", "--local", "--json", "-"},
                     {box / "home", {}, {}, {}}, bytes);
}

// An answer, or problems; both as JSON, and never a crash.
void answered(const finished& done) {
  INFO(done.error.substr(0, 500));
  CHECK((done.exit_code == 0 || done.exit_code == 1 || done.exit_code == 3));
  CHECK(done.out.starts_with("{\n  \"schema\": \"posterior."));
  CHECK(done.out.find("nan") == std::string::npos);
  CHECK(done.out.find("inf\n") == std::string::npos);
}

} // namespace

TEST_CASE("the network that the others are broken from is whole") {
  CHECK(infer(whole).exit_code == 0);
}

TEST_CASE("a network cut off anywhere is refused") {
  for (std::size_t length = 0; length < whole.size(); length += 11) {
    const finished done = infer(whole.substr(0, length));
    answered(done);
    CHECK(done.exit_code == 1);
  }
}

TEST_CASE("a network with changed bytes is answered or refused") {
  std::mt19937 next(11);
  for (int round = 0; round < 150; ++round) {
    std::string bytes = whole;
    for (int k = 0; k < 2; ++k)
      bytes[next() % bytes.size()] = static_cast<char>(" 0179.-e\"[]{},:cfgtx\xFF"[next() % 21]);
    answered(infer(bytes));
  }
}

TEST_CASE("numbers at the ends of what a double can hold are no trouble") {
  const std::string numbers[] = {"1e-320", "4.9e-324", "0.9999999999999999", "1", "0", "1e-17", "-0.0"};
  for (const std::string& leak : numbers)
    for (const std::string& link : numbers)
      answered(infer(R"({"nodes":[{"id":"c","leak":)" + leak + R"(},{"id":"d","leak":)" + leak +
                     R"(},{"id":"f","leak":0}],"links":[{"from":"c","to":"f","probability":)" + link +
                     R"(},{"from":"d","to":"f","probability":)" + link +
                     R"(}],"evidence":[{"node":"f","likelihood":[0,)" + leak + "]}]}"));
  for (const char* bad : {"1e999", "-1e-5", "NaN", "1.0000001", "\"1\"", "true", "null"}) {
    const finished done = infer(std::string(R"({"nodes":[{"id":"c","leak":)") + bad + "}]}");
    answered(done);
    CHECK(done.exit_code == 1);
  }
}

TEST_CASE("deep nesting, one long list and one long chain are read in time") {
  answered(infer(std::string(100'000, '[')));
  answered(infer("{\"nodes\":" + std::string(100'000, '[')));
  std::string nodes = "{\"nodes\":[{\"id\":\"n0\",\"leak\":0.5}", links = "],\"links\":[";
  for (int i = 1; i < 20'000; ++i) {
    const std::string n = std::to_string(i), before = std::to_string(i - 1);
    nodes += ",{\"id\":\"n" + n + "\",\"leak\":0}";
    links += std::string(i == 1 ? "" : ",") + "{\"from\":\"n" + before + "\",\"to\":\"n" + n +
             "\",\"probability\":1}";
  }
  const finished chain =
      infer(nodes + links + "],\"evidence\":[{\"node\":\"n19999\",\"likelihood\":[0.25,1]}]}");
  CHECK(chain.exit_code == 0);
  CHECK(chain.out.find("\"n0\": 0.8,") != std::string::npos);
}
