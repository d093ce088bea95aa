#include "engine/cli/whole_files.hpp"

#include <set>

#include "engine/cli/output.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/parcel.hpp"
#include "engine/trust/disk.hpp"
#include "kb/values/digest.hpp"

namespace posterior::cli {

int write_whole(context& ctx, const std::string& file, const std::string& bytes) {
  const std::string why = write_private_file(file, bytes);
  if (why.empty())
    return service::exit_code::done;
  return ctx.report({severity::error,
                     "output.not-written",
                     {file, 0, 0, ""},
                     "the file could not be written: " + why,
                     "name a file in a folder that this user may write to"},
                    service::exit_code::failed);
}

std::optional<std::string> read_whole(context& ctx, const std::string& file) {
  auto bytes = trust::real_disk().read(file, service::parcel_bytes_limit);
  if (bytes)
    return std::move(*bytes);
  ctx.report({severity::error,
              "input.not-read",
              {file, 0, 0, ""},
              fault("the file", kb::error_text(bytes.error), "one that can be read"),
              ""},
             service::exit_code::failed);
  return std::nullopt;
}

namespace {

parcel_facts facts_of(const std::string& bytes, const service::parcel& what) {
  std::set<std::string> folders;
  for (const service::parcel_file& f : what.files)
    if (const std::size_t first = f.path.find('/'), second = f.path.find('/', first + 1);
        second != std::string::npos)
      folders.insert(f.path.substr(0, second));
  return {sha256_hex(bytes), what.knowledge, bytes.size(), what.files.size(), folders.size()};
}

} // namespace

// What was given is looked at before it is kept.
fetched fetch_parcel(context& ctx, std::string_view path, const std::string& file, std::string_view schema) {
  const service::response given = ctx.ask("GET", path, {}, "application/json");
  if (given.status >= 400)
    return {{}, ctx.report(given)};
  std::string why;
  const auto what = service::read_parcel(given.body, "the answer", schema, why);
  if (!what)
    return {
        {},
        ctx.report({severity::error, "output.not-whole", {}, why, "try again"}, service::exit_code::failed)};
  if (const int code = write_whole(ctx, file, given.body))
    return {{}, code};
  return {facts_of(given.body, *what), service::exit_code::done};
}

void print(context& ctx, const report::sheet& page, const std::string& json) {
  if (ctx.options().json)
    return static_cast<void>(write_out(json));
  report::look look;
  for (const auto& [name, value] : ctx.look()) {
    if (name == "width")
      look.width = std::stoi(value);
    else
      look.colour = value == "1";
  }
  write_out(report::render_text(page, look));
}

} // namespace posterior::cli
