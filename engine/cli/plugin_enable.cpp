#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("POST", "/v1/plugins/enable", {{"id", given.word(0)}});
}

} // namespace

command plugin_enable_command() {
  return {
      "plugin", "enable", "Switch a plugin on that was switched off", {{"ID", "for example org.example.hip"}},
      {},       run};
}

} // namespace posterior::cli
