#include "engine/report/plugins.hpp"

#include <algorithm>

#include "engine/report/json_parts.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

std::string_view word(kb::bundle_origin o) {
  switch (o) {
  case kb::bundle_origin::program:
    return "program";
  case kb::bundle_origin::home:
    return "home";
  case kb::bundle_origin::path_variable:
    break;
  }
  return "path";
}

std::string_view word(kb::bundle_form f) {
  switch (f) {
  case kb::bundle_form::pack_file:
    return "pack";
  case kb::bundle_form::source_folder:
    return "folder";
  case kb::bundle_form::packed_folder:
    break;
  }
  return "bundle";
}

std::string state_of(const kb::bundle& b) {
  return b.disabled ? "disabled" : b.shadowed ? "shadowed" : "refused";
}

void manifest_members(json_writer& w, const kb::manifest& m) {
  w.member("id", m.id).member("version", m.version).member("name", m.name).member("summary", m.summary);
  w.member("vendor", m.vendor).member("license", m.license);
}

// How the code of a plugin stands; a plugin without code needs nobody's word.
code_standing standing_of(const std::string& id, bool has_code, const std::vector<code_standing>& all) {
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const code_standing& s) { return s.plugin == id; });
  if (has_code && at != all.end())
    return *at;
  return {id, has_code ? "none" : "data", "", "", "", "", ""};
}

void standing_members(json_writer& w, const code_standing& s) {
  w.member("trust", s.trust).member("why", s.text).member("cure", s.hint).member("key", s.key);
  w.member("store", s.store).member("quarantine", s.quarantine);
}

std::string short_words(const code_standing& s) {
  if (s.trust == "data")
    return "data";
  return "code, " + s.trust + (s.quarantine.empty() ? "" : ", in quarantine");
}

void write_entry(json_writer& w, const kb::plugin_entry& p, const std::vector<code_standing>& code) {
  w.begin_object();
  manifest_members(w, p.about);
  w.member("status", "active").member("code", p.about.has_detector).member("form", word(p.form));
  w.member("origin", word(p.origin)).member("digest", p.digest).member("location", p.location);
  standing_members(w, standing_of(p.about.id, p.about.has_detector, code));
  w.key("problems").begin_array().end_array().end_object();
}

void write_refused(json_writer& w, const kb::bundle& b) {
  w.begin_object();
  manifest_members(w, b.about);
  w.member("status", state_of(b)).member("code", b.about.has_detector).member("form", word(b.form));
  w.member("origin", word(b.origin)).member("digest", b.digest).member("location", b.location);
  standing_members(w, standing_of("", b.about.has_detector, {}));
  w.key("problems").begin_array();
  for (const diagnostic& d : b.problems)
    write(w, d);
  w.end_array().end_object();
}

// What a bundle contributes, by kind: ids that it defines, and statements that join others' items.
struct share {
  std::string kind;
  std::vector<std::string> ids;
};

template <typename T, typename Id>
void add_share(std::vector<share>& out, const char* kind, const std::vector<T>& list,
               const std::string& plugin, Id id) {
  share s{kind, {}};
  for (const T& one : list)
    if (one.from.plugin == plugin)
      s.ids.push_back(id(one));
  if (!s.ids.empty())
    out.push_back(std::move(s));
}

std::vector<share> defines(const kb::snapshot& k, const std::string& plugin) {
  std::vector<share> out;
  const auto id = [](const auto& one) { return one.id; };
  add_share(out, "states", k.all.states, plugin, id);
  add_share(out, "findings", k.all.findings, plugin, id);
  add_share(out, "exercises", k.all.exercises, plugin, id);
  add_share(out, "rules", k.all.rules, plugin, id);
  add_share(out, "precautions", k.all.precautions, plugin, id);
  add_share(out, "sequences", k.all.sequences, plugin, id);
  add_share(out, "tensions", k.all.tensions, plugin, id);
  add_share(out, "claims", k.all.claims, plugin, id);
  add_share(out, "sources", k.all.sources, plugin, id);
  add_share(out, "equipment", k.all.tools, plugin, id);
  add_share(out, "families", k.all.families, plugin, id);
  return out;
}

std::vector<share> says(const kb::snapshot& k, const std::string& plugin) {
  std::vector<share> out;
  const auto id = [](const auto& one) { return one.id(); };
  add_share(out, "links", k.all.links, plugin, id);
  add_share(out, "observes", k.all.readings, plugin, id);
  add_share(out, "indications", k.all.indications, plugin, id);
  return out;
}

void write_shares(json_writer& w, const char* name, const std::vector<share>& list) {
  w.key(name).begin_object();
  for (const share& s : list)
    w.strings(s.kind, s.ids);
  w.end_object();
}

void add_shares(sheet& page, const std::vector<share>& list) {
  for (const share& s : list) {
    std::string ids;
    for (const std::string& id : s.ids)
      ids += (ids.empty() ? "" : ", ") + id;
    page.item(s.kind + " " + std::to_string(s.ids.size()) + ":", ids, 1);
  }
  if (list.empty())
    page.text("nothing", 1);
}

void add_standing(sheet& page, const code_standing& s) {
  if (s.trust == "data" || s.trust == "none")
    return;
  page.item("trust:", s.trust + ": " + s.text, 1, s.hint.empty() ? tone::plain : tone::caution);
  for (const auto& [label, value] :
       {std::pair{"cure:", &s.hint}, {"signed by:", &s.key}, {"loaded from:", &s.store}})
    if (!value->empty())
      page.item(label, *value, 1);
  if (!s.quarantine.empty())
    page.item("quarantine:", s.quarantine, 1, tone::caution);
}

