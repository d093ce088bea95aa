#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("GET", "/v1/plugins/info", {{"id", given.word(0)}});
}

} // namespace

command plugin_info_command() {
  return {"plugin",
          "info",
          "What one plugin defines, and what it says about others",
          {{"ID", "for example org.posterior.neural-tension, or neural-tension"}},
          {},
          run};
}

} // namespace posterior::cli
