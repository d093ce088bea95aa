#!/bin/bash
# hygiene.sh INCLUDE FAMILY: each public header alone, in each language that it is for, by gcc or clang (FAMILY) with every
# warning that does not contradict what the headers are. Exit: 0 clean, 1 not, 77 (skipped) without the compiler.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/tools.sh"
include=$1 family=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $family in
  gcc)
    cc=$(first_of gcc) cxx=$(first_of g++)
    flags='-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wcast-qual -Werror' ;;
  clang)
    cc=$(first_of clang clang-14) cxx=$(first_of clang++ clang++-14)
    # Left out: what older standards lack (17 is the oldest here), padding and addresses (the layout is frozen as it is, and the
    # border is made of pointers), and options that only some versions know.
    flags='-Weverything -Werror -Wno-unknown-warning-option -Wno-c++98-compat -Wno-c++98-compat-pedantic -Wno-pre-c++17-compat
      -Wno-c++98-compat-local-type-template-args -Wno-padded -Wno-unsafe-buffer-usage -Wno-unsafe-buffer-usage-in-libc-call' ;;
  *) echo "hygiene.sh: compiler was $family, must be gcc or clang"; exit 2 ;;
esac
[ -n "$cc" ] && [ -n "$cxx" ] || skip "$family is not installed"

bad=0 seen=0
# alone HEADER COMPILER SUFFIX OPTIONS...: the header as the first thing that a file includes, and once more after itself.
alone() {
  local header=$1 compiler=$2 file="$work/one.$3"
  shift 3
  printf '#include <%s>\n#include <%s>\nextern int posterior_unused;\n' "$header" "$header" >"$file"
  seen=$((seen + 1))
  "$compiler" $flags "$@" -I"$include" -fsyntax-only "$file" || { echo "$header: not clean by $compiler $*"; bad=1; }
}

while IFS= read -r header; do
  case $header in
    *.h) for dialect in c11 c17; do alone "$header" "$cc" c -std=$dialect; done ;;
  esac
  for dialect in c++17 c++20; do
    alone "$header" "$cxx" cpp -std=$dialect
    case $header in */testing.hpp) ;; *) alone "$header" "$cxx" cpp -std=$dialect -fno-exceptions -fno-rtti ;; esac
  done
done < <(cd "$include" && find posterior -name '*.h' -o -name '*.hpp' | sort)
echo "hygiene: $seen ways to include a header, by $family"
[ "$seen" -gt 0 ] && [ "$bad" -eq 0 ]
