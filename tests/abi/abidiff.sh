#!/bin/bash
# abidiff.sh INCLUDE BASELINE [--write]: holds the ABI of the headers below INCLUDE against BASELINE (abidw's output), or
# writes it. First every struct and named enumeration of the header must stand in what abidw saw: a stripped or incomplete anchor
# would show no change at all. Then any change fails, a legal one too: the commit that makes it also makes the baseline anew.
# The baseline is of x86-64. Exit: 0 the same, 1 not, 77 (skipped) without abigail-tools; with POSTERIOR_FULL that is 1 too.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/tools.sh"
include=$(cd "$1" && pwd) baseline=$2 write=${3:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ "$(uname -m)" = x86_64 ] || { echo "skipped: the baseline is of x86-64"; exit 77; }
[ -n "$(first_of abidw)" ] && [ -n "$(first_of abidiff)" ] || skip "abigail-tools is not installed"

# From its own folder, so that no path of this machine is part of what is compared.
(cd "$here" && ${CC:-cc} -std=c11 -g -O0 -shared -fPIC -fvisibility=hidden ${ANCHOR_FLAGS:-} -I"$include" anchor.c -o "$work/abi-anchor.so") ||
  { echo "anchor.c: does not compile with the headers of $include"; exit 1; }
abidw --no-corpus-path --no-comp-dir-path --no-show-locs --out-file "$work/now.abi" "$work/abi-anchor.so" || exit 1

bad=0
for name in $(sed -n 's/^\(typedef struct\|enum\) \(posterior_[a-z_]*\) {.*/\2/p' "$include/posterior/abi.h"); do
  grep -q "<\(class\|enum\)-decl name='$name'.* id=" "$work/now.abi" ||
    { echo "$name: not found in what abidw saw of the anchor, must be there"; bad=1; }
done
[ "$bad" -eq 0 ] || exit 1

if [ "$write" = --write ]; then
  mv "$work/now.abi" "$baseline"
elif ! abidiff --harmless "$baseline" "$work/now.abi"; then
  echo "abidiff: a change was found, must be none (a new minor makes the baseline anew: tests/abi/freeze_abi --baseline)"
  exit 1
fi
