// lint RULES ROOT: prints every breach of the rules below ROOT; exit 1 if there is one.
// lint RULES ROOT --expect FILE: proves that the rules can fail: what is printed must be FILE, line by line,
// and every rule that can be broken must be broken by the tree. Exit 2: wrong use or unreadable rules.
#include "tests/lint/breach.hpp"

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>

namespace {

using namespace posterior::lint;

std::vector<std::string> printed(const std::vector<breach>& breaches) {
  std::vector<std::string> lines;
  for (const auto& one : breaches) {
    lines.push_back(one.path + ":" + std::to_string(one.line) + ": " + one.text);
  }
  return lines;
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

void print(const std::vector<std::string>& lines, const std::string& before) {
  for (const auto& line : lines) {
    std::cout << before << line << '\n';
  }
}

std::vector<std::string> without(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  std::vector<std::string> rest;
  std::copy_if(all.begin(), all.end(), std::back_inserter(rest),
               [&](const auto& line) { return std::find(some.begin(), some.end(), line) == some.end(); });
  return rest;
}

bool can_be_broken(const rule& one) {
  return one.kind != "skip" && one.kind != "free" && one.kind != "local" &&
         !(one.kind == "layer" && fits_any(one.right, "any folder"));
}

bool is_broken(const rule& one, const std::vector<breach>& breaches) {
  return std::any_of(breaches.begin(), breaches.end(),
                     [&](const breach& b) { return b.rule_line == one.line; });
}

int expect(const std::vector<rule>& rules, const std::vector<breach>& breaches, const std::string& file) {
  const auto wanted = lines_of(file);
  const auto found = printed(breaches);
  print(without(wanted, found), "expected, not found: ");
  print(without(found, wanted), "found, not expected: ");
  bool all_broken = true;
  for (const auto& one : rules) {
    if (can_be_broken(one) && !is_broken(one, breaches)) {
      std::cout << "rule in line " << one.line << " (" << one.kind << ' ' << one.text()
                << "): nothing here breaks it\n";
      all_broken = false;
    }
  }
  return wanted == found && all_broken ? 0 : 1;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2 && (arguments.size() != 4 || arguments[2] != "--expect")) {
    std::cerr << "lint: arguments were wrong, must be RULES ROOT [--expect FILE]\n";
    return 2;
  }
  const auto rules = read_rules(arguments[0]);
  const auto breaches = find_breaches(rules, read_tree(arguments[1], rules));
  if (arguments.size() == 4) {
    return expect(rules, breaches, arguments[3]);
  }
  print(printed(breaches), "");
  return breaches.empty() ? 0 : 1;
}

} // namespace

int main(int count, char** arguments) {
  try {
    return run({arguments + 1, arguments + count});
  } catch (const std::exception& problem) {
    std::cerr << "lint: " << problem.what() << '\n';
    return 2;
  }
}
