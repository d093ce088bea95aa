#include "engine/daemon/log_writer.hpp"

#include <array>
#include <memory>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace posterior::daemon {
namespace {

using service::log_category;
using service::log_level;

constexpr std::array categories{log_category::daemon, log_category::kb, log_category::host,
                                log_category::http};

spdlog::level::level_enum level_of(log_level level) {
  switch (level) {
  case log_level::debug:
    return spdlog::level::debug;
  case log_level::info:
    return spdlog::level::info;
  case log_level::warning:
    return spdlog::level::warn;
  case log_level::error:
    break;
  }
  return spdlog::level::err;
}

std::string_view priority(log_level level) {
  switch (level) {
  case log_level::debug:
    return "<7>";
  case log_level::info:
    return "<6>";
  case log_level::warning:
    return "<4>";
  case log_level::error:
    break;
  }
  return "<3>";
}

using loggers = std::array<std::shared_ptr<spdlog::logger>, categories.size()>;

loggers make_loggers(log_level level, bool journal) {
  const auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink->set_pattern(journal ? "%v" : "%Y-%m-%dT%H:%M:%S.%e %l %v");
  loggers out;
  for (const log_category c : categories) {
    auto one = std::make_shared<spdlog::logger>(std::string(to_string(c)), sink);
    one->set_level(level_of(level));
    one->flush_on(spdlog::level::trace);
    out[static_cast<std::size_t>(c)] = std::move(one);
  }
  return out;
}

} // namespace

service::log_sink standard_error_log(log_level level, bool journal) {
  return [all = make_loggers(level, journal), journal](log_category c, log_level at,
                                                       const service::log_entry& e) {
    std::string line(journal ? priority(at) : std::string_view{});
    ((line += to_string(c)) += ": ") += e.line();
    all[static_cast<std::size_t>(c)]->log(level_of(at), spdlog::string_view_t(line.data(), line.size()));
  };
}

} // namespace posterior::daemon
