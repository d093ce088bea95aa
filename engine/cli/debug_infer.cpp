#include "engine/cli/case_file.hpp"
#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/message.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  file_bytes read = read_network_file(given.word(0));
  if (!read.bytes)
    return ctx.report(read.problem, service::exit_code::failed);
  const bool named = !ctx.options().socket.empty() || ctx.variables()("POSTERIOR_SOCKET");
  if (read.bytes->size() > service::body_bytes_limit && !named && !ctx.options().local) {
    say("note", "the network is longer than a daemon takes; answered in this process");
    ctx.stay_here();
  }
  return ctx.answer("POST", "/v1/debug/infer",
                    {{"states", given.option("--states")}, {"name", given.word(0)}}, std::move(*read.bytes));
}

} // namespace

command debug_infer_command() {
  return {
      "debug",
      "infer",
      "What a network of binary nodes says about them: the engine alone, without the knowledge base",
      {{"NETWORK", "a JSON file, or - for standard input: {\"nodes\": [{\"id\", \"leak\"}], "
                   "\"links\": [{\"from\", \"to\", \"probability\"}], "
                   "\"evidence\": [{\"node\", \"likelihood\": [P(seen | absent), P(seen | present)]}]}, and "
                   "\"pairs\", \"tables\", \"graded\" as network.schema.json has them"}},
      {{"--states", "N", "also the N most probable joint states, at most 16"}},
      run};
}

} // namespace posterior::cli
