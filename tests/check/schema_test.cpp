// The editor's schemas against the readers: what the readers take, the schemas take; a field that one of them
// knows, both know. The readers are asked, with every word that stands in their own source.
#include <algorithm>
#include <regex>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "kb/overlay.hpp"
#include "kb/reader.hpp"
#include "tests/check/schema_judge.hpp"
#include "tests/staged/program.hpp"

using namespace posterior;
using check_tests::schema_judge;

namespace {

namespace fs = std::filesystem;

const fs::path source = POSTERIOR_SOURCE_DIR;

// Every word in quotation marks in the readers.
std::set<std::string> words_of_readers() {
  std::set<std::string> out;
  const std::regex word("\"([a-z][a-z_0-9-]*)\"");
  for (const auto& e : fs::directory_iterator(source / "kb")) {
    const std::string name = e.path().filename();
    if (!name.ends_with("reader.cpp") && name.find("reader_") == std::string::npos && name != "item.cpp" &&
        name != "item.hpp")
      continue;
    const std::string text = staged::contents(e.path());
    for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at)
      out.insert((*at)[1]);
  }
  return out;
}

// A table inside a statement, by the way there: {"exercise", "dose"}.
using way = std::vector<std::string>;

std::string document_with(const way& to, const std::string& key) {
  std::string inner = "{ " + key + " = true }";
  for (std::size_t i = to.size(); i-- > 1;)
    inner = "{ " + to[i] + " = " + inner + " }";
  return to.empty() ? key + " = true\n" : to.front() + " = [" + inner + "]\n";
}

bool unknown(const diagnostics& problems, const std::string& key) {
  return std::any_of(problems.begin(), problems.end(), [&](const diagnostic& d) {
    return d.code.ends_with(".unknown-field") && d.text.starts_with("the field \"" + key + "\"");
  });
}

bool reader_knows(const way& to, const std::string& key) {
  const parsed document = parse_toml(document_with(to, key), "f.toml");
  REQUIRE(document.root);
  kb::reading_context context;
  context.bundle = std::string(kb::core_id);
  context.core = true;
  context.file = context.relative = "f.toml";
  kb::statements into;
  diagnostics problems;
  kb::read_statements(*document.root, context, false, into, problems);
  return !unknown(problems, key);
}

bool manifest_reader_knows(const way& to, const std::string& key) {
  std::string text = key + " = true\n";
  if (!to.empty())
    text = (to.front() == "file" ? "[[file]]\n" : "[" + to.front() + "]\n") + text;
  const parsed document = parse_toml(text, "plugin.toml");
  diagnostics problems;
  kb::read_manifest(*document.root, "plugin.toml", kb::bundle_form::source_folder, problems);
  return !unknown(problems, key);
}

// The table at the end of the way, in the schema: through lists and alternatives.
const node& table_in(const schema_judge& schema, const node& given) {
  const node& here = schema.behind(given);
  if (const node* items = here.find("items"))
    return table_in(schema, *items);
  if (const node* any = here.find("anyOf"); any != nullptr && here.find("properties") == nullptr)
    return table_in(schema, any->items.front());
  return here;
}

const node& table_at(const schema_judge& schema, const way& to) {
  const node* here = &schema.root();
  for (const std::string& step : to)
    here = &table_in(schema, *here->find("properties")->find(step));
  return *here;
}

template <typename Knows>
void same_fields(const schema_judge& schema, const way& to, const std::set<std::string>& words, Knows knows) {
  std::set<std::string> asked = words, in_schema, in_reader;
  for (const member& m : table_at(schema, to).find("properties")->members) {
    in_schema.insert(m.name);
    asked.insert(m.name);
  }
  for (const std::string& word : asked)
    if (knows(to, word))
      in_reader.insert(word);
  INFO("at " << (to.empty() ? "the top" : to.front()) << " / " << (to.size() > 1 ? to.back() : ""));
  CHECK(in_schema == in_reader);
  CHECK(in_reader.size() >= 2);
}

void valid(const schema_judge& schema, const fs::path& file) {
  const parsed document = parse_toml(staged::contents(file), file.string());
  REQUIRE(document.root);
  for (const std::string& fault : schema.faults(*document.root))
    FAIL_CHECK(file.string() << fault);
}

} // namespace

TEST_CASE("the schema of knowledge and its reader know the same fields, in every kind of statement") {
  const schema_judge schema("knowledge.schema.json");
  const auto words = words_of_readers();
  CHECK(words.size() > 100);
  same_fields(schema, {}, words, reader_knows);
  for (const member& kind : schema.root().find("properties")->members)
    same_fields(schema, {kind.name}, words, reader_knows);
}

