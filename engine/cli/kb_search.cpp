#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("GET", "/v1/kb/search", {{"q", given.word(0)}});
}

} // namespace

command kb_search_command() {
  return {
      "kb", "search", "Find what the knowledge base says about some words", {{"TEXT", "words to look for"}},
      {},   run};
}

} // namespace posterior::cli
