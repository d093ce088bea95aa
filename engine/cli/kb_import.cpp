#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/whole_files.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/exchange.hpp"
#include "engine/service/local/local.hpp"
#include "engine/service/problem.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cli {
namespace {

std::string as_json(const service::import_outcome& done, const std::string& now) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-import/1").member("wanted", done.digest);
  w.member("now", now).member("same", done.digest == now).key("bundles").begin_array();
  for (const service::imported_bundle& b : done.bundles)
    w.begin_object()
        .member("plugin", b.plugin)
        .member("version", b.version)
        .member("what", b.what)
        .end_object();
  w.end_array().end_object();
  return w.take();
}

report::sheet as_sheet(const service::import_outcome& done, const std::string& now) {
  report::sheet page;
  for (const service::imported_bundle& b : done.bundles)
    if (b.what == "differs")
      page.item("*", b.plugin + " comes with the program, and the export was made with another build of it",
                1);
    else if (b.what != "bundled")
      page.item("*", b.plugin + " " + b.version + ": " + b.what, 1);
  page.text(done.digest == now
                ? "The knowledge here is now that of the export."
                : "The knowledge here is not that of the export: other plugins are here, or other "
                  "builds of the program's.");
  page.item("export:", done.digest, 1).item("here:", now, 1);
  return page;
}

int run(context& ctx, const arguments& given) {
  const auto bytes = read_whole(ctx, given.word(0));
  if (!bytes)
    return service::exit_code::failed;
  trust::real_disk disk;
  const service::workforce workers = service::make_workers(ctx.at());
  const auto done =
      service::import_knowledge(disk, {ctx.at(), workers.pool, workers.watch, false}, *bytes, given.word(0));
  for (const std::string& note : done.notes)
    say("note", note);
  if (!done.problems.empty())
    return ctx.report(service::problems_response(422, service::exit_code::failed, done.problems));
  const auto opened = service::open_world(ctx.at(), {}, workers, {});
  for (const std::string& note : opened.notes)
    say("note", note);
  if (!opened.now)
    return ctx.report(service::problems_response(503, service::exit_code::no_knowledge, opened.problems));
  const std::string& now = opened.now->knowledge->digest;
  print(ctx, as_sheet(done, now), as_json(done, now));
  return service::exit_code::done;
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
