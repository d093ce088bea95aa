// Routes about the service itself.
#include "engine/service/answer.hpp"
#include "engine/service/routes.hpp"
#include "engine/service/version.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::service {
namespace {

void add_metric(std::string& out, std::string_view name, std::string_view help, std::uint64_t value) {
  ((out += "# HELP ") += name) += ' ';
  ((out += help) += "\n# TYPE ") += name;
  ((out += " counter\n") += name) += ' ';
  (out += std::to_string(value)) += '\n';
}

void parameters(json_writer& w, const route& r) {
  w.key("parameters").begin_array();
  for (std::string_view name : r.query) {
    w.begin_object().member("name", name).member("in", "query").key("schema").begin_object();
    w.member("type", "string").end_object().end_object();
  }
  w.end_array();
}

void request_body(json_writer& w, const route& r) {
  w.key("requestBody").begin_object().member("description", r.body).key("content").begin_object();
  if (r.body.find("TOML") != std::string_view::npos)
    w.key("application/toml").begin_object().end_object();
  if (r.body.find("JSON") != std::string_view::npos)
    w.key("application/json").begin_object().end_object();
  if (r.body.find("bytes") != std::string_view::npos)
    w.key("application/octet-stream").begin_object().end_object();
  w.end_object().end_object();
}

void operation(json_writer& w, const route& r) {
  w.key(r.method == "POST" ? "post" : "get").begin_object().member("summary", r.summary);
  parameters(w, r);
  if (r.method == "POST" && !r.body.empty())
    request_body(w, r);
  w.key("responses").begin_object().key("200").begin_object();
  w.member("description", r.schema.empty() ? std::string_view("text") : r.schema).end_object();
  w.key("default")
      .begin_object()
      .member("description", "posterior.problem/1")
      .end_object()
      .end_object()
      .end_object();
}

} // namespace

response health_route(const call&) {
  json_writer w;
  w.begin_object().member("schema", "posterior.health/1").member("status", "ok").end_object();
  return json_answer(w.take());
}

response ready_route(const call& c) {
  if (form_of(c.asked.accept) != form::json)
    return text_answer("Ready: knowledge revision " + std::to_string(c.now.knowledge->revision) +
                       ", digest " + c.now.knowledge->digest + "\n");
  json_writer w;
  w.begin_object()
      .member("schema", "posterior.ready/1")
      .member("ready", true)
      .key("knowledge")
      .begin_object();
  w.member("revision", c.now.knowledge->revision)
      .member("digest", c.now.knowledge->digest)
      .end_object()
      .end_object();
  return json_answer(w.take());
}

response version_route(const call& c) {
  if (form_of(c.asked.accept) != form::json)
    return text_answer("posterior " + std::string(engine_version()) + "\n");
  json_writer w;
  w.begin_object().member("schema", "posterior.version/1").member("version", engine_version());
  w.member("api", "v1").end_object();
  return json_answer(w.take());
}

response metrics_route(const call& c) {
  std::string out;
  add_metric(out, "posterior_requests_total", "Requests answered.", c.counted.requests);
  add_metric(out, "posterior_assessments_total", "Cases assessed.", c.counted.assessments);
  add_metric(out, "posterior_cases_refused_total", "Cases with nothing usable.", c.counted.refused_cases);
  add_metric(out, "posterior_in_part_total", "Assessments in which a plugin or an observation was missing.",
             c.counted.in_part);
  add_metric(out, "posterior_errors_total", "Requests that failed.", c.counted.errors);
  return {200, 0, "text/plain; version=0.0.4; charset=utf-8", std::move(out), {}};
}

response openapi_route(const call&) {
  json_writer w;
  w.begin_object().member("openapi", "3.1.0").key("info").begin_object().member("title", "Posterior");
  w.member("version", engine_version()).end_object().key("paths").begin_object();
  for (const route& r : routes()) {
    w.key(r.path).begin_object();
    operation(w, r);
    w.end_object();
  }
  w.end_object().end_object();
  return json_answer(w.take());
}

} // namespace posterior::service
