// `debug infer` through the service, without knowledge, files or sockets.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cmath>

#include "engine/service/problem.hpp"
#include "engine/service/service.hpp"
#include "kb/values/document.hpp"

using namespace posterior;
using namespace posterior::service;

namespace {

// A clock that is seven microseconds later each time it is read.
class service timed() {
  return posterior::service::service([] { return std::shared_ptr<const world>(); },
                                     [now = std::make_shared<double>(0)] { return *now += 7; });
}

response infer(const std::string& body, const std::string& accept = "application/json") {
  return timed().handle({"POST", "/v1/debug/infer?name=n.json", accept, body});
}

std::string problem_of(const std::string& body) {
  const response given = infer(body);
  CHECK(given.status == 422);
  CHECK(given.exit_code == 1);
  const diagnostics list = read_problems(given.body);
  return list.empty() ? given.body : to_string(list.front().where) + ": " + list.front().text;
}

// In a JSON text, ' stands for ".
std::string json(std::string text) {
  for (char& c : text)
    c = c == '\'' ? '"' : c;
  return text;
}

double number(const node& root, std::string_view table, std::string_view key) {
  const node* at = root.find(table);
  at = at == nullptr ? nullptr : at->find(key);
  return at == nullptr ? std::nan("") : at->number;
}

} // namespace

TEST_CASE("a network is answered with P(evidence), every posterior, the rung and the time") {
  const response given =
      infer(json("{'nodes':[{'id':'c','leak':0.1},{'id':'f','leak':0.05},{'id':'g','leak':0}],"
                 "'links':[{'from':'c','to':'f','probability':0.8},"
                 "{'from':'c','to':'g','probability':0.5}],"
                 "'evidence':[{'node':'f','likelihood':[0,1]}]}"));
  REQUIRE(given.status == 200);
  CHECK(given.exit_code == 0);
  const parsed read = parse_json(given.body, "answer");
  REQUIRE(read.root);
  const double p = 0.1 * (1 - 0.95 * 0.2) + 0.9 * 0.05, c = 0.1 * (1 - 0.95 * 0.2) / p;
  CHECK(read.root->find("schema")->text == "posterior.inference/1");
  CHECK(std::fabs(read.root->find("log10_evidence")->number - std::log10(p)) < 1e-14);
  CHECK(std::fabs(number(*read.root, "posteriors", "c") - c) < 1e-15);
  CHECK(number(*read.root, "posteriors", "f") == 1);
  CHECK(std::fabs(number(*read.root, "posteriors", "g") - c / 2) < 1e-15);
  CHECK(read.root->find("method")->find("rung")->text == "exact");
  for (const char* step : {"index", "plan", "run", "rest"})
    CHECK(number(*read.root, "micros", step) == 7);
}

TEST_CASE("without a clock the times are zero, and the bytes are the same each time") {
  const class service silent([] { return std::shared_ptr<const world>(); });
  const request asked{"POST", "/v1/debug/infer", "", json("{'nodes':[{'id':'a','leak':0.25}]}")};
  const response given = silent.handle(asked);
  CHECK(given.body.find("\"plan\": 0,") != std::string::npos);
  CHECK(given == silent.handle(asked));
}

TEST_CASE("impossible evidence names a smallest conflicting set, ends with 1, and holds no NaN") {
  const response given = infer(
      json("{'nodes':[{'id':'a','leak':0.3},{'id':'b','leak':0},{'id':'c','leak':0.4}],"
           "'links':[{'from':'a','to':'b','probability':1}],'evidence':[{'node':'c','likelihood':[0,1]},"
           "{'node':'a','likelihood':[1,0]},{'node':'b','likelihood':[0,1]}]}"));
  CHECK(given.status == 200);
  CHECK(given.exit_code == 1);
  const parsed read = parse_json(given.body, "answer");
  REQUIRE(read.root);
  CHECK(read.root->find("log10_evidence")->kind == node::type::null);
  CHECK(read.root->find("posteriors") == nullptr);
  const node* names = read.root->find("contradiction");
  REQUIRE(names != nullptr);
  REQUIRE(names->items.size() == 2);
  CHECK(names->items[0].text == "a");
  CHECK(names->items[1].text == "b");
}

