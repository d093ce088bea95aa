// How wide text is on paper, so that boxes can be drawn around it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace posterior::report {

// In points, of text set in Helvetica (or a face of its widths, as Arial and Liberation Sans are). Signs that
// are not in the table count as a full em, bold as a tenth wider: never less than it will be.
double text_width(std::string_view text, double size, bool bold = false);

// Lines of at most `room` points, broken at blanks; a word that is wider than a line is broken where it must.
std::vector<std::string> lines_of(std::string_view text, double size, double room, bool bold = false);

// The first line of those, with three dots if there are more.
std::string shortened(std::string_view text, double size, double room, bool bold = false);

} // namespace posterior::report
