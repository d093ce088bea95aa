#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  ctx.daemon_only();
  return ctx.answer("POST", "/v1/reload", {{"id", given.words.empty() ? "" : given.word(0)}});
}

} // namespace

command plugin_reload_command() {
  return {"plugin",
          "reload",
          "Make a running daemon read the plugins again",
          {{"ID", "tell of this plugin only; all are read", false}},
          {},
          run};
}

} // namespace posterior::cli
