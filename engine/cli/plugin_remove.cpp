#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("POST", "/v1/plugins/remove", {{"id", given.word(0)}});
}

} // namespace

command plugin_remove_command() {
  return {"plugin",
          "remove",
          "Remove an installed plugin, and say what now sleeps",
          {{"ID", "for example org.example.hip"}},
          {},
          run};
}

} // namespace posterior::cli
