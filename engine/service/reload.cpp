#include "engine/service/reload.hpp"

#include <algorithm>
#include <tuple>

#include "kb/values/json_writer.hpp"

namespace posterior::service {
namespace {

constexpr std::string_view bundled_prefix = "org.posterior.";

const kb::plugin_entry* entry_of(const world* in, const std::string& id) {
  return in == nullptr ? nullptr : in->knowledge->find_plugin(id);
}

bool means(const reloaded_plugin& p, std::string_view id) {
  return id.empty() || p.id == id || p.id == std::string(bundled_prefix) + std::string(id);
}

reloaded_plugin left_out(const kb::bundle& b) {
  const auto held = std::find_if(b.problems.begin(), b.problems.end(),
                                 [](const diagnostic& d) { return d.code == "bundle.held-back"; });
  const auto first = std::find_if(b.problems.begin(), b.problems.end(),
                                  [](const diagnostic& d) { return d.level == severity::error; });
  const bool is_held = held != b.problems.end();
  const diagnostic& why = is_held ? *held : *first;
  return {b.about.id.empty() ? b.location : b.about.id, b.about.version, b.digest,
          is_held ? "held-back" : "refused",
          (why.where.file == b.location && why.where.line == 0 ? "" : to_string(why.where) + ": ") +
              why.text};
}

} // namespace

std::vector<reloaded_plugin> reloaded(const world* before, const world& now) {
  std::vector<reloaded_plugin> out;
  for (const kb::plugin_entry& p : now.knowledge->plugins) {
    const kb::plugin_entry* was = entry_of(before, p.about.id);
    const char* status = was == nullptr ? "new" : was->digest == p.digest ? "unchanged" : "changed";
    out.push_back(
        {p.about.id, p.about.version, p.digest, status,
         was != nullptr && was->about.version != p.about.version ? "was version " + was->about.version : ""});
  }
  if (before != nullptr)
    for (const kb::plugin_entry& p : before->knowledge->plugins)
      if (entry_of(&now, p.about.id) == nullptr)
        out.push_back({p.about.id, p.about.version, p.digest, "removed", ""});
  for (const kb::bundle& b : now.refused)
    if (!b.shadowed)
      out.push_back(left_out(b));
  std::sort(out.begin(), out.end(), [](const reloaded_plugin& a, const reloaded_plugin& b) {
    return std::tie(a.id, a.status, a.digest) < std::tie(b.id, b.status, b.digest);
  });
  return out;
}

bool is_among(const std::vector<reloaded_plugin>& all, std::string_view id) {
  return std::any_of(all.begin(), all.end(), [&](const reloaded_plugin& p) { return means(p, id); });
}

std::string reload_json(const std::vector<reloaded_plugin>& all, const kb::snapshot& now,
                        std::string_view id) {
  json_writer w;
  w.begin_object().member("schema", "posterior.reload/1").member("reloaded", true);
  w.key("knowledge").begin_object().member("revision", now.revision).member("digest", now.digest);
  w.end_object().key("plugins").begin_array();
  for (const reloaded_plugin& p : all)
    if (means(p, id))
      w.begin_object()
          .member("id", p.id)
          .member("version", p.version)
          .member("digest", p.digest)
          .member("status", p.status)
          .member("detail", p.detail)
          .end_object();
  w.end_array().end_object();
  return w.take();
}

report::sheet reload_sheet(const std::vector<reloaded_plugin>& all, const kb::snapshot& now,
                           std::string_view id) {
  report::sheet page;
  page.text("Reloaded: knowledge revision " + std::to_string(now.revision) + ", digest " + now.digest);
  std::size_t same = 0;
  for (const reloaded_plugin& p : all) {
    if (!means(p, id))
      continue;
    if (p.status == "unchanged" && id.empty()) {
      ++same;
      continue;
    }
    const bool bad = p.status == "held-back" || p.status == "refused";
    page.item(p.status + ":",
              p.id + (p.version.empty() ? "" : " " + p.version) + (p.detail.empty() ? "" : ": " + p.detail),
              0, bad ? report::tone::alarm : report::tone::plain);
  }
  if (same > 0)
    page.text(std::to_string(same) + (same == 1 ? " plugin is" : " plugins are") + " as before.");
  return page;
}

} // namespace posterior::service
