#include "engine/cli/command.hpp"
#include "engine/cli/whole_files.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/exchange.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/document.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cli {
namespace {

// Which revision that is, as whoever gave it says.
std::int64_t revision_now(context& ctx) {
  const parsed told = parse_json(ctx.ask("GET", "/v1/ready", {}, "application/json").body, "the answer");
  const node* knowledge = told.root ? told.root->find("knowledge") : nullptr;
  const node* revision = knowledge != nullptr ? knowledge->find("revision") : nullptr;
  return revision != nullptr ? revision->integer : 0;
}

std::string as_json(context& ctx, const std::string& file, const parcel_facts& made) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-export/1").member("file", file);
  w.member("sha256", made.sha256).member("bytes", made.bytes);
  w.key("knowledge").begin_object().member("revision", revision_now(ctx)).member("digest", made.knowledge);
  w.end_object().member("bundles", made.folders).end_object();
  return w.take();
}

int run(context& ctx, const arguments& given) {
  const auto made = fetch_parcel(ctx, "/v1/kb/export", given.word(0), service::export_schema);
  if (!made.facts)
    return made.exit_code;
  report::sheet page;
  page.text("Written to " + given.word(0) + ": " + std::to_string(made.facts->folders) +
            " bundles as data, without code.");
  page.item("knowledge:", made.facts->knowledge, 1).item("sha256:", made.facts->sha256, 1);
  print(ctx, page, ctx.options().json ? as_json(ctx, given.word(0), *made.facts) : std::string());
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
