#include "engine/cli/command.hpp"

namespace posterior::cli {
namespace {

int status(context& ctx, const arguments&) {
  ctx.daemon_only();
  return ctx.answer("GET", "/v1/ready", {});
}

int reload(context& ctx, const arguments&) {
  ctx.daemon_only();
  return ctx.answer("POST", "/v1/reload", {});
}

int stop(context& ctx, const arguments&) {
  ctx.daemon_only();
  return ctx.answer("POST", "/v1/stop", {});
}

} // namespace

command daemon_status_command() {
  return {"daemon", "status", "Say whether a daemon answers, and with which knowledge", {}, {}, status};
}
command daemon_reload_command() {
  return {"daemon", "reload", "Make a running daemon read knowledge and plugins again", {}, {}, reload};
}
command daemon_stop_command() {
  return {"daemon", "stop", "End a running daemon; it finishes what it is asked", {}, {}, stop};
}

} // namespace posterior::cli
