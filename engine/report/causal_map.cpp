#include "engine/report/causal_map.hpp"

#include <algorithm>

#include "engine/report/map_pages.hpp"
#include "engine/report/statement_parts.hpp"
#include "engine/report/words.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {
namespace {

std::vector<std::string> plugins_of(const kb::link& l, const kb::snapshot& s) {
  std::vector<std::string> out;
  for (const kb::contribution& c : s.contributions_to(l.id()))
    out.push_back(c.from.plugin);
  if (out.empty())
    out.push_back(l.from.plugin);
  return out;
}

void write(json_writer& w, const kb::map_state& one) {
  w.begin_object().member("id", one.what->id).member("name", one.what->name);
  w.member("kind", to_string(one.what->kind)).member("lateral", one.what->lateral);
  w.member("contested_mechanism", one.doubted).member("plugin", one.what->from.plugin).end_object();
}

void write(json_writer& w, const kb::map_link& one, const kb::snapshot& s) {
  const kb::link& l = *one.what;
  w.begin_object().member("id", l.id()).member("from", l.source).member("to", l.target);
  w.member("side", l.opposite ? "opposite" : "same");
  estimate_member(w, "p", l.p);
  w.strings("only_with", l.only_with).strings("unless", l.unless).member("because", l.because);
  w.member("disputed", one.disputed).member("cut", l.cut).member("cut_reason", l.cut_reason);
  w.member("grade", to_string(l.rests_on.level)).strings("plugins", plugins_of(l, s)).end_object();
}

// "often brings about Forward tilt (only with ...), disputed".
std::string line_of(const kb::map_link& one, const kb::snapshot& s) {
  const kb::link& l = *one.what;
  std::string out = state_name(l.target, s) + ": " + strength_of(l);
  for (const std::string& id : l.only_with)
    out += ", only with " + state_name(id, s);
  for (const std::string& id : l.unless)
    out += ", unless " + state_name(id, s);
  if (l.opposite)
    out += ", on the other side";
  if (one.disputed)
    out += ", disputed";
  return l.cut ? out + ", cut: " + l.cut_reason : out;
}

std::string_view shape_of(kb::state_kind kind) {
  switch (kind) {
  case kb::state_kind::risk:
    return "shape=box, style=\"rounded";
  case kb::state_kind::cause:
    return "shape=box, penwidth=2, style=\"solid";
  case kb::state_kind::symptom:
    return "shape=ellipse, style=\"solid";
  case kb::state_kind::other:
    return "shape=box, peripheries=2, style=\"solid";
  case kb::state_kind::impairment:
  case kb::state_kind::home:
    break;
  }
  return "shape=box, style=\"solid";
}

std::string dot_node(const kb::map_state& one) {
  return "  " + in_quotes(one.what->id) +
         " [label=" + in_quotes(one.what->name + (one.doubted ? " (?)" : "")) + ", " +
         std::string(shape_of(one.what->kind)) + (one.doubted ? ",dashed" : "") + "\"];\n";
}

std::string dot_edge(const kb::map_link& one, const kb::snapshot& s) {
  const kb::link& l = *one.what;
  std::string words = strength_of(l);
  for (const std::string& id : l.only_with)
    words += ", only with " + state_name(id, s);
  for (const std::string& id : l.unless)
    words += ", unless " + state_name(id, s);
  if (l.opposite)
    words += ", other side";
  if (one.disputed)
    words += " (?)";
  std::string out = "  " + in_quotes(l.source) + " -> " + in_quotes(l.target) +
                    " [penwidth=" + short_number(0.5 + 2.5 * l.p.mean);
  if (l.cut)
    out += ", style=dotted, constraint=false, tooltip=" + in_quotes("cut: " + l.cut_reason);
  else if (one.disputed)
    out += ", style=dashed";
  return out + ", label=" + in_quotes(l.cut ? words + ", cut: " + l.cut_reason : words) + "];\n";
}

} // namespace

std::string subject_of(const kb::snapshot& s, const kb::map_choice& choice) {
  if (!choice.cause.empty())
    return "what leads to " + state_name(choice.cause, s) + ", and what it leads to";
  if (!choice.around.empty())
    return state_name(choice.around, s) + " and what stands within " +
           counted(choice.depth, "link", "links") + " of it";
  return choice.plugin.empty() ? std::string() : "what " + choice.plugin + " says";
}

std::string map_json(const kb::causal_map& m, const kb::map_choice& choice, const kb::snapshot& s) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-graph/1").key("knowledge").begin_object();
  w.member("revision", s.revision).member("digest", s.digest).end_object();
  w.key("asked").begin_object().member("cause", choice.cause).member("plugin", choice.plugin);
  w.member("around", choice.around).member("depth", choice.depth).end_object();
  w.key("states").begin_array();
  for (const kb::map_state& one : m.states)
    write(w, one);
  w.end_array().key("links").begin_array();
  for (const kb::map_link& one : m.links)
    write(w, one, s);
  w.end_array().key("without_links").begin_array();
  for (const kb::state* one : m.apart)
    w.value(one->id);
  w.end_array().end_object();
  return w.take();
}

sheet map_sheet(const kb::causal_map& m, const kb::map_choice& choice, const kb::snapshot& s) {
  sheet page;
  const std::string subject = subject_of(s, choice);
  page.title("Causal map" + (subject.empty() ? "" : ": " + subject));
  page.text(counted(m.states.size(), "state", "states") + ", " + counted(m.links.size(), "link", "links") +
                "; `--svg` and `--html FILE` draw it",
            0, tone::faint);
  for (std::size_t v = 0; v < m.states.size(); ++v) {
    const auto leads = [&](const kb::map_link& l) { return l.from == v; };
    if (std::none_of(m.links.begin(), m.links.end(), leads))
      continue;
    page.entry(m.states[v].what->name + " (" + std::string(to_string(m.states[v].what->kind)) +
               (m.states[v].doubted ? ", contested mechanism)" : ")"));
    for (const kb::map_link& l : m.links)
      if (l.from == v)
        page.item(l.what->cut ? ".." : l.disputed ? "?" : "->", line_of(l, s), 1);
  }
  std::vector<std::string> alone;
  for (const kb::state* one : m.apart)
    alone.push_back(one->name);
  if (!alone.empty())
    page.gap().item("without a link:", listing(alone));
  return page;
}

std::string map_dot(const kb::causal_map& m, const kb::map_choice& choice, const kb::snapshot& s) {
  const std::string subject = subject_of(s, choice);
  std::string out = "digraph causal_map {\n  rankdir=LR;\n  node [fontname=\"Helvetica\", fontsize=10];\n"
                    "  edge [fontname=\"Helvetica\", fontsize=8];\n  labelloc=b;\n  fontsize=8;\n  label=" +
                    in_quotes("Causal map" + (subject.empty() ? "" : ": " + subject) +
                              "; knowledge revision " + std::to_string(s.revision) + ", digest " + s.digest +
                              "; dashed (?): disputed; dotted: cut, shown but not reasoned with") +
                    ";\n";
  for (const kb::map_state& one : m.states)
    out += dot_node(one);
  for (const kb::map_link& one : m.links)
    out += dot_edge(one, s);
  return out + "}\n";
}

} // namespace posterior::report
