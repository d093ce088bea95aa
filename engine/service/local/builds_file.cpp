#include "engine/service/local/builds_file.hpp"

#include "kb/values/fields.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::service {
namespace {

constexpr std::string_view schema = "posterior.builds/1";

good_build read_good(const node& from, const std::string& file, diagnostics& problems) {
  fields f(from, file, "builds", "a build", problems);
  good_build out{f.required_text("location").value_or(""), f.required_text("digest").value_or(""),
                 f.text_or("copy", "")};
  f.finish();
  return out;
}

kb::held_bundle read_held(const node& from, const std::string& file, diagnostics& problems) {
  fields f(from, file, "builds", "a held build", problems);
  kb::held_bundle out{f.required_text("location").value_or(""), f.required_text("digest").value_or(""),
                      f.required_text("why").value_or(""), f.text_or("instead", "")};
  f.finish();
  return out;
}

} // namespace

std::string builds_text(const builds& all) {
  json_writer w;
  w.begin_object().member("schema", schema).key("good").begin_array();
  for (const good_build& one : all.good)
    w.begin_object()
        .member("location", one.location)
        .member("digest", one.digest)
        .member("copy", one.copy)
        .end_object();
  w.end_array().key("held").begin_array();
  for (const kb::held_bundle& one : all.held)
    w.begin_object()
        .member("location", one.location)
        .member("digest", one.digest)
        .member("why", one.why)
        .member("instead", one.instead)
        .end_object();
  w.end_array().end_object();
  return w.take();
}

std::optional<builds> read_builds(std::string_view text, const std::string& file, std::string& why) {
  parsed document = parse_json(text, file);
  diagnostics problems = std::move(document.problems);
  builds out;
  if (document.root) {
    fields f(*document.root, file, "builds", "the list of builds", problems);
    f.required_choice("schema", {schema});
    for (const node* one : f.tables("good"))
      out.good.push_back(read_good(*one, file, problems));
    for (const node* one : f.tables("held"))
      out.held.push_back(read_held(*one, file, problems));
    f.finish();
  }
  if (!has_errors(problems) && document.root)
    return out;
  why = problems.empty() ? file + ": cannot be read" : to_string(problems.front());
  return std::nullopt;
}

} // namespace posterior::service
