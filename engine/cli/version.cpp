#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments&) {
  return ctx.answer("GET", "/v1/version", {});
}

} // namespace

command version_command() {
  return {"", "version", "Print the version", {}, {}, run};
}

} // namespace posterior::cli