TEST_CASE("of two conflicts the smaller one is named, wherever it stands") {
  const response given = infer(json(
      "{'nodes':[{'id':'x','leak':0.5},{'id':'y','leak':0},{'id':'u','leak':0.5},{'id':'v','leak':0.5},"
      "{'id':'w','leak':0}],'links':[{'from':'x','to':'y','probability':1},"
      "{'from':'u','to':'w','probability':1},{'from':'v','to':'w','probability':1}],"
      "'evidence':[{'node':'x','likelihood':[1,0]},{'node':'y','likelihood':[0,1]},"
      "{'node':'u','likelihood':[1,0]},{'node':'v','likelihood':[1,0]},{'node':'w','likelihood':[0,1]}]}"));
  CHECK(given.body.find("\"contradiction\": [\n    \"x\",\n    \"y\"\n  ]") != std::string::npos);
}

TEST_CASE("a conflict among a thousand observations is found, and is all that is named") {
  std::string nodes = "{'id':'x','leak':0.5},{'id':'y','leak':0}", seen = "{'node':'x','likelihood':[1,0]}";
  for (int i = 0; i < 1000; ++i) {
    const std::string id = "'n" + std::to_string(i) + "'";
    nodes += ",{'id':" + id + ",'leak':0.5}";
    seen += ",{'node':" + id + ",'likelihood':[0,1]}";
    if (i == 500)
      seen += ",{'node':'y','likelihood':[0,1]}";
  }
  const response given = infer(json(
      "{'nodes':[" + nodes + "],'links':[{'from':'x','to':'y','probability':1}],'evidence':[" + seen + "]}"));
  CHECK(given.body.find("\"contradiction\": [\n    \"x\",\n    \"y\"\n  ]") != std::string::npos);
}

TEST_CASE("two different grades of one node contradict each other") {
  const std::string twice =
      json("{'nodes':[{'id':'a','leak':0.3},{'id':'g'}],'graded':[{'node':'g','leak':[0.5,0.3,0.2],"
           "'links':[{'from':'a','probabilities':[0.1,0.2,0.7]}]}],"
           "'evidence':[{'node':'g','grade':1},{'node':'g','grade':2},{'node':'a','likelihood':[0,1]}]}");
  const response given = infer(twice);
  CHECK(given.exit_code == 1);
  CHECK(given.body.find("\"contradiction\": [\n    \"g\"\n  ]") != std::string::npos);
}

TEST_CASE("rows of evidence on one node multiply") {
  const std::string head = "{'nodes':[{'id':'a','leak':0.3}],'evidence':[";
  const auto answer = [&](const std::string& rows) {
    return parse_json(infer(json(head + rows + "]}")).body, "answer");
  };
  const auto two = answer("{'node':'a','likelihood':[0.5,0.25]},{'node':'a','likelihood':[0.5,1]}");
  const auto one = answer("{'node':'a','likelihood':[0.25,0.25]}");
  CHECK(number(*two.root, "posteriors", "a") == number(*one.root, "posteriors", "a"));
  CHECK(two.root->find("log10_evidence")->number == one.root->find("log10_evidence")->number);
}

TEST_CASE("graded nodes, tables and pairs are answered, with every grade") {
  const response given = infer(
      json("{'nodes':[{'id':'a','leak':0.5},{'id':'b','leak':0},{'id':'t'},{'id':'g'}],"
           "'pairs':[{'a':'a','b':'b','probability':0.5}],"
           "'tables':[{'node':'t','parents':['a','b'],'present':[0,0,0,1]}],"
           "'graded':[{'node':'g','leak':[1,0,0],'links':[{'from':'t','probabilities':[0,0.25,0.75]}]}],"
           "'evidence':[{'node':'g','likelihood':[0,1,1]}]}"));
  INFO(given.body);
  const parsed read = parse_json(given.body, "answer");
  REQUIRE(read.root);
  CHECK(number(*read.root, "posteriors", "t") == 1);
  CHECK(number(*read.root, "posteriors", "b") == 1);
  CHECK(number(*read.root, "posteriors", "g") == 1);
  const node* grades = read.root->find("grades")->find("g");
  REQUIRE(grades->items.size() == 3);
  CHECK(grades->items[0].number == 0);
  CHECK(grades->items[1].number == 0.25);
  CHECK(grades->items[2].number == 0.75);
}

