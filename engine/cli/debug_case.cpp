// debug network, debug evidence, debug timings.
#include "engine/cli/case_commands.hpp"
#include "engine/service/exit_codes.hpp"

namespace posterior::cli {
namespace {

const std::vector<argument_spec> one_case{{"CASE", "a case file, or - for standard input"}};

int both_forms(context& ctx) {
  diagnostic d;
  d.code = "command-line";
  d.where.file = "posterior debug network";
  d.text = fault("--dot", "given with --infer", "given alone");
  d.hint = "run the command twice";
  return ctx.report(d, service::exit_code::usage);
}

int network(context& ctx, const arguments& given) {
  const bool dot = !given.option("--dot").empty(), infer = !given.option("--infer").empty();
  if (dot && infer)
    return both_forms(ctx);
  return answer_case(ctx, given, "/v1/debug/network", {{"as", dot ? "dot" : infer ? "infer" : ""}});
}

int evidence(context& ctx, const arguments& given) {
  return answer_case(ctx, given, "/v1/debug/evidence", {});
}

int timings(context& ctx, const arguments& given) {
  return answer_case(ctx, given, "/v1/debug/timings", {});
}

} // namespace

command debug_network_command() {
  return {"debug",
          "network",
          "The network that bears on a case: nodes, leaks, links, evidence",
          one_case,
          {{"--dot", "", "as a graph for Graphviz"}, {"--infer", "", "as the JSON that debug infer takes"}},
          network};
}

command debug_evidence_command() {
  return {"debug",  "evidence", "What every observation of a case became, and how well they go together",
          one_case, {},         evidence};
}

command debug_timings_command() {
  return {"debug", "timings", "Where the time of a case goes, step by step", one_case, {}, timings};
}

} // namespace posterior::cli
