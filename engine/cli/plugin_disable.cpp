#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("POST", "/v1/plugins/disable", {{"id", given.word(0)}});
}

} // namespace

command plugin_disable_command() {
  return {"plugin",
          "disable",
          "Switch a plugin off: neither its knowledge nor its code counts",
          {{"ID", "for example org.posterior.neural-tension, or neural-tension"}},
          {},
          run};
}

} // namespace posterior::cli
