#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments&) {
  return ctx.answer("GET", "/v1/plugins", {});
}

} // namespace

command plugin_list_command() {
  return {"plugin", "list", "List the plugins, and those that were refused with the reason", {}, {}, run};
}

} // namespace posterior::cli
