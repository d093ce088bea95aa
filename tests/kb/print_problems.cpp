// Reads the plugin folders named on the command line, the first as the program's own, merges them and prints
// everything that was found wrong. For those who write knowledge.
#include <cstdio>

#include "kb/catalogue.hpp"
#include "kb/merge.hpp"
#include "kb/snapshot.hpp"

namespace kb = posterior::kb;

int main(int argc, char** argv) {
  kb::real_files files;
  std::vector<kb::search_place> places;
  for (int i = 1; i < argc; ++i)
    places.push_back({argv[i], kb::bundle_origin::program});
  posterior::diagnostics problems;
  auto merged = kb::merge(kb::discover(files, places, problems));
  for (const auto& d : problems)
    std::printf("%s: %s\n", std::string(to_string(d.level)).c_str(), to_string(d).c_str());
  for (const auto& b : merged.bundles) {
    std::printf("# %s %s (%s)%s\n", b.about.id.c_str(), b.about.version.c_str(), b.location.c_str(),
                has_errors(b.problems) ? " REFUSED"
                : b.shadowed           ? " SHADOWED"
                                       : "");
    for (const auto& d : b.problems)
      std::printf("%s: %s\n", std::string(to_string(d.level)).c_str(), to_string(d).c_str());
  }
  for (const auto& l : merged.content.loops)
    std::printf("loop: %s\n", l.c_str());
  if (!merged.usable)
    return std::puts("the core is not usable"), 12;
  std::printf("%s\n%s\n", summary(merged.content).c_str(), merged.content.digest.c_str());
  return 0;
}