TEST_CASE("each fault of a network is one sentence at its pointer") {
  struct row {
    std::string body, problem;
  };
  const std::string a = "{'id':'a','leak':0.1}", ab = a + ",{'id':'b','leak':0.2}";
  const auto with = [](const std::string& nodes, const std::string& more) {
    return "{'nodes':[" + nodes + "]," + more + "}";
  };
  const row faults[] = {
      {"", "n.json: the network was empty, must be a JSON document"},
      {"[]", "n.json:1:1: the document was a list of 0, must be a table"},
      {"{}", "n.json: \"nodes\" of the network was missing, must be a list of tables"},
      {"{'nodes':[],'link':[]}",
       "n.json#/link: the field \"link\" of the network was not known, must be one of the format"},
      {"{'nodes':[3]}", "n.json#/nodes/0: node 0 was 3, must be a table"},
      {"{'nodes':[{'leak':0.1}]}", "n.json#/nodes/0: \"id\" of node 0 was missing, must be a text"},
      {"{'nodes':[{'id':'a'}]}",
       "n.json#/nodes/0: \"leak\" of \"a\" was missing, must be a number between 0 and 1"},
      {"{'nodes':[{'id':'a','leak':1.5}]}",
       "n.json#/nodes/0/leak: \"leak\" of node 0 was 1.5, must be between 0 and 1"},
      {"{'nodes':[{'id':'a','leak':'x'}]}",
       "n.json#/nodes/0/leak: \"leak\" of node 0 was \"x\", must be a finite number"},
      {with(a + "," + a, "'links':[]"),
       "n.json#/nodes/1/id: the node \"a\" was given twice, must be given once"},
      {with(ab, "'links':[{'from':'a','to':'bb','probability':0.1}]"),
       "n.json#/links/0/to: the node was \"bb\", must be one of \"nodes\""},
      {with(ab, "'links':[{'from':'a','to':'b'}]"),
       "n.json#/links/0: \"probability\" of link 0 was missing, must be a number between 0 and 1"},
      {with(ab, "'links':[{'from':'a','to':'b','probability':-1}]"),
       "n.json#/links/0/probability: \"probability\" of link 0 was -1, must be between 0 and 1"},
      {with(ab, "'links':[{'from':'a','to':'b','probability':1},{'from':'a','to':'b','probability':1}]"),
       "n.json#/links/1: the link from \"a\" to \"b\" was given twice, must be given once"},
      {with(ab, "'links':[{'from':'a','to':'b','probability':1},{'from':'b','to':'a','probability':1}]"),
       "n.json: the network was a loop b -> a -> b, must be free of directed loops"},
      {with(ab, "'pairs':[{'a':'a','b':'a','probability':0.1}]"),
       "n.json#/pairs/0: the ends of pair 0 was the same node, must be two nodes"},
      {with(a, "'evidence':[{'node':'a','likelihood':[1]}]"),
       "n.json#/evidence/0/likelihood: \"likelihood\" of evidence 0 was a list of 1, must be a list of 2"},
      {with(a, "'evidence':[{'node':'a','likelihood':[1,2]}]"),
       "n.json#/evidence/0/likelihood/1: a number in \"likelihood\" of evidence 0 was 2, must be between 0 "
       "and 1"},
      {with(a, "'evidence':[{'node':'a'}]"),
       "n.json#/evidence/0: \"likelihood\" of evidence 0 was missing, must be a list of numbers"},
      {with(a, "'evidence':[{'node':'a','grade':1}]"),
       "n.json#/evidence/0/grade: the node \"a\" was one without grades, must be a graded one"},
      {with(ab, "'tables':[{'node':'b','parents':['a'],'present':[0,1]}]"),
       "n.json#/nodes/1/leak: \"leak\" of \"b\" was given, must be left out: its table or its grades say it "
       "all"},
      {with(a + ",{'id':'b'}", "'tables':[{'node':'b','parents':['a'],'present':[0,1,1]}]"),
       "n.json#/tables/0/present: \"present\" of table 0 was a list of 3, must be a list of 2"},
      {with(a + ",{'id':'b'}", "'tables':[{'node':'b','parents':['a','a'],'present':[0,1,1,1]}]"),
       "n.json#/tables/0/parents/1: the parent \"a\" was given twice, must be given once"},
      {with(a + ",{'id':'b'}", "'tables':[{'node':'b','parents':['a'],'present':[0,1]}],"
                               "'links':[{'from':'a','to':'b','probability':1}]"),
       "n.json#/links/0/to: the node \"b\" was one with a table, must be a noisy-OR node"},
      {with(a + ",{'id':'g'}", "'graded':[{'node':'g','leak':[0.5,0.6]}]"),
       "n.json#/graded/0/leak: the sum of \"leak\" of graded 0 was 1.1, must be 1"},
      {with(a + ",{'id':'g'}", "'graded':[{'node':'g','leak':[1]}]"),
       "n.json#/graded/0/leak: \"leak\" of graded 0 was a list of 1, must be a list of 2 to 16"},
      {with(a + ",{'id':'g'}", "'graded':[{'node':'g','leak':[1,0]}],'evidence':[{'node':'g','grade':2}]"),
       "n.json#/evidence/0/grade: \"grade\" of evidence 0 was 2, must be 0 to 1"},
      {with(a + ",{'id':'g'}",
            "'graded':[{'node':'g','leak':[1,0]}],'links':[{'from':'g','to':'a','probability':1}]"),
       "n.json#/links/0/from: the parent \"g\" was a graded node, must be one without grades"},
      {with(a + ",{'id':'g'},{'id':'h'}",
            "'graded':[{'node':'h','leak':[1,0],'links':[{'from':'g','probabilities':[1,0]}]},"
            "{'node':'g','leak':[1,0]}]"),
       "n.json#/graded/1: the node \"g\" was a parent of \"h\", must be a leaf, as it has grades"},
      {with(a + ",{'id':'t'},{'id':'g'}", "'tables':[{'node':'t','parents':['g'],'present':[0,1]}],"
                                          "'graded':[{'node':'g','leak':[1,0]}]"),
       "n.json#/graded/0: the node \"g\" was a parent in a table, must be a leaf, as it has grades"},
      {with(a, "'evidence':[],'evidence':[]"),
       "n.json#/evidence: the key was given twice, must be given once"},
      {"{'nodes':[{'id':'a\\u001b','leak':0}]}",
       "n.json#/nodes/0/id: \"id\" of node 0 was text with a control character, must be plain UTF-8 text"},
  };
  for (const row& r : faults) {
    INFO(r.body);
    CHECK(problem_of(json(r.body)) == r.problem);
  }
}

