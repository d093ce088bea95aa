// The tutorial, done as it is printed: commands are run, blocks are put where it says, and what it shows of
// the answers must be there. Every block must be part of the file that it names, byte for byte.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/staged/program.hpp"

using namespace posterior;

namespace {

namespace fs = std::filesystem;

const fs::path sdk = fs::path(POSTERIOR_SOURCE_DIR) / "sdk";

struct block {
  std::string language, text;
  std::string verb, target, file; // append, write or part; where to; and of which file of the SDK
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    out.push_back(line);
  return out;
}

// <!-- append TARGET from FILE -->, <!-- write TARGET from FILE -->, <!-- part of FILE -->
void read_note(const std::string& line, block& next) {
  std::istringstream in(line);
  std::string mark, middle;
  in >> mark >> next.verb;
  if (next.verb == "part")
    in >> middle >> next.file;
  else
    in >> next.target >> middle >> next.file;
}

std::vector<block> blocks_of(const std::string& page) {
  std::vector<block> out;
  block next;
  bool inside = false;
  for (const std::string& line : lines_of(page)) {
    if (line.starts_with("<!-- "))
      read_note(line, next);
    else if (line.starts_with("```") && inside) {
      out.push_back(next);
      next = {};
      inside = false;
    } else if (line.starts_with("```")) {
      next.language = line.substr(3);
      inside = true;
    } else if (inside)
      next.text += line + "\n";
  }
  return out;
}

bool is_part(const block& b) {
  const std::string whole = "\n" + staged::contents(sdk / b.file);
  return !b.text.empty() && whole.find("\n" + b.text) != std::string::npos;
}

// Lines of `wanted` begin lines of `said`, or stand in them, in this order; "..." skips.
std::string missing_line(const std::string& wanted, const std::string& said) {
  const auto there = lines_of(said);
  auto at = there.begin();
  for (const std::string& line : lines_of(wanted)) {
    if (line == "...")
      continue;
    at = std::find_if(at, there.end(),
                      [&](const std::string& l) { return l.find(line) != std::string::npos; });
    if (at == there.end())
      return line;
    ++at;
  }
  return {};
}

void write(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

// A shell at the place where the commands so far have led, with the program and the SDK as installed.
class reader {
public:
  reader() {
    const auto installed =
        staged::run({"/usr/bin/env", "PATH=" + std::string(std::getenv("PATH")), "cmake", "--install",
                     POSTERIOR_BINARY_DIR, "--prefix", (box_ / "sdk").string(), "--component", "sdk"},
                    {});
    REQUIRE(installed.exit_code == 0);
    fs::create_directory(box_ / "work");
    here_ = (box_ / "work").string();
  }

  // All lines of a block in one shell; what it printed.
  std::string run(const std::string& commands) {
    const std::string path = (staged::stage / "bin").string() + ":" + std::getenv("PATH");
    const std::string script =
        "set -e\numask 022\ncd '" + here_ + "'\n" + commands + "pwd > '" + (box_ / "at").string() + "'\n";
    const char* compiler = std::getenv("CXX");
    const auto done =
        staged::run({"/usr/bin/env", "PATH=" + path, "HOME=" + (box_ / "home").string(),
                     "CMAKE_PREFIX_PATH=" + (box_ / "sdk").string(), "CCACHE_DISABLE=1",
                     std::string("CXX=") + (compiler == nullptr ? "c++" : compiler), "/bin/sh", "-c", script},
                    {});
    INFO(commands << done.out << done.error);
    REQUIRE(done.exit_code == 0);
    here_ = lines_of(staged::contents(box_ / "at")).at(0);
    return done.out;
  }
  fs::path at(const std::string& name) const { return fs::path(here_) / name; }

private:
  staged::folder box_;
  std::string here_;
};

std::string tutorial() {
  return staged::contents(sdk / "README.md");
}

} // namespace

TEST_CASE("every block of the tutorial that is no command or answer is part of the file that it names") {
  int parts = 0;
  for (const block& b : blocks_of(tutorial())) {
    if (b.language == "sh" || b.language == "text")
      continue;
    INFO(b.text);
    REQUIRE_FALSE(b.file.empty());
    CHECK(is_part(b));
    ++parts;
  }
  CHECK(parts >= 8);
}

TEST_CASE("a block that differs in one byte, or begins in the middle of a line, is not part of its file") {
  std::vector<block> all = blocks_of(tutorial());
  const auto at = std::find_if(all.begin(), all.end(), [](const block& b) { return b.language == "cpp"; });
  REQUIRE(at != all.end());
  block changed = *at;
  changed.text[changed.text.size() / 2] ^= 1;
  CHECK_FALSE(is_part(changed));
  changed.text = at->text.substr(1);
  CHECK_FALSE(is_part(changed));
  CHECK(missing_line("a\n...\nc\n", "a\nb\nc\n").empty());
  CHECK(missing_line("c\na\n", "a\nb\nc\n") == "a");
}

TEST_CASE("whoever does what the tutorial says sees what it shows") {
  reader clinician;
  std::string said;
  int commands = 0, answers = 0;
  for (const block& b : blocks_of(tutorial())) {
    if (b.language == "sh") {
      said = clinician.run(b.text);
      ++commands;
    } else if (b.language == "text") {
      INFO(said);
      CHECK(missing_line(b.text, said) == "");
      ++answers;
    } else if (b.verb == "append")
      write(clinician.at(b.target), staged::contents(clinician.at(b.target)) + b.text);
    else if (b.verb == "write")
      write(clinician.at(b.target), b.text);
  }
  CHECK(commands >= 8);
  CHECK(answers >= 5);
}
