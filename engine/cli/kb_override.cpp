#include "engine/cli/clinic_options.hpp"
#include "engine/service/exit_codes.hpp"
#include "kb/values/document.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::cli {
namespace {

// What is no value in TOML is meant as a text: `name=Tight hip flexors`, `p=often`.
std::string value_of(const std::string& word) {
  const parsed read = parse_toml("x = " + word, "");
  if (word.find('\n') == std::string::npos && read.root && read.root->members.size() == 1 &&
      read.problems.empty())
    return word;
  json_writer w(0);
  w.value(word);
  return w.take();
}

int not_a_field(context& ctx, const std::string& word) {
  diagnostic d;
  d.code = "command-line";
  d.where.file = "posterior kb override";
  d.text = fault("FIELD=VALUE", "\"" + posterior::quoted(word) + "\"", "a field, = and its value");
  d.hint = "for example p=[0.4,0.3,0.5], dose.sets=2 or why=\"In our own words.\"";
  return ctx.report(d, service::exit_code::usage);
}

int run(context& ctx, const arguments& given) {
  std::string fields;
  for (std::size_t i = 1; i < given.words.size(); ++i) {
    const std::string& word = given.words[i];
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string::npos)
      return not_a_field(ctx, word);
    fields += word.substr(0, equals) + " = " + value_of(word.substr(equals + 1)) + "\n";
  }
  return ctx.answer("POST", "/v1/kb/override", signed_query(given, {{"id", given.word(0)}}),
                    std::move(fields));
}

} // namespace

command kb_override_command() {
  return {"kb",
          "override",
          "Say otherwise than a plugin in some fields of a statement: priors, doses, cut-offs, wording",
          {{"ID", "a statement as `posterior kb show` takes it, or scale"},
           {"FIELD=VALUE...",
            "as in kb/FORMAT.md: p=[0.4,0.3,0.5], leak=rarely, dose.sets=2; a rule of the core can only be "
            "made stricter",
            true, true}},
          {by_option, reason_option},
          run};
}

} // namespace posterior::cli
