#include "engine/cli/command.hpp"
#include "engine/cli/whole_files.hpp"
#include "engine/service/exit_codes.hpp"

namespace posterior::cli {
namespace {

constexpr std::string_view path = "/v1/kb/graph";

query chosen(const arguments& given) {
  query out;
  for (const char* name : {"cause", "plugin", "around", "depth", "page"})
    out.emplace_back(name, given.option("--" + std::string(name)));
  return out;
}

int two_forms(context& ctx) {
  diagnostic d;
  d.code = "command-line";
  d.where.file = "posterior kb graph";
  d.text = fault("the form", "two of --dot, --svg, --html and --json", "one of them");
  d.hint = "run the command once for each";
  return ctx.report(d, service::exit_code::usage);
}

int write_page(context& ctx, const arguments& given, const std::string& file) {
  const service::response page = ctx.ask("GET", path, chosen(given), "text/html");
  if (page.status >= 400)
    return ctx.report(page);
  const int code = write_whole(ctx, file, page.body);
  return code != 0 ? code : page.exit_code;
}

int run(context& ctx, const arguments& given) {
  const bool dot = !given.option("--dot").empty(), svg = !given.option("--svg").empty();
  const std::string file = given.option("--html");
  if ((dot ? 1 : 0) + (svg ? 1 : 0) + (file.empty() ? 0 : 1) + (ctx.options().json ? 1 : 0) > 1)
    return two_forms(ctx);
  if (!file.empty())
    return write_page(ctx, given, file);
  query parameters = chosen(given);
  parameters.emplace_back("as", dot ? "dot" : svg ? "svg" : "");
  return ctx.answer("GET", path, std::move(parameters));
}

} // namespace

command kb_graph_command() {
  return {"kb",
          "graph",
          "The causal map: what brings about what, how often, and what is disputed",
          {},
          {{"--svg", "", "drawn for paper, A4 or A3; one page of it"},
           {"--page", "N", "with --svg: this page"},
           {"--html", "FILE", "write all pages, to be printed"},
           {"--dot", "", "as a graph for Graphviz"},
           {"--cause", "ID", "what leads to this state, and what it leads to"},
           {"--plugin", "ID", "the links that this plugin says"},
           {"--around", "ID", "what stands near this state"},
           {"--depth", "N", "with --around: within so many links, 1 if left out"}},
          run};
}

} // namespace posterior::cli