TEST_CASE("they know the same fields in the tables inside statements") {
  const schema_judge schema("knowledge.schema.json");
  const auto words = words_of_readers();
  for (const way& to : std::vector<way>{{"exercise", "dose"},
                                        {"indication", "dose"},
                                        {"sequence", "at_most_one"},
                                        {"sequence", "covers"},
                                        {"sequence", "apart"},
                                        {"finding", "cutoff"},
                                        {"observes", "accuracy"},
                                        {"observes", "normal"},
                                        {"observes", "normal", "female"},
                                        {"observes", "log_normal"},
                                        {"observes", "ratios"}})
    same_fields(schema, to, words, [](const way& at, const std::string& key) {
      // Two spreads have a refusal of their own, which is not to be offered by an editor.
      return !key.ends_with("_sd") && !key.starts_with("sd_") && reader_knows(at, key);
    });
}

TEST_CASE("the schema of the manifest and its reader know the same fields") {
  const schema_judge schema("plugin.schema.json");
  const auto words = words_of_readers();
  for (const way& to : std::vector<way>{{}, {"detector"}, {"limits"}, {"file"}})
    same_fields(schema, to, words, manifest_reader_knows);
}

TEST_CASE("every document of the bundled plugins and of the skeletons follows its schema") {
  const schema_judge knowledge("knowledge.schema.json"), manifest("plugin.schema.json"),
      pack("pack.schema.json");
  int count = 0;
  for (const char* root :
       {"kb/core", "plugins", "sdk/skeleton", "sdk/skeleton-knowledge", "tests/check/sound"})
    for (const auto& e : fs::recursive_directory_iterator(source / root)) {
      const std::string name = e.path().filename();
      if (name == "plugin.toml")
        valid(manifest, e.path()), ++count;
      else if (name == "knowledge.toml" || e.path().parent_path().filename() == "knowledge")
        valid(knowledge, e.path()), ++count;
    }
  CHECK(count > 40);
  valid(pack, source / "sdk/skeleton-pack/example.pack.toml");
}

TEST_CASE("a misspelt field, a wrong word and a number out of range do not follow the schema") {
  const schema_judge schema("knowledge.schema.json");
  const auto bad = [&](const std::string& toml) {
    return !schema.faults(*parse_toml(toml, "f").root).empty();
  };
  const std::string good = "[[family]]\nid = \"a\"\nname = \"A\"\nrho = 0.5\n";
  CHECK_FALSE(bad(good));
  CHECK(bad(good + "nmae = \"B\"\n"));
  CHECK(bad("[[family]]\nid = \"a\"\nname = \"A\"\nrho = 1.5\n"));
  CHECK(bad("[[family]]\nid = \"Not An Id\"\nname = \"A\"\nrho = 0.5\n"));
  CHECK(bad("[[indication]]\nexercise = \"a\"\ncause = \"b\"\nrole = \"main\"\npurpose = \"p\"\njudgement = "
            "\"j\"\n"));
  CHECK(bad("[[indication]]\nexercise = \"a\"\ncause = \"b\"\nrole = \"primary\"\npurpose = \"p\"\n"));
}

TEST_CASE("the schema of a pack is that of knowledge with the manifest's fields in [plugin]") {
  const schema_judge knowledge("knowledge.schema.json"), pack("pack.schema.json"),
      manifest("plugin.schema.json");
  const auto names = [](const node& table) {
    std::set<std::string> out;
    for (const member& m : table.find("properties")->members)
      out.insert(m.name);
    return out;
  };
  auto in_pack = names(pack.root());
  CHECK(in_pack.erase("schema") + in_pack.erase("plugin") == 2);
  CHECK(in_pack == names(knowledge.root()));
  auto in_manifest = names(manifest.root());
  for (const char* of_bundles : {"schema", "detector", "file"})
    in_manifest.erase(of_bundles);
  CHECK(names(*pack.root().find("properties")->find("plugin")) == in_manifest);
  for (const member& m : knowledge.root().find("$defs")->members) {
    const node* other = pack.root().find("$defs")->find(m.name);
    REQUIRE(other != nullptr);
    if (m.value.find("properties") != nullptr)
      CHECK(names(m.value) == names(*other));
  }
}

namespace {

bool overlay_reader_knows(const way& to, const std::string& key) {
  const auto read = kb::read_overlay("schema = \"posterior.overlay/1\"\n" + document_with(to, key), "f.toml");
  const bool refused = std::any_of(read.problems.begin(), read.problems.end(), [&](const diagnostic& d) {
    return d.code == "kb.overlay-kind" && d.text.starts_with("[[" + key + "]]");
  });
  return !refused && !unknown(read.problems, key);
}

} // namespace

TEST_CASE("the schema of the clinic's overlay and its reader know the same fields, in every kind of entry") {
  const schema_judge schema("overlay.schema.json");
  const auto words = words_of_readers();
  same_fields(schema, {}, words, overlay_reader_knows);
  for (const member& kind : schema.root().find("properties")->members)
    if (kind.name != "schema")
      same_fields(schema, {kind.name}, words, overlay_reader_knows);
}
