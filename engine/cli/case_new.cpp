#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments&) {
  return ctx.answer("GET", "/v1/case/form", {});
}

} // namespace

command case_new_command() {
  return {"case", "new", "Print a commented blank case form", {}, {}, run};
}

} // namespace posterior::cli
