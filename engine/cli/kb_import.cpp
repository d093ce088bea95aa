#include "engine/cli/command.hpp"
#include "engine/cli/whole_files.hpp"
#include "engine/service/exit_codes.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  auto bytes = read_whole(ctx, given.word(0));
  return bytes ? ctx.answer("POST", "/v1/kb/import", {{"name", given.word(0)}}, std::move(*bytes))
               : service::exit_code::failed;
}

} // namespace

command kb_import_command() {
  return {"kb",
          "import",
          "Install what another machine exported: checked first, data only",
          {{"FILE", "what `posterior kb export` wrote"}},
          {},
          run};
}

} // namespace posterior::cli
