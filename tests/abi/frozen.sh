#!/bin/bash
# frozen.sh INCLUDE FAMILY [--quick]: compiles each frozen_1_*.c with the headers below INCLUDE, by gcc or clang (FAMILY),
# as C11, C17, C++17 and C++20, each also with -fshort-enums; clang as C also for arm64. --quick: C11 and C++17, stops at the first fault.
# Exit: 0 all hold, 1 one does not, 77 (skipped) without the compiler; with POSTERIOR_FULL set that is 1 too.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/tools.sh"
include=$1 family=$2 quick=${3:-}

case $family in
  gcc) cc=$(first_of gcc) cxx=$(first_of g++) ;;
  clang) cc=$(first_of clang clang-14) cxx=$(first_of clang++ clang++-14) ;;
  *) echo "frozen.sh: compiler was $family, must be gcc or clang"; exit 2 ;;
esac
[ -n "$cc" ] && [ -n "$cxx" ] || skip "$family is not installed"

dialects='c11 c17 c++17 c++20'
[ -z "$quick" ] || dialects='c11 c++17'
bad=0
for frozen in "$here"/frozen_1_*.c; do
  for dialect in $dialects; do
    case $dialect in c++*) compiler=$cxx language=c++ ;; *) compiler=$cc language=c ;; esac
    for extra in '' -fshort-enums; do
      "$compiler" -std="$dialect" -x "$language" $extra -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$include" \
        "$frozen" && continue
      echo "$(basename "$frozen"): $compiler -std=$dialect $extra: does not hold"
      [ -z "$quick" ] || exit 1
      bad=1
    done
  done
done
# Without a C library of that machine: the headers need only what a freestanding compiler has.
if [ "$family" = clang ]; then
  for frozen in "$here"/frozen_1_*.c; do
    for machine in aarch64-linux-gnu x86_64-linux-gnu; do
      "$cc" --target=$machine -ffreestanding -nostdlibinc -std=c11 -Wall -Wextra -Werror -fsyntax-only -I"$include" "$frozen" ||
        { echo "$(basename "$frozen"): $machine: does not hold"; bad=1; }
    done
  done
fi
[ "$bad" -eq 0 ] && [ -z "$quick" ] && echo "frozen: ok as $dialects by $("$cxx" --version | head -n 1)"
exit "$bad"
