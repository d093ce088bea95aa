// The fields of what statements of all kinds share; see schema.hpp. Private to kb.
#pragma once

#include <concepts>
#include <type_traits>

#include "kb/model.hpp"

namespace posterior::kb {

template <typename T, typename U>
concept is = std::same_as<std::remove_const_t<T>, U>;

template <typename V, is<citation> T>
void visit(V& v, T& s) {
  v("source", s.source);
  v("place", s.place);
}

template <typename V, is<code> T>
void visit(V& v, T& s) {
  v("system", s.system);
  v("code", s.value);
  v("relation", s.relation);
  v("seen", s.seen);
}

template <typename V, is<basis> T>
void visit(V& v, T& s) {
  v("claims", s.claims);
  v("sources", s.sources);
  v("judgement", s.judgement);
  v("grade", s.level);
  v("seen", s.seen);
  v("contested", s.contested);
}

} // namespace posterior::kb
