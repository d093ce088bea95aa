// What the checks of code share. One thread. Private to engine/check.
#pragma once

#include <chrono>
#include <string>

#include "engine/check/check.hpp"
#include "engine/check/lab.hpp"

namespace posterior::check {

// The process ended, or was ended, while the plugin ran.
bool died(const host::detector_answer& a);

// What became of it, to stand after FOUND: "a library that needs a newer ABI (the plugin needs ABI 1.99
// ...)".
std::string in_words(const host::detector_answer& a);

// What to do about it, or empty.
std::string cure_of(const host::detector_answer& a);

// Tells what a trial saw, or that the process ended; `during` names the call. A success tells nothing.
void tell_trial(const subject& s, verdict& out, const host::detector_answer& a, std::string_view during);

double milliseconds_since(std::chrono::steady_clock::time_point began);

} // namespace posterior::check
