#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  std::string words;
  for (const std::string& word : given.words)
    words += (words.empty() ? "" : " ") + word;
  return ctx.answer("GET", "/v1/kb/search",
                    {{"q", words},
                     {"kind", given.option("--kind")},
                     {"plugin", given.option("--plugin")},
                     {"grade", given.option("--grade")},
                     {"source", given.option("--source")},
                     {"lang", given.option("--lang")},
                     {"max", given.option("--max")},
                     {"revision", given.option("--revision")}});
}

} // namespace

command kb_search_command() {
  return {"kb",
          "search",
          "Find what the knowledge base says about some words",
          {{"TEXT...", "words and their beginnings, \"a phrase\"; after --, -word leaves out", true, true}},
          {{"--kind", "KIND", "only state, finding, exercise, rule, claim, cause, ..."},
           {"--plugin", "ID", "only what this plugin says"},
           {"--grade", "GRADE", "only high, moderate, low, very-low or opinion"},
           {"--source", "ID", "only what rests on this source or claim"},
           {"--lang", "LANG", "in the texts of this language, for example de"},
           {"--max", "N", "at most this many, 1 to 200; usually 20"},
           {"--revision", "N", "as it was at this revision of the knowledge base"}},
          run};
}

} // namespace posterior::cli