std::string place_words(const place& at) {
  return at.file.empty() && at.line == 0 && at.pointer.empty() ? std::string() : to_string(at) + ": ";
}

} // namespace

std::string plugins_json(const kb::snapshot& k, const std::vector<kb::bundle>& refused,
                         const std::vector<code_standing>& code) {
  json_writer w;
  w.begin_object().member("schema", "posterior.plugins/1").key("knowledge").begin_object();
  w.member("revision", k.revision).member("digest", k.digest).end_object().key("plugins").begin_array();
  for (const kb::plugin_entry& p : k.plugins)
    write_entry(w, p, code);
  for (const kb::bundle& b : refused)
    write_refused(w, b);
  w.end_array().end_object();
  return w.take();
}

sheet plugins_sheet(const kb::snapshot& k, const std::vector<kb::bundle>& refused,
                    const std::vector<code_standing>& code) {
  sheet page;
  page.title("Plugins of knowledge base revision " + std::to_string(k.revision));
  for (const kb::plugin_entry& p : k.plugins) {
    const code_standing stands = standing_of(p.about.id, p.about.has_detector, code);
    page.item("*", p.about.id + " " + p.about.version + " (" + short_words(stands) + ")", 1, tone::strong);
    page.text(p.about.name + ". " + p.about.summary, 3);
    if (!stands.hint.empty())
      page.item("does not run:", stands.text + "; " + stands.hint, 3, tone::caution);
    if (!stands.quarantine.empty())
      page.item("quarantine:", stands.quarantine, 3, tone::caution);
    page.item(std::string(word(p.origin)) + ":", p.location, 3, tone::faint);
  }
  for (const kb::bundle& b : refused) {
    page.item("!", b.about.id + " " + b.about.version + ": " + state_of(b), 1, tone::caution);
    page.item("at:", b.location, 3, tone::faint);
    if (b.shadowed)
      page.item("by:", b.shadowed_by, 3);
    for (const diagnostic& d : b.problems)
      page.item(std::string(to_string(d.level)) + ":", place_words(d.where) + d.text, 3);
  }
  return page;
}

std::string plugin_json(const kb::plugin_entry& p, const kb::snapshot& k,
                        const std::vector<code_standing>& code) {
  json_writer w;
  w.begin_object().member("schema", "posterior.plugin/1");
  manifest_members(w, p.about);
  w.member("homepage", p.about.homepage).member("support", p.about.support).member("prefix", p.about.prefix);
  w.strings("requires", p.about.requires_bundles).member("code", p.about.has_detector);
  w.member("reason", p.about.detector_reason).member("form", word(p.form)).member("origin", word(p.origin));
  w.member("digest", p.digest).member("location", p.location);
  standing_members(w, standing_of(p.about.id, p.about.has_detector, code));
  write_shares(w, "defines", defines(k, p.about.id));
  write_shares(w, "says", says(k, p.about.id));
  w.key("dormant").begin_array();
  for (const kb::dormant& d : k.asleep)
    if (d.plugin == p.about.id)
      w.begin_object().member("statement", d.statement).member("missing", d.missing).end_object();
  w.end_array().end_object();
  return w.take();
}

sheet plugin_sheet(const kb::plugin_entry& p, const kb::snapshot& k, const std::vector<code_standing>& code) {
  sheet page;
  page.title(p.about.name + " (" + p.about.id + " " + p.about.version + ")");
  page.text(p.about.summary, 1);
  page.item("by:", p.about.vendor + ", " + p.about.license, 1);
  page.item("lies at:",
            p.location + " (" + std::string(word(p.origin)) + ", " + std::string(word(p.form)) + ")", 1);
  page.item("digest:", p.digest, 1);
  page.item("code:", p.about.has_detector ? p.about.detector_reason : std::string("none"), 1);
  add_standing(page, standing_of(p.about.id, p.about.has_detector, code));
  page.heading("WHAT IT DEFINES");
  add_shares(page, defines(k, p.about.id));
  page.heading("WHAT IT SAYS ABOUT THESE AND OTHERS");
  add_shares(page, says(k, p.about.id));
  const auto mine = [&](const kb::dormant& d) { return d.plugin == p.about.id; };
  if (std::any_of(k.asleep.begin(), k.asleep.end(), mine))
    page.heading("DORMANT UNTIL SOMEBODY DEFINES WHAT THEY NAME");
  for (const kb::dormant& d : k.asleep)
    if (mine(d))
      page.item("*", d.statement + " names " + d.missing, 1);
  return page;
}

std::string check_json(const diagnostics& problems, bool readable, std::size_t count) {
  json_writer w;
  w.begin_object().member("schema", "posterior.case-check/1").member("readable", readable);
  w.member("faults", has_errors(problems)).member("observations", count).key("diagnostics").begin_array();
  for (const diagnostic& d : problems)
    write(w, d);
  w.end_array().end_object();
  return w.take();
}

sheet check_sheet(const std::string& label, const diagnostics& problems, bool readable, std::size_t count) {
  sheet page;
  for (const diagnostic& d : problems) {
    page.item(std::string(to_string(d.level)) + ":", place_words(d.where) + d.text, 0,
              d.level == severity::error ? tone::alarm : tone::plain);
    if (!d.hint.empty())
      page.item("hint:", d.hint, 1);
  }
  if (!readable)
    page.text(label + ": not readable as a case", 0, tone::alarm);
  else
    page.text(label + ": " + counted(count, "observation", "observations") + " can be used, " +
                  (has_errors(problems) ? "with the faults above" : "without faults"),
              0, has_errors(problems) ? tone::caution : tone::good);
  return page;
}

} // namespace posterior::report
