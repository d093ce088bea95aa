// How texts and queries become words. Private to kb; pure, any thread.
//
// Words are what FTS5's tokenizer unicode61 makes of a text: runs of letters and digits, without case and
// accents. Splitting and folding here agree with it for Latin letters and common punctuation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace posterior::kb {

// The words of a text as they are written.
std::vector<std::string_view> words_in(std::string_view text);

// Without case and accents.
std::string folded(std::string_view word);

// One part of a query: a word (which may be the beginning of one), or several that stand together.
struct query_part {
  std::vector<std::string> words;
  bool whole = false; // a phrase in quotes: no beginnings
};

struct query_parts {
  std::vector<query_part> wanted, unwanted;
};
// A quote without its end and a minus that stands alone are no more than blanks. At most 32 parts.
query_parts parts_of_query(std::string_view text);

// About twelve words of `text` around what was wanted, this in [brackets]; the beginning where nothing of it
// occurs. `found` says whether something does.
std::string excerpt(std::string_view text, const std::vector<query_part>& wanted, bool& found);

// How far a word may be from another to be taken for it: 1 for up to 5 letters, else 2; nothing for numbers
// and for words under three letters.
std::size_t tolerance(std::string_view word);

} // namespace posterior::kb
