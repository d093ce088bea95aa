// What the knowledge rests on, what is said twice, and the causal map, on the command line.
#include <filesystem>
#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/cli/program.hpp"
#include "tests/cli/schema.hpp"

using posterior::tests::installation;

namespace posterior {
namespace {

namespace fs = std::filesystem;

// A pack of a clinic that says one link on a claim of the core.
void put_pack(const installation& here, const std::string& name, const std::string& more = {}) {
  fs::create_directories(here.home() / "plugins");
  std::ofstream(here.home() / "plugins" / (name + ".pack.toml"))
      << "schema = \"posterior.pack/1\"\n[plugin]\nid = \"com." << name
      << ".pack\"\nversion = \"1.0.0\"\nname = \"" << name
      << "\"\nsummary = \"A pack.\"\nvendor = \"V\"\nlicense = \"MIT\"\nprefix = \"" << name
      << "\"\n[[link]]\nfrom = \"long-sitting\"\nto = \"hamstring-shortness\"\np = "
         "\"sometimes\"\nbecause = "
         "\"B.\"\nclaims = [\"s011\"]\n"
      << more;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("two packs that cite one claim for one link are told by kb overlaps, with both places") {
  const installation here;
  put_pack(here, "a");
  put_pack(here, "b");
  for (int i = 0; i < 2; ++i) { // the second time from the store
    const auto found = here.run({"kb", "overlaps", "--plugin", "com.a.pack"});
    INFO(found.out << found.error);
    CHECK(found.exit_code == 0);
    CHECK(has(found.out, "COUNTED ONCE"));
    CHECK(has(found.out, "com.a.pack 1.0.0, a.pack.toml:"));
    CHECK(has(found.out, "com.b.pack 1.0.0, b.pack.toml:"));
  }
  const auto json = here.run({"kb", "overlaps", "--json", "--source", "s011"});
  CHECK(has(json.out, "\"one-claim\""));
  CHECK(tests::judge(json.out) == std::vector<std::string>{});
}

TEST_CASE("filters that name nothing are refused with the nearest") {
  const installation here;
  CHECK(has(here.run({"kb", "claims", "--plugin", "diferential"}).error, "did you mean \"differential\"?"));
  CHECK(has(here.run({"kb", "claims", "--cause", "hamstring-shortnes"}).error,
            "did you mean \"hamstring-shortness\"?"));
  CHECK(here.run({"kb", "claims", "--grade", "hihg"}).error ==
        "posterior: error: grade was \"hihg\", must be high, moderate, low, very-low or opinion\n"
        "posterior: hint: did you mean \"high\"?\n");
  CHECK(here.run({"kb", "claims", "--source", "s01111"}).exit_code == 1);
  CHECK(here.run({"kb", "list", "links", "--plugin", "none.such.plugin"}).exit_code == 1);
}

TEST_CASE("an id that a statement waits for, and one that sleeps, are told as such by kb show") {
  const installation here;
  put_pack(here, "a",
           "[[link]]\nfrom = \"not-yet-known\"\nto = \"hamstring-shortness\"\np = \"often\"\nbecause = "
           "\"B.\"\njudgement = \"J.\"\n");
  const auto waited = here.run({"kb", "show", "not-yet-known"});
  CHECK(waited.exit_code == 1);
  CHECK(has(waited.error, "1 statement waits for it: link.not-yet-known.hamstring-shortness (com.a.pack)"));
  CHECK(has(here.run({"kb", "show", "link.not-yet-known.hamstring-shortness"}).error,
            "com.a.pack says it, and it sleeps until something defines \"not-yet-known\""));
}

TEST_CASE("kb show holds forty relations of a label and says how many more there are, with --all every one") {
  const installation here;
  const auto part = here.run({"kb", "show", "treatment-couch"}),
             whole = here.run({"kb", "show", "treatment-couch", "--all"});
  REQUIRE(part.exit_code == 0);
  CHECK(has(part.out, "WHO USES IT"));
  CHECK(has(part.out, "more (`--all`)"));
  CHECK_FALSE(has(whole.out, "more (`--all`)"));
  CHECK(whole.out.size() > part.out.size());
}

TEST_CASE("the causal map is drawn as SVG page by page, as HTML with all pages, and as dot") {
  const installation here;
  const auto first = here.run({"kb", "graph", "--svg"});
  CHECK(first.exit_code == 0);
  CHECK(first.out.starts_with("<svg "));
  CHECK(has(first.error, "page 1 of "));
  CHECK(here.run({"kb", "graph", "--svg", "--page", "2"}).out != first.out);
  CHECK(here.run({"kb", "graph", "--svg", "--page", "999"}).exit_code == 2);
  const fs::path file = here.root() / "files/map.html";
  const auto written = here.run({"kb", "graph", "--html", file.string()});
  CHECK(written.exit_code == 0);
  CHECK(tests::contents(file).starts_with("<!DOCTYPE html>"));
  CHECK(has(tests::contents(file), "page 2 of "));
  const auto dot = here.run({"kb", "graph", "--dot", "--around", "hamstring-shortness", "--depth", "2"});
  CHECK(dot.out.starts_with("digraph causal_map {"));
  CHECK(has(dot.out, "\"hamstring-shortness\""));
}

TEST_CASE("what cannot be drawn together is refused") {
  const installation here;
  CHECK(here.run({"kb", "graph", "--dot", "--svg"}).exit_code == 2);
  CHECK(here.run({"kb", "graph", "--svg", "--json"}).exit_code == 2);
  CHECK(here.run({"kb", "graph", "--cause", "hamstring-shortness", "--plugin", "differential"}).exit_code ==
        2);
  CHECK(here.run({"kb", "graph", "--depth", "2"}).exit_code == 2);
  CHECK(has(here.run({"kb", "graph", "--cause", "hamstring-shortnes"}).error,
            "did you mean \"hamstring-shortness\"?"));
}

} // namespace posterior
