#include "engine/cli/clinic_options.hpp"

namespace posterior::cli {
namespace {

int run(context& ctx, const arguments& given) {
  return ctx.answer("POST", "/v1/kb/review",
                    signed_query(given, {{"id", given.word(0)}, {"verdict", given.word(1)}}));
}

} // namespace

command kb_review_command() {
  return {"kb",
          "review",
          "Judge a draft: two people must accept it before it reasons, one can reject it",
          {{"ID", "a draft that `posterior kb drafts` names"}, {"VERDICT", "accept or reject"}},
          {by_option, reason_option},
          run};
}

} // namespace posterior::cli
