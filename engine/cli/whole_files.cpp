#include "engine/cli/whole_files.hpp"

#include "engine/cli/output.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/parcel.hpp"
#include "engine/trust/disk.hpp"

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
