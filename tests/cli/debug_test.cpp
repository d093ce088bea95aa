// The debug commands as a user runs them.
#include <catch2/catch_test_macros.hpp>

#include <cmath>

#include "kb/values/document.hpp"
#include "tests/cli/program.hpp"

using namespace posterior;
using tests::installation;

namespace {

const std::string small = R"({"nodes": [{"id": "c", "leak": 0.1}, {"id": "f", "leak": 0}],
  "links": [{"from": "c", "to": "f", "probability": 0.5}], "evidence": [{"node": "f", "likelihood": [0, 1]}]})";

// `nodes` roots, and as many leaves with two parents each.
std::string long_network(int nodes) {
  std::string list, links;
  for (int i = 0; i < nodes; ++i) {
    const std::string n = std::to_string(i), next = std::to_string((i + 1) % nodes),
                      comma = i == 0 ? "" : ", ";
    list += comma + "{\"id\": \"root-" + n + "\", \"leak\": 0.5}, {\"id\": \"leaf-" + n + "\", \"leak\": 0}";
    links += comma + "{\"from\": \"root-" + n + "\", \"to\": \"leaf-" + n + "\", \"probability\": 0.5}, " +
             "{\"from\": \"root-" + next + "\", \"to\": \"leaf-" + n + "\", \"probability\": 0.5}";
  }
  return "{\"nodes\": [" + list + "], \"links\": [" + links + "], \"evidence\": [{\"node\": \"leaf-0\", " +
         "\"likelihood\": [0, 1]}]}";
}

double posterior_of(const std::string& json, const std::string& id) {
  const parsed read = parse_json(json, "out");
  const node* all = read.root ? read.root->find("posteriors") : nullptr;
  const node* one = all == nullptr ? nullptr : all->find(id);
  return one == nullptr ? -1 : one->number;
}

} // namespace

TEST_CASE("debug infer needs no knowledge base, reads files and standard input") {
  const installation here;
  std::filesystem::remove_all(here.plugins());
  const std::string file = here.write("network.json", small).string();
  const auto from_file = here.run({"debug", "infer", file, "--json"});
  const auto from_input = here.run({"debug", "infer", "-", "--json"}, small);
  CHECK(from_file.exit_code == 0);
  CHECK(from_file.error.empty());
  CHECK(posterior_of(from_file.out, "c") == 1);
  CHECK(posterior_of(from_input.out, "c") == 1);
  CHECK(here.run({"debug", "infer", file}).out.find("log10 P(evidence): -1.30103\n") == 0);
}

TEST_CASE("a network longer than a daemon takes is answered in this process, and the note says so") {
  const installation here;
  const std::string file = here.write("long.json", long_network(6000)).string();
  REQUIRE(std::filesystem::file_size(file) > (1u << 20));
  const auto done = here.run({"debug", "infer", file, "--json"});
  CHECK(done.exit_code == 0);
  CHECK(done.error ==
        "posterior: note: the network is longer than a daemon takes; answered in this process\n");
  // Two roots at even odds, each acting half the time: 1 - 3/4 * 3/4.
  CHECK(std::abs(posterior_of(done.out, "leaf-2500") - 0.4375) < 1e-15);
  CHECK(here.run({"debug", "infer", file, "--json", "--local"}).error.empty());
  CHECK(here.run({"debug", "infer", file, "--socket", "/nowhere.sock"}).exit_code == 10);
}

TEST_CASE("a network that cannot be read ends with 1, one sentence and nothing on standard output") {
  const installation here;
  const std::string missing = (here.root() / "none.json").string();
  const auto none = here.run({"debug", "infer", missing});
  CHECK(none.error == "posterior: error: " + missing +
                          ": the network was not found, must be a file that exists\n"
                          "posterior: hint: `posterior help debug infer` says what it takes\n");
  const std::string folder = here.root().string();
  CHECK(here.run({"debug", "infer", folder}).error ==
        "posterior: error: " + folder +
            ": the network was a folder, must be a file\nposterior: hint: name one file in it\n");
  const std::string big = here.write("big.json", std::string((8u << 20) + 1, ' ')).string();
  CHECK(here.run({"debug", "infer", big}).error ==
        "posterior: error: " + big +
            ": the network was longer than 8388608 bytes, must be at most 8388608 bytes\n"
            "posterior: hint: leave out nodes that nothing was observed about or below\n");
  for (const std::string& path : {missing, folder, big}) {
    const auto done = here.run({"debug", "infer", path});
    CHECK(done.exit_code == 1);
    CHECK(done.out.empty());
  }
}

TEST_CASE("impossible evidence ends with 1 and names the nodes") {
  const installation here;
  std::string impossible = small;
  impossible.replace(impossible.find("[0, 1]}]"), 8, "[0, 1]}, {\"node\": \"c\", \"likelihood\": [1, 0]}]");
  const auto done = here.run({"debug", "infer", "-"}, impossible);
  CHECK(done.exit_code == 1);
  CHECK(done.out == "The evidence is impossible in this network.\n"
                    "These observations contradict each other, and none of them can be left out:\n"
                    "  - f\n  - c\n");
}

TEST_CASE("the network of a case is what debug infer takes, and says what the evidence says") {
  const installation here;
  const std::string file = here.write("small.toml", tests::small_case()).string();
  const auto network = here.run({"debug", "network", file, "--infer"});
  REQUIRE(network.exit_code == 0);
  const parsed inferred = parse_json(here.run({"debug", "infer", "-", "--json"}, network.out).out, "infer");
  const parsed evidence = parse_json(here.run({"debug", "evidence", file, "--json"}).out, "evidence");
  REQUIRE(inferred.root);
  REQUIRE(evidence.root);
  CHECK(inferred.root->find("log10_evidence")->number < 0);
  CHECK(std::abs(inferred.root->find("log10_evidence")->number -
                 evidence.root->find("log10_evidence")->number) < 1e-12);
  CHECK(here.run({"debug", "network", file, "--dot"}).out.find("digraph case {\n") == 0);
  CHECK(here.run({"debug", "network", file, "--dot", "--infer"}).exit_code == 2);
}

TEST_CASE("debug of a case that cannot be read ends with 4, like assess") {
  const installation here;
  here.run({"kb", "list", "causes"}); // says on standard error that it imports
  for (const char* command : {"network", "evidence", "timings"}) {
    const auto done = here.run({"debug", command, "-"}, "schema = 3");
    CHECK(done.exit_code == 4);
    CHECK(done.out.empty());
    CHECK(done.error.find("posterior: error: -") == 0);
  }
}

TEST_CASE("debug evidence and network give the same bytes each time") {
  const installation here;
  const std::string file = here.write("small.toml", tests::small_case()).string();
  for (const char* command : {"network", "evidence"}) {
    const auto first = here.run({"debug", command, file, "--json"});
    CHECK(first.exit_code == 0);
    CHECK(first.out == here.run({"debug", command, file, "--json"}).out);
  }
}
