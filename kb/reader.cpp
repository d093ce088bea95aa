#include "kb/reader.hpp"

#include <array>

#include "kb/item.hpp"
#include "kb/schema.hpp"

namespace posterior::kb {
namespace {

// `[[equipment]]` and the like in any bundle but core.
void only_core_may(fields& top, std::string_view kind) {
  const node* list = top.raw(kind);
  if (list)
    top.problem(*list, "core-only",
                fault("[[" + std::string(kind) + "]]", "in another bundle", "in " + std::string(core_id)));
}

} // namespace

bool is_house_id(std::string_view bundle_id) {
  return bundle_id.starts_with("org.posterior.");
}

void read_statements(const node& root, const reading_context& context, bool pack, statements& into,
                     diagnostics& problems) {
  fields top(root, context.file, "kb", "the document", problems);
  if (pack) {
    top.raw("schema");
    top.raw("plugin");
  }
  read_references(top, context, into, problems);
  read_states(top, context, into, problems);
  read_findings(top, context, into, problems);
  read_readings(top, context, into, problems);
  read_links(top, context, into, problems);
  read_rules(top, context, into, problems);
  read_exercises(top, context, into, problems);
  read_texts(top, context, into, problems);
  read_sequences(top, context, into, problems);
  if (!context.core)
    for (const auto kind : {"equipment", "site", "rule"})
      only_core_may(top, kind);
  top.finish();
}

std::size_t count(const statements& s) {
  std::size_t out = 0;
  each_kind(s, [&](std::string_view, const auto& list) { out += list.size(); });
  return out;
}

} // namespace posterior::kb
