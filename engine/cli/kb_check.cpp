#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("GET", "/v1/kb/check",
                    {{"only", given.option("--only")},
                     {"strict", given.option("--strict")},
                     {"notes", given.option("--notes")}});
}

} // namespace

command kb_check_command() {
  return {"kb",
          "check",
          "Check the knowledge in force as a whole: loops, doses, rules that nothing can raise",
          {},
          {{"--only", "ID,...", "only these checks"},
           {"--strict", "", "warnings are faults"},
           {"--notes", "", "write out every note, not the first few"}},
          run};
}

} // namespace posterior::cli
