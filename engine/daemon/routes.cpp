#include "engine/daemon/routes.hpp"

#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::daemon {
namespace {

namespace exit_code = service::exit_code;

service::response forbidden(const char* needed) {
  return service::problem_response(403, exit_code::failed, "daemon.rights", "",
                                   fault("the caller", "somebody without the right to this", needed),
                                   "`id` shows this user's groups");
}

service::response wrong_method() {
  return service::problem_response(405, exit_code::usage, "request.method", "",
                                   fault("the method", "another one", "POST"));
}

service::response reload(keeper& knowledge) {
  keeper::result done = knowledge.load();
  if (!done.loaded)
    return service::problems_response(500, exit_code::failed, done.problems);
  const auto now = knowledge.current();
  json_writer w;
  w.begin_object()
      .member("schema", "posterior.reload/1")
      .member("reloaded", true)
      .key("knowledge")
      .begin_object();
  w.member("revision", now->knowledge->revision)
      .member("digest", now->knowledge->digest)
      .end_object()
      .end_object();
  return {200, 0, "application/json", w.take(), {}};
}

service::response stopping() {
  json_writer w;
  w.begin_object().member("schema", "posterior.stop/1").member("stopping", true).end_object();
  return {200, 0, "application/json", w.take(), {}};
}

} // namespace

handler with_rights(const service::service& asked, keeper& knowledge, std::function<void()> stop) {
  return [&asked, &knowledge, stop = std::move(stop)](const service::request& r, rights may) {
    if (may == rights::none)
      return forbidden("root, the service's user or a member of the socket's group");
    const bool change = r.target == "/v1/reload" || r.target == "/v1/stop";
    if (!change)
      return asked.handle(r);
    if (may != rights::administer)
      return forbidden("root, the service's user or a member of posterior-admin");
    if (r.method != "POST")
      return wrong_method();
    if (r.target == "/v1/reload")
      return reload(knowledge);
    stop();
    return stopping();
  };
}

} // namespace posterior::daemon
