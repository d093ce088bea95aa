// Which check speaks for a diagnostic of the readers, so that nothing is checked twice and nothing that they
// found is lost. Pure; any thread.
#pragma once

#include <string_view>

#include "engine/check/check.hpp"

namespace posterior::check {

// "K01" for a code that is not known here.
std::string_view check_of(const diagnostic& d);

// Takes what the readers found that belongs to the check of this id.
void take_readers(const subject& s, std::string_view id, verdict& out);

} // namespace posterior::check
