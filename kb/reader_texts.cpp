// The words of items in other languages and for patients.
#include "kb/item.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

// A language, and where it matters the country: "de", "pt-BR".
bool is_language(std::string_view text) {
  const auto letters = [](std::string_view part, char from, char to) {
    for (const char c : part)
      if (c < from || to < c)
        return false;
    return true;
  };
  const auto dash = text.find('-');
  const std::string_view tongue = text.substr(0, dash);
  const bool known = (tongue.size() == 2 || tongue.size() == 3) && letters(tongue, 'a', 'z');
  return known && (dash == std::string_view::npos ||
                   (text.size() == dash + 3 && letters(text.substr(dash + 1), 'A', 'Z')));
}

void read_language(item& f, wording& out) {
  out.lang = f.required_text("lang").value_or("");
  if (!out.lang.empty() && !is_language(out.lang))
    f.problem(
        *f.raw("lang"), "bad-language",
        fault("\"lang\" of " + f.what(), describe(*f.raw("lang")), "a language such as \"de\" or \"pt-BR\""));
  if (const auto i = f.choice("audience", {"clinician", "patient"}))
    out.patient = *i == 1;
  if (out.lang == "en" && !out.patient)
    f.problem(*f.raw("lang"), "own-words",
              fault("\"lang\" of " + f.what(), "\"en\" for clinicians", "another language"),
              "the item itself says it in English; for patients add audience = \"patient\"");
}

wording read_wording(item& f) {
  wording w;
  w.of = f.required_reference("of");
  read_language(f, w);
  const std::pair<std::string_view, std::string*> texts[] = {
      {"name", &w.name},       {"text", &w.text}, {"question", &w.question}, {"how", &w.how},
      {"purpose", &w.purpose}, {"why", &w.why},   {"action", &w.action},     {"timing", &w.timing},
      {"caution", &w.caution}, {"note", &w.note}};
  bool any = false;
  for (const auto& [key, into] : texts) {
    *into = f.text_or(key, "");
    any = any || !into->empty();
  }
  const std::pair<std::string_view, std::vector<std::string>*> lists[] = {
      {"levels", &w.levels}, {"cues", &w.cues}, {"errors", &w.errors}, {"stop", &w.stop}};
  for (const auto& [key, into] : lists) {
    *into = f.texts(key);
    any = any || !into->empty();
  }
  if (!any)
    f.problem("no-text", fault(f.what(), "without words", "at least one text, such as \"name\""));
  w.rests_on = f.rests_on(w.patient);
  w.from = f.from();
  return w;
}

} // namespace

void read_texts(fields& top, const reading_context& context, statements& into, diagnostics& problems) {
  read_reviewed_list(top, "text", context, into, into.texts, problems, read_wording);
}

} // namespace posterior::kb
