#include <unistd.h>

#include "engine/cli/command.hpp"
#include "engine/cli/plugin_files.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"

namespace posterior::cli {
namespace {

// A key by its 44 characters or by its file; else a plugin's id.
bool is_key_file(const std::string& word) {
  return word.ends_with(".pub") || (word.find('/') != std::string::npos && ::access(word.c_str(), F_OK) == 0);
}

int run(context& ctx, const arguments& given) {
  const std::string& word = given.word(0);
  query parameters{{"revoke", given.option("--revoke")}, {"pin", given.option("--pin")}};
  if (trust::key_of(word)) {
    parameters.push_back({"key", word});
    parameters.push_back({"name", given.option("--name")});
  } else if (is_key_file(word)) {
    const file_text text = read_plugin_file(word, 4096);
    const auto read = trust::read_public_key(text.bytes ? *text.bytes : "", word);
    if (!text.bytes || !read.value)
      return ctx.report(service::problems_response(422, service::exit_code::failed,
                                                   {text.bytes ? read.problem : text.problem}));
    parameters.push_back({"key", trust::to_text(*read.value)});
    parameters.push_back({"name", read.value->name});
  } else {
    parameters.push_back({"id", word});
  }
  return ctx.answer("POST", "/v1/plugins/trust", std::move(parameters));
}

} // namespace

command plugin_trust_command() {
  return {"plugin",
          "trust",
          "Let a plugin's code run, lift its quarantine, or trust a key; or take that back",
          {{"PLUGIN", "a plugin's id, a key's 44 characters, or its file NAME.pub"}},
          {{"--revoke", "", "never run this build, or anything that this key signed"},
           {"--pin", "", "pin this very build, also where a key or the program vouches for it"},
           {"--name", "NAME", "whose key it is, for people"}},
          run};
}

} // namespace posterior::cli