TEST_CASE("an uncertain grade over six parents is refused, a certain one is not") {
  std::string nodes = "{'id':'g'}", links;
  for (int i = 0; i < 6; ++i) {
    nodes += ",{'id':'p" + std::to_string(i) + "','leak':0.1}";
    links += std::string(i == 0 ? "" : ",") + "{'from':'p" + std::to_string(i) +
             "','probabilities':[0.5,0.3,0.2]}";
  }
  const std::string head = "{'nodes':[" + nodes + "],'graded':[{'node':'g','leak':[0.8,0.1,0.1],'links':[" +
                           links + "]}],'evidence':[{'node':'g',";
  CHECK(problem_of(json(head + "'likelihood':[0.1,0.2,0.9]}]}")) ==
        "n.json#/evidence/0: the number of parents of \"g\" was 6, must be at most 5 where the grade is "
        "uncertain");
  CHECK(infer(json(head + "'grade':2}]}")).exit_code == 0);
  CHECK(infer(json(head + "'likelihood':[0,0.3,0]}]}")).exit_code == 0);
}

TEST_CASE("at most twenty faults are told, and a network of many is read quickly") {
  std::string body = "{\"nodes\":[";
  for (int i = 0; i < 1000; ++i)
    body += std::string(i == 0 ? "" : ",") + "{\"id\":7}";
  const response given = infer(body + "]}");
  CHECK(read_problems(given.body).size() == 20);
}

