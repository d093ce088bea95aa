#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments&) {
  return ctx.answer("GET", "/v1/kb/verify", {});
}

} // namespace

command kb_verify_command() {
  return {"kb", "verify", "Find any byte of the knowledge base that was changed outside the program",
          {},   {},       run};
}

} // namespace posterior::cli
