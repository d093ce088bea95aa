#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("GET", "/v1/kb/overlay", {{"revision", given.option("--revision")}});
}

} // namespace

command kb_overlay_command() {
  return {"kb",
          "overlay",
          "What this clinic itself says about the shared knowledge, and what disagrees",
          {},
          {{"--revision", "N", "what counted at this revision of the knowledge base"}},
          run};
}

} // namespace posterior::cli