TEST_CASE(
    "a network too wide for tables is answered by a lower rung, which is named, with what it is worth") {
  const int offsets[] = {0, 1, 3, 7, 12, 20, 25, 31, 38, 44, 50, 57};
  std::string nodes, links, seen;
  for (int c = 0; c < 60; ++c)
    nodes += "{'id':'c" + std::to_string(c) + "','leak':0.1},";
  for (int f = 0; f < 60; ++f) {
    const std::string id = "'f" + std::to_string(f) + "'";
    nodes += std::string(f == 0 ? "" : ",") + "{'id':" + id + ",'leak':0.1}";
    seen += std::string(f == 0 ? "" : ",") + "{'node':" + id + ",'likelihood':[0,1]}";
    for (int k = 0; k < 12; ++k)
      links += std::string(f + k == 0 ? "" : ",") + "{'from':'c" + std::to_string((f * 7 + offsets[k]) % 60) +
               "','to':" + id + ",'probability':0.5}";
  }
  const response given =
      infer(json("{'nodes':[" + nodes + "],'links':[" + links + "],'evidence':[" + seen + "]}"));
  CHECK(given.exit_code == 0);
  const parsed read = parse_json(given.body, "answer");
  REQUIRE(read.root);
  CHECK(read.root->find("method")->find("rung")->text == "sampled");
  const double worst = number(*read.root, "method", "standard_error");
  CHECK(worst > 0);
  CHECK(worst < 0.1);
  CHECK(number(*read.root, "standard_errors", "c0") <= worst);
  CHECK(number(*read.root, "posteriors", "f0") == 1);
}

TEST_CASE("the answer for people is a table of at most 80 columns, the highest first") {
  const response given =
      infer(json("{'nodes':[{'id':'low','leak':0.1},{'id':'high','leak':0.9},"
                 "{'id':'a-name-that-goes-on-and-on-and-on-beyond-every-column','leak':0.5}]}"),
            "text/plain");
  CHECK(given.body.find("high") < given.body.find("low"));
  for (std::size_t begin = 0; begin < given.body.size();) {
    const std::size_t end = given.body.find('\n', begin);
    CHECK(end - begin <= 80);
    begin = end + 1;
  }
}

TEST_CASE("the most probable joint states are given where they are asked for, with what is present in each") {
  const std::string network =
      json("{'nodes':[{'id':'c','leak':0.1},{'id':'d','leak':0.2},{'id':'f','leak':0}],"
           "'links':[{'from':'c','to':'f','probability':0.8},{'from':'d','to':'f','probability':0.5}],"
           "'evidence':[{'node':'f','likelihood':[0,1]}]}");
  const auto ask = [&](const std::string& query, const std::string& accept) {
    return timed().handle({"POST", "/v1/debug/infer?" + query, accept, network});
  };
  // P(f, c, d): only d .9*.2*.5, only c .1*.8*.8, both .1*.2*.9.
  const double only_d = 0.09, only_c = 0.064, both = 0.018, all = only_d + only_c + both;
  const parsed read = parse_json(ask("states=2", "application/json").body, "answer");
  REQUIRE(read.root);
  const node* states = read.root->find("most_probable");
  REQUIRE(states != nullptr);
  REQUIRE(states->items.size() == 2);
  CHECK(std::fabs(states->items[0].find("probability")->number - only_d / all) < 1e-12);
  CHECK(std::fabs(states->items[1].find("probability")->number - only_c / all) < 1e-12);
  REQUIRE(states->items[0].find("present")->items.size() == 2);
  CHECK(states->items[0].find("present")->items[0].text == "d");
  CHECK(states->items[0].find("present")->items[1].text == "f");
  CHECK(ask("states=2", "text/plain").body.find("present: d, f") != std::string::npos);
  CHECK(parse_json(ask("", "application/json").body, "answer").root->find("most_probable") == nullptr);
  CHECK(ask("states=17", "application/json").status == 400);
}
