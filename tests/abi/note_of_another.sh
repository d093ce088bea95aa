#!/bin/bash
# note_of_another.sh BUNDLE: what note.sh says of copies of the bundle with another version and with other knowledge.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
refused=0
for change in 's/^version = .*/version = "9.9.9"/' '/^path = "knowledge/{n;s/"./"x/}'; do
  rm -rf "$work/bundle" && cp -r "$1" "$work/bundle"
  sed -i "$change" "$work/bundle/plugin.toml"
  bash "$here/note.sh" "$work/bundle" || refused=$((refused + 1))
done
[ "$refused" -eq 2 ] && echo "refused both"
