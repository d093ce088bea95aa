// Routes that give and take whole files: exports of the knowledge, and backups of a home.
#include <utility>

#include "engine/service/answer.hpp"
#include "engine/service/case_requests.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::service {
namespace {

response no_home() {
  return problem_response(503, exit_code::failed, "home.none", "",
                          fault("the home", "not known", "named by POSTERIOR_HOME or HOME"));
}

response whole_file(std::string bytes) {
  return {200, exit_code::done, "application/gzip", std::move(bytes), {}};
}

std::string as_json(const import_outcome& done) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-import/1").member("wanted", done.digest);
  w.member("now", done.now).member("same", done.digest == done.now).key("bundles").begin_array();
  for (const imported_bundle& b : done.bundles)
    w.begin_object()
        .member("plugin", b.plugin)
        .member("version", b.version)
        .member("what", b.what)
        .end_object();
  w.end_array().end_object();
  return w.take();
}

report::sheet as_sheet(const import_outcome& done) {
  report::sheet page;
  for (const imported_bundle& b : done.bundles)
    if (b.what == "differs")
      page.item("*", b.plugin + " comes with the program, and the export was made with another build of it",
                1);
    else if (b.what != "bundled")
      page.item("*", b.plugin + " " + b.version + ": " + b.what, 1);
  page.text(done.digest == done.now
                ? "The knowledge here is now that of the export."
                : "The knowledge here is not that of the export: other plugins are here, or other "
                  "builds of the program's.");
  page.item("export:", done.digest, 1).item("here:", done.now, 1);
  return page;
}

} // namespace

response export_route(const call& c) {
  if (!c.exchange.give)
    return no_home();
  export_outcome made = c.exchange.give(*c.now.knowledge);
  return made.problems.empty() ? whole_file(std::move(made.bytes))
                               : problems_response(500, exit_code::failed, made.problems);
}

response backup_route(const call& c) {
  if (!c.exchange.back_up)
    return no_home();
  backup_outcome made = c.exchange.back_up();
  return made.problems.empty() ? whole_file(std::move(made.bytes))
                               : problems_response(500, exit_code::failed, made.problems);
}

response import_route(const call& c) {
  if (!c.exchange.take)
    return no_home();
  const std::string* name = c.where.find("name");
  const import_outcome done = c.exchange.take(c.asked.body, name == nullptr ? "the file" : label(c.where));
  if (!done.problems.empty())
    return problems_response(422, exit_code::failed, done.problems);
  response given = form_of(c.asked.accept) == form::json ? json_answer(as_json(done))
                                                         : drawn(as_sheet(done), c, "Posterior: import");
  for (const std::string& note : done.notes)
    given.notes += note + "\n";
  return given;
}

} // namespace posterior::service
