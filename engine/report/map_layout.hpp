// Where the boxes, lines and words of a causal map lie. Points (1/72 inch) from the top left corner, y
// downwards. Boxes stand in columns; every line runs in the channels between columns, and its word lies on
// it right before the box where it arrives, so that no word can meet a box or another word. Pure and
// deterministic; any thread.
#pragma once

#include <string>
#include <vector>

#include "kb/causal_map.hpp"

namespace posterior::report {

struct map_point {
  double x = 0, y = 0;
};

struct map_rect {
  double x = 0, y = 0, width = 0, height = 0;
};

struct map_box {
  map_rect at;
  std::vector<std::string> lines; // of the state's name
};

// A line, as points between which it runs straight where both have one height, else as a curve that is level
// at both ends.
struct map_line {
  std::vector<map_point> path; // from the left to the right
  bool reversed = false;       // it points to the left
  std::string word;            // how strong, and the numbers of notes
  map_rect word_at;
};

struct map_column {
  double x = 0, width = 0;
  std::string heading;
};

struct map_layout {
  double width = 0, height = 0;
  std::vector<map_box> boxes;  // one for each state
  std::vector<map_line> lines; // one for each link
  std::vector<map_column> columns;
};

inline constexpr double name_size = 8.6;  // of the letters in boxes
inline constexpr double word_size = 7.6;  // of those on lines
inline constexpr double sign_width = 9.5; // room for the sign of what is disputed

// `words`: what stands on each line; behind it is room for the sign where the link is disputed.
map_layout lay_out(const kb::causal_map& m, const std::vector<std::string>& words);

// "risks", "causes and impairments".
std::string plural_of(kb::state_kind kind);

} // namespace posterior::report
