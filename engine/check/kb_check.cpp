#include "engine/check/kb_check.hpp"

#include <algorithm>

#include "kb/values/json_writer.hpp"

namespace posterior::check {
namespace {

void count(const kb_outcome& o, kb_check_report& into) {
  switch (o.check.level) {
  case severity::error:
    into.errors += o.remarks.size();
    break;
  case severity::warning:
    into.warnings += o.remarks.size();
    break;
  case severity::note:
    into.notes += o.remarks.size();
    break;
  }
}

void write(json_writer& w, const kb_remark& r) {
  w.begin_object().member("statement", r.statement).member("plugin", r.plugin).member("file", r.where.file);
  if (r.where.line > 0)
    w.member("line", r.where.line);
  w.member("text", r.text).member("hint", r.hint).end_object();
}

void write(json_writer& w, const kb_outcome& o) {
  w.begin_object()
      .member("id", o.check.id)
      .member("name", o.check.name)
      .member("description", o.check.description)
      .member("level", to_string(o.check.level));
  w.key("found").begin_array();
  for (const kb_remark& r : o.remarks)
    write(w, r);
  w.end_array().end_object();
}

} // namespace

std::vector<kb_spec> all_kb_checks() {
  std::vector<kb_spec> out;
  for (const auto& part :
       {kb_network_checks(), kb_basis_checks(), kb_exercise_checks(), kb_safety_checks(), kb_text_checks()})
    out.insert(out.end(), part.begin(), part.end());
  return out;
}

std::vector<std::string> unknown_kb_checks(const std::set<std::string>& only) {
  const std::vector<kb_spec> all = all_kb_checks();
  std::vector<std::string> out;
  for (const std::string& id : only)
    if (std::none_of(all.begin(), all.end(), [&](const kb_spec& c) { return c.id == id; }))
      out.push_back(id);
  return out;
}

kb_check_report check_knowledge(const kb_subject& s, const std::set<std::string>& only, bool strict) {
  kb_check_report out;
  out.strict = strict;
  for (const kb_spec& c : all_kb_checks()) {
    if (!only.empty() && !only.contains(std::string(c.id)))
      continue;
    kb_remarks found;
    c.run(s, found);
    out.outcomes.push_back({c, found.take()});
    count(out.outcomes.back(), out);
  }
  out.sound = !out.outcomes.empty() && out.errors == 0 && (!strict || out.warnings == 0);
  return out;
}

std::string as_json(const kb_check_report& r, const kb::snapshot& knowledge) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-check/1");
  w.key("knowledge")
      .begin_object()
      .member("revision", knowledge.revision)
      .member("digest", knowledge.digest)
      .end_object();
  w.member("strict", r.strict).member("sound", r.sound);
  w.key("summary")
      .begin_object()
      .member("errors", r.errors)
      .member("warnings", r.warnings)
      .member("notes", r.notes)
      .end_object();
  w.key("checks").begin_array();
  for (const kb_outcome& o : r.outcomes)
    write(w, o);
  w.end_array().end_object();
  return w.take();
}

} // namespace posterior::check
