// The causal map in every form.
#include "engine/report/causal_map.hpp"
#include "engine/report/map_pages.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/narrowing.hpp"
#include "engine/service/routes.hpp"

namespace posterior::service {
namespace {

struct choice_read {
  kb::map_choice value;
  std::optional<response> problem;
};

std::string given(const call& c, std::string_view name) {
  const std::string* text = c.where.find(name);
  return text == nullptr ? std::string() : *text;
}

std::optional<response> unknown_in(const call& c, kb::map_choice& choice) {
  const kb::snapshot& k = *c.now.knowledge;
  for (const std::string* id : {&choice.cause, &choice.around})
    if (!id->empty() && k.find_state(*id) == nullptr)
      return unknown_state_problem(k, "the state", *id);
  if (choice.plugin.empty())
    return {};
  const kb::plugin_entry* p = plugin_meant(k, choice.plugin);
  if (p == nullptr)
    return unknown_plugin_problem(k, choice.plugin);
  choice.plugin = p->about.id;
  return {};
}

choice_read read_choice(const call& c) {
  choice_read out{{given(c, "cause"), given(c, "plugin"), given(c, "around"), 1}, {}};
  const int named = (out.value.cause.empty() ? 0 : 1) + (out.value.plugin.empty() ? 0 : 1) +
                    (out.value.around.empty() ? 0 : 1);
  if (named > 1)
    return {{}, usage_problem("what to draw", "two parts of the map", "one of cause, plugin and around")};
  const number_read depth = read_number(c.where, "depth", 1, 20);
  if (depth.problem)
    return {{}, depth.problem};
  if (depth.value && out.value.around.empty())
    return {{}, usage_problem("depth", given(c, "depth"), "given with around")};
  if (depth.value)
    out.value.depth = static_cast<std::size_t>(*depth.value);
  out.problem = unknown_in(c, out.value);
  return out;
}

response nothing_to_draw() {
  return {200, 0, "image/svg+xml",
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1mm\" height=\"1mm\"/>\n",
          "there is no link to draw\n"};
}

response svg_page(const call& c, const std::vector<report::map_page>& pages) {
  if (pages.empty())
    return nothing_to_draw();
  const number_read wanted = read_number(c.where, "page", 1, static_cast<double>(pages.size()));
  if (wanted.problem)
    return *wanted.problem;
  const std::size_t number = wanted.value ? static_cast<std::size_t>(*wanted.value) : 1;
  response out{200,
               0,
               "image/svg+xml",
               report::page_svg(pages[number - 1], number, pages.size(), *c.now.knowledge),
               {}};
  if (pages.size() > 1)
    out.notes = "page " + std::to_string(number) + " of " + std::to_string(pages.size()) +
                ": more than one sheet of paper can hold; `--page N` draws another, `--html FILE` all\n";
  return out;
}

} // namespace

response graph_route(const call& c) {
  const std::string as = given(c, "as");
  if (!as.empty() && as != "dot" && as != "svg")
    return usage_problem("as", as, "dot or svg");
  const choice_read asked = read_choice(c);
  if (asked.problem)
    return *asked.problem;
  const kb::snapshot& k = *c.now.knowledge;
  const kb::causal_map m = kb::map_of(k, asked.value);
  if (as == "dot")
    return {200, 0, "text/vnd.graphviz", report::map_dot(m, asked.value, k), {}};
  const form wanted = form_of(c.asked.accept);
  if (as.empty() && wanted == form::json)
    return json_answer(report::map_json(m, asked.value, k));
  if (as.empty() && wanted == form::text)
    return drawn(report::map_sheet(m, asked.value, k), c, "Posterior: causal map");
  const auto pages = report::pages_of(k, m, report::subject_of(k, asked.value));
  if (as == "svg")
    return svg_page(c, pages);
  return {200, 0, "text/html; charset=utf-8", report::pages_html(pages, k), {}};
}

} // namespace posterior::service
