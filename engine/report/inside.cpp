#include "engine/report/inside.hpp"

#include <algorithm>

#include "engine/report/words.hpp"
#include "kb/values/elementary.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/odds.hpp"

namespace posterior::report {
namespace {

using inference::case_question;
using inference::node_index;

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

const inference::node_meaning& meaning(const assess::inside& in, const case_question& q, std::size_t v) {
  return in.ground().nodes()[ix(q.node[v])];
}

std::string kind_of(const inference::node_meaning& m) {
  if (m.gate)
    return "gate";
  return m.either ? "either-side" : std::string(to_string(m.state->kind));
}

std::string with_likelihood(double absent, double present) {
  const auto exact = [](double x) {
    return format_number(static_cast<double>(static_cast<int>(x * 1000 + 0.5)) / 1000);
  };
  std::string out = exact(absent) + " if absent, " + exact(present) + " if present";
  if (absent > 0 && present > 0) {
    const double db = decibel * (log(present) - log(absent));
    out += db < 0 ? ", " : ", +";
    out += short_number(db) + " dB";
  }
  return out;
}

std::string group_of(const assess::inside& in, const case_question& q, std::size_t row) {
  return in.seen().groups()[q.group[row]];
}

void write_links(json_writer& w, const inference::network_question& q) {
  w.key("links").begin_array();
  for (const auto& l : q.net.links)
    w.begin_object()
        .member("from", q.ids[ix(l.from)])
        .member("to", q.ids[ix(l.to)])
        .member("probability", l.p)
        .end_object();
  w.end_array().key("pairs").begin_array();
  for (const auto& s : q.net.shocks)
    w.begin_object()
        .member("a", q.ids[ix(s.a)])
        .member("b", q.ids[ix(s.b)])
        .member("probability", s.p)
        .end_object();
  w.end_array().key("tables").begin_array();
  for (const auto& t : q.net.tables) {
    w.begin_object().member("node", q.ids[ix(t.node)]).key("parents").begin_array();
    for (node_index p : t.parents)
      w.value(q.ids[ix(p)]);
    w.end_array().key("present").begin_array();
    for (double p : t.present)
      w.value(p);
    w.end_array().end_object();
  }
  w.end_array();
}

void write_likelihood(json_writer& w, const inference::observation& o) {
  w.key("likelihood").begin_array();
  for (double x : o.likelihood)
    w.value(x);
  w.end_array();
}

bool has_table(const inference::network_question& q, std::size_t v) {
  return std::any_of(q.net.tables.begin(), q.net.tables.end(),
                     [&](const auto& t) { return ix(t.node) == v; });
}

bool was_seen(const inference::network_question& q, std::size_t v) {
  return std::any_of(q.seen.begin(), q.seen.end(), [&](const auto& o) { return ix(o.node) == v; });
}

} // namespace

std::string network_json(const assess::inside& in, const case_question& q) {
  json_writer w;
  w.begin_object().member("schema", "posterior.debug-network/1").key("nodes").begin_array();
  for (std::size_t v = 0; v < q.node.size(); ++v) {
    const auto& m = meaning(in, q, v);
    w.begin_object().member("id", q.asked.ids[v]).member("state", m.state->id).member("name", m.state->name);
    w.member("side", to_string(m.where)).member("kind", kind_of(m));
    w.member("leak", q.asked.net.leak[v]).end_object();
  }
  w.end_array();
  write_links(w, q.asked);
  w.key("evidence").begin_array();
  for (std::size_t row = 0; row < q.asked.seen.size(); ++row) {
    w.begin_object().member("node", q.asked.ids[ix(q.asked.seen[row].node)]);
    w.member("group", group_of(in, q, row));
    write_likelihood(w, q.asked.seen[row]);
    w.end_object();
  }
  w.end_array().end_object();
  return w.take();
}

std::string question_json(const inference::network_question& q) {
  json_writer w;
  w.begin_object().key("nodes").begin_array();
  for (std::size_t v = 0; v < q.ids.size(); ++v) {
    w.begin_object().member("id", q.ids[v]);
    if (!has_table(q, v))
      w.member("leak", q.net.leak[v]);
    w.end_object();
  }
  w.end_array();
  write_links(w, q);
  w.key("evidence").begin_array();
  for (const auto& o : q.seen) {
    w.begin_object().member("node", q.ids[ix(o.node)]);
    write_likelihood(w, o);
    w.end_object();
  }
  w.end_array().end_object();
  return w.take();
}

sheet network_sheet(const assess::inside& in, const case_question& q) {
  sheet page;
  page.title("The network that bears on this case");
  page.text(counted(q.node.size(), "node", "nodes") + ", " +
            counted(q.asked.net.links.size(), "link", "links") + ", " +
            counted(q.asked.net.shocks.size(), "pair", "pairs") + ", " +
            counted(q.asked.net.tables.size(), "table", "tables"));
  page.heading("Nodes, with what brings them about");
  for (std::size_t v = 0; v < q.node.size(); ++v) {
    const auto& m = meaning(in, q, v);
    page.entry(q.asked.ids[v] + " (" + kind_of(m) + ")");
    if (!m.either)
      page.item("by itself:", format_number(q.asked.net.leak[v]), 1);
    for (const auto& l : q.asked.net.links)
      if (ix(l.to) == v)
        page.item("by", q.asked.ids[ix(l.from)] + ": " + format_number(l.p), 1);
    for (const auto& s : q.asked.net.shocks)
      if (ix(s.a) == v || ix(s.b) == v)
        page.item("with", q.asked.ids[ix(ix(s.a) == v ? s.b : s.a)] + ": " + format_number(s.p), 1);
    for (std::size_t row = 0; row < q.asked.seen.size(); ++row)
      if (const auto& o = q.asked.seen[row]; ix(o.node) == v)
        page.item("seen:", group_of(in, q, row) + ", " + with_likelihood(o.likelihood[0], o.likelihood[1]),
                  1);
  }
  return page;
}

std::string network_dot(const assess::inside& in, const case_question& q) {
  std::string out = "digraph case {\n  rankdir=LR;\n  node [shape=box];\n";
  for (std::size_t v = 0; v < q.node.size(); ++v) {
    const auto& m = meaning(in, q, v);
    out += "  " + in_quotes(q.asked.ids[v]) + " [label=" +
           in_quotes(with_side(m.state->name, m.where) + (m.either ? " (" + kind_of(m) + ")" : ""));
    if (m.state->kind == kb::state_kind::cause && !m.either)
      out += ", style=bold";
    out += was_seen(q.asked, v) ? ", peripheries=2];\n" : "];\n";
  }
  for (const auto& l : q.asked.net.links)
    out += "  " + in_quotes(q.asked.ids[ix(l.from)]) + " -> " + in_quotes(q.asked.ids[ix(l.to)]) +
           " [label=" + in_quotes(probability(l.p)) + "];\n";
  for (const auto& s : q.asked.net.shocks)
    out += "  " + in_quotes(q.asked.ids[ix(s.a)]) + " -> " + in_quotes(q.asked.ids[ix(s.b)]) +
           " [dir=none, style=dashed];\n";
  for (const auto& t : q.asked.net.tables)
    for (node_index p : t.parents)
      out += "  " + in_quotes(q.asked.ids[ix(p)]) + " -> " + in_quotes(q.asked.ids[ix(t.node)]) +
             " [style=dotted];\n";
  return out + "}\n";
}

std::string evidence_json(const assess::evidence_view& e) {
  json_writer w;
  const auto refs = [&](std::string_view name, const std::vector<cases::observation_ref>& list) {
    w.key(name).begin_array();
    for (const auto& r : list)
      w.begin_object()
          .member("finding", r.finding)
          .member("side", to_string(r.where))
          .member("text", r.text)
          .end_object();
    w.end_array();
  };
  w.begin_object().member("schema", "posterior.debug-evidence/1").key("observations").begin_array();
  for (const assess::voice& v : e.voices) {
    w.begin_object().member("finding", v.seen.finding).member("side", to_string(v.seen.where));
    w.member("text", v.seen.text).member("node", v.node).member("group", v.group);
    w.member("reading", v.reading).key("likelihood").begin_array().value(v.absent).value(v.present);
    w.end_array().member("counted", v.counted).end_object();
  }
  w.end_array().key("pooled").begin_array();
  for (const assess::pooled_voice& p : e.pooled)
    w.begin_object()
        .member("node", p.node)
        .member("group", p.group)
        .key("likelihood")
        .begin_array()
        .value(p.absent)
        .value(p.present)
        .end_array()
        .end_object();
  w.end_array();
  refs("counted_in", e.counted_in);
  refs("silent", e.silent);
  w.member("impossible", e.impossible);
  if (e.known)
    w.member("log10_evidence", e.log10_evidence)
        .member("conflict", e.conflict)
        .member("no_cause_present", e.none_present);
  w.end_object();
  return w.take();
}

sheet evidence_sheet(const assess::evidence_view& e) {
  sheet page;
  page.title("What every observation became");
  std::string node;
  for (const assess::voice& v : e.voices) {
    if (v.node != node)
      page.entry(node = v.node);
    page.item("-",
              v.seen.text + " (" + v.group + ", " + v.reading + "): " + with_likelihood(v.absent, v.present) +
                  (v.counted ? "" : "; not counted: opinions say enough already"),
              1);
  }
  page.heading("Pooled by family");
  for (const assess::pooled_voice& p : e.pooled)
    page.item("-", p.group + " about " + p.node + ": " + with_likelihood(p.absent, p.present), 1);
  if (!e.counted_in.empty())
    page.heading("Counted in a derived finding");
  for (const auto& r : e.counted_in)
    page.item("-", r.text, 1);
  if (!e.silent.empty())
    page.heading("Recorded, and no statement reads it");
  for (const auto& r : e.silent)
    page.item("-", r.text, 1);
  page.heading("All together");
  if (e.impossible)
    page.text("What was recorded cannot all be true under this knowledge.", 1, tone::alarm);
  else if (!e.known)
    page.text("The network is too wide for an exact answer.", 1);
  if (!e.known)
    return page;
  page.item("log10 P(evidence):", short_number(e.log10_evidence), 1);
  page.item("conflict measure:",
            short_number(e.conflict) +
                " (log10 P(evidence) less that of each group alone; far below 0: they hardly go together)",
            1);
  page.item("P(no modelled cause present):", format_number(e.none_present), 1);
  return page;
}

std::string timings_json(const assess::timings& t) {
  json_writer w;
  w.begin_object().member("schema", "posterior.debug-timings/1").key("steps").begin_array();
  for (const assess::step_time& s : t.steps)
    w.begin_object()
        .member("step", s.step)
        .member("micros", s.micros)
        .member("runs", s.runs)
        .member("operations", s.operations)
        .end_object();
  w.end_array().member("nodes", t.nodes).member("links", t.links).member("width", t.width);
  w.member("cells", t.cells).end_object();
  return w.take();
}

sheet timings_sheet(const assess::timings& t) {
  sheet page;
  page.title("Where the time of this case goes");
  page.text(counted(t.nodes, "node", "nodes") + " and " + counted(t.links, "link", "links") +
            " matter; the largest table has " + std::to_string(t.width) + " nodes; one run touches " +
            short_number(t.cells) + " cells");
  page.heading("Steps");
  for (const assess::step_time& s : t.steps)
    page.item(s.step + ":",
              short_number(s.micros) + " us" +
                  (s.runs > 0
                       ? ", " + short_number(s.runs) + " runs, " + short_number(s.operations) + " cells"
                       : ""),
              1);
  return page;
}

} // namespace posterior::report
