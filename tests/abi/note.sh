#!/bin/bash
# note.sh BUNDLE [DRAFT...]: the note in the bundle's detector.so must be laid out as sdk/ABI.md says, fit the packed manifest beside
# it, name the drafts and no others, and be there still when everything that can be stripped is. Exit: 0 it does, 1 it does not (what differs is printed).
set -u
bundle=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { sed -n "s/^$1 *= *\"\([^\"]*\)\".*/\1/p" "$bundle/plugin.toml" | head -n 1; }

# The [[file]] entries of the knowledge as `sha256sum` would print them.
knowledge_list() {
  awk -F '"' '/^path = "/ { path = $2 } /^sha256 = "/ && path ~ /^knowledge(\.toml$|\/)/ { print $2 "  " path }' \
    "$bundle/plugin.toml" | LC_ALL=C sort -k 2
}

number() { printf "\\x$(printf %02x $(($1 % 256)))\\x$(printf %02x $(($1 / 256)))\\0\\0"; }

printf 'id=%s\nversion=%s\nabi=%s\nknowledge=%s\n' "$(field id)" "$(field version)" "$(field abi)" \
  "$(knowledge_list | sha256sum | cut -d ' ' -f 1)" >"$work/text"
for draft in "$@"; do echo "draft=$draft" >>"$work/text"; done
bytes=$(wc -c <"$work/text")
{ number 10; number "$bytes"; number 1; printf 'Posterior\0\0\0'; cat "$work/text"
  head -c $(((4 - bytes % 4) % 4)) /dev/zero; } >"$work/wanted"

strip -s -o "$work/bare.so" "$bundle/detector.so" || exit 1
for library in "$bundle/detector.so" "$work/bare.so"; do
  objcopy -O binary --only-section=.note.posterior "$library" "$work/found" || exit 1
  if ! cmp -s "$work/wanted" "$work/found"; then
    echo "$bundle: the note in detector.so does not fit plugin.toml:"
    diff -a "$work/wanted" "$work/found"
    exit 1
  fi
done
readelf -SW "$bundle/detector.so" | grep -q '\.note\.posterior *NOTE .* A ' ||
  { echo "$bundle: .note.posterior is no allocated section of type NOTE"; exit 1; }
readelf -lW "$bundle/detector.so" | grep -q ' \.note\.posterior' ||
  { echo "$bundle: .note.posterior lies in no segment"; exit 1; }
