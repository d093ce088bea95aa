// Text from outside: what may pass, how wide it is, and which known word it was probably meant to be.
// Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace posterior {

inline constexpr std::size_t text_limit = 2000; // characters of any free text

// Why `text` may not pass (not UTF-8, a control or bidirectional character), or empty. Line feeds pass.
std::string_view unclean(std::string_view text);

// Code points. `text` must be valid UTF-8.
std::size_t length(std::string_view text);

// `text` with every byte a terminal or a log could act on replaced by '?', cut to `limit` bytes.
std::string quoted(std::string_view text, std::size_t limit = 60);

// `text` for HTML and XML, between tags and in attributes: the five signs that mean something there as
// entities, and every control character but the line feed as '?'.
std::string markup(std::string_view text);

// `text` must be valid UTF-8; what is not stands there byte by byte.
std::u32string code_points(std::string_view text);

// Damerau-Levenshtein: letters changed, left out, added, or exchanged with their neighbour (each once).
std::size_t distance(std::u32string_view a, std::u32string_view b);

// The entry of `known` nearest to `text` (Damerau-Levenshtein, at most a third of the longer length), or
// empty. Ties go to the first in order.
std::string_view nearest(std::string_view text, const std::vector<std::string_view>& known);

} // namespace posterior
