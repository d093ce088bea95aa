#include "engine/cli/command.hpp"
#include "engine/cli/whole_files.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/backup.hpp"
#include "engine/service/problem.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  const auto bytes = read_whole(ctx, given.word(0));
  if (!bytes)
    return service::exit_code::failed;
  trust::real_disk disk;
  const auto done = service::restore_backup(disk, ctx.at(), *bytes, given.word(0));
  if (!done.problems.empty())
    return ctx.report(service::problems_response(
        422, done.newer ? service::exit_code::no_knowledge : service::exit_code::failed, done.problems));
  json_writer w;
  w.begin_object().member("schema", "posterior.restore/1").member("file", given.word(0));
  w.member("files", done.files).member("digest", done.digest).end_object();
  report::sheet page;
  page.text("Restored " + std::to_string(done.files) + " files to " + ctx.at().home.string() +
            ". A running daemon takes them up with `posterior daemon reload`.");
  if (!done.digest.empty())
    page.item("knowledge:", done.digest, 1);
  print(ctx, page, w.take());
  return service::exit_code::done;
}

} // namespace

command restore_command() {
  return {"",
          "restore",
          "Bring this home back to what a backup holds: all of it, or nothing",
          {{"FILE", "what `posterior backup` wrote"}},
          {},
          run};
}

} // namespace posterior::cli
