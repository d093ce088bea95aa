// What is merged, written and read again, in both forms in which it is kept.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include "kb/canonical.hpp"
#include "kb/codec.hpp"
#include "kb/merge.hpp"

namespace posterior::kb {

// Every statement reads back from its canonical text, and all of them from the compiled form, as the same.
inline void check_reads_back(const merge_result& m) {
  statements back;
  scale words;
  for (const canonical_line& l : canonical_lines(m.content.all, m.content.words)) {
    INFO(l.text);
    REQUIRE(read_canonical(l.text, l.from ? *l.from : origin{}, back, words));
  }
  CHECK(digest(back, words) == m.content.digest);
  compiled kept;
  REQUIRE(decode(encode({m.content, m.bundles}), kept));
  CHECK(digest(kept.content.all, kept.content.words) == m.content.digest);
}

} // namespace posterior::kb
