#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/whole_files.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/exchange.hpp"
#include "engine/service/local/local.hpp"
#include "engine/service/problem.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cli {
namespace {

std::string as_json(const std::string& file, const service::export_outcome& made, std::int64_t revision) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-export/1").member("file", file);
  w.member("sha256", sha256_hex(made.bytes)).member("bytes", made.bytes.size());
  w.key("knowledge").begin_object().member("revision", revision).member("digest", made.digest).end_object();
  w.member("bundles", made.bundles).end_object();
  return w.take();
}

int run(context& ctx, const arguments& given) {
  const auto opened = service::open_world(ctx.at(), {}, service::make_workers(ctx.at()), {});
  for (const std::string& note : opened.notes)
    say("note", note);
  if (!opened.now)
    return ctx.report(service::problems_response(503, service::exit_code::no_knowledge, opened.problems));
  trust::real_disk disk;
  const auto made = service::export_knowledge(disk, *opened.now->knowledge, ctx.at().home.string());
  if (!made.problems.empty())
    return ctx.report(service::problems_response(500, service::exit_code::failed, made.problems));
  if (const int code = write_whole(ctx, given.word(0), made.bytes))
    return code;
  report::sheet page;
  page.text("Written to " + given.word(0) + ": " + std::to_string(made.bundles) +
            " bundles as data, without code.");
  page.item("knowledge:", made.digest, 1).item("sha256:", sha256_hex(made.bytes), 1);
  print(ctx, page, as_json(given.word(0), made, opened.now->knowledge->revision));
  return service::exit_code::done;
}

} // namespace

command kb_export_command() {
  return {"kb",
          "export",
          "Write the knowledge in force to one file for another machine",
          {{"FILE", "the file to write"}},
          {},
          run};
}

} // namespace posterior::cli
