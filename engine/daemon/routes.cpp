#include "engine/daemon/routes.hpp"

#include "engine/service/answer.hpp"
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

service::response reload(keeper& knowledge, const service::request& asked, const service::target& where) {
  const std::string* id = where.find("id");
  const std::string wanted = id == nullptr ? "" : *id;
  const keeper::result done = knowledge.load();
  if (!done.loaded)
    return service::problems_response(500, exit_code::failed, done.problems);
  if (!service::is_among(done.plugins, wanted))
    return service::unknown_problem("the plugin", wanted, "`posterior plugin list` lists them");
  const kb::snapshot& now = *done.now->knowledge;
  if (service::form_of(asked.accept) == service::form::json)
    return service::json_answer(service::reload_json(done.plugins, now, wanted));
  return service::text_answer(
      report::render_text(service::reload_sheet(done.plugins, now, wanted), service::look_of(where)));
}

// A change of plugins takes effect at once; if what it made cannot be loaded, what was in force stays.
service::response changed(const service::service& asked, keeper& knowledge, const service::request& r) {
  service::response given = asked.handle(r);
  if (given.status != 200)
    return given;
  const keeper::result done = knowledge.load();
  if (!done.loaded)
    given.notes += "the daemon goes on with the knowledge it had; `posterior doctor` says why\n";
  return given;
}

service::response stopping(const service::request& asked) {
  if (service::form_of(asked.accept) != service::form::json)
    return service::text_answer("Stopping.\n");
  json_writer w;
  w.begin_object().member("schema", "posterior.stop/1").member("stopping", true).end_object();
  return {200, 0, "application/json", w.take(), {}};
}

} // namespace

handler with_rights(const service::service& asked, keeper& knowledge, std::function<void()> stop) {
  return [&asked, &knowledge, stop = std::move(stop)](const service::request& r, rights may) {
    if (may == rights::none)
      return forbidden("root, the service's user or a member of the socket's group");
    const auto where = service::parse_target(r.target);
    const bool plugins = service::changes_something(r.target);
    if (service::only_for_owner(r.target) && may != rights::administer)
      return forbidden("root, the service's user or a member of posterior-admin");
    const bool change = plugins || (where && (where->path == "/v1/reload" || where->path == "/v1/stop"));
    if (!change)
      return asked.handle(r);
    if (may != rights::administer)
      return forbidden("root, the service's user or a member of posterior-admin");
    if (r.method != "POST")
      return wrong_method();
    if (plugins)
      return changed(asked, knowledge, r);
    if (where->path == "/v1/reload")
      return reload(knowledge, r, *where);
    stop();
    return stopping(r);
  };
}

} // namespace posterior::daemon
