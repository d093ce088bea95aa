#!/bin/bash
# mutations.sh INCLUDE LIST: applies each change of LIST to a copy of the headers below INCLUDE and asks the gate about it
# (frozen.sh, and abidiff.sh where abigail-tools are and it decides or the tier is full). Prints what each said; a change that is not answered as LIST says is
# named on a line of its own. Exit: 0 all as the list says, 1 not.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tools.sh"
include=$1 list=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$include/posterior" "$work/"
abigail=$(first_of abidiff)
[ -n "$abigail" ] || [ -z "${POSTERIOR_FULL:-}" ] || skip "abigail-tools is not installed"

trimmed() { local text=${1#"${1%%[![:space:]]*}"}; printf '%s' "${text%"${text##*[![:space:]]}"}"; }

# mutate WHERE FROM TO: writes the changed header; fails if there is nothing to change, or if it is no C any more: then
# the gate would see the slip of the pen and not the change.
mutate() {
  where=$1 from=${2//\\n/$'\n'} to=${3//\\n/$'\n'} awk '
    { text = text $0 "\n" }
    END {
      if (!(start = index(text, "typedef struct " ENVIRON["where"] " {")) && !(start = index(text, "enum " ENVIRON["where"] " {")))
        start = index(text, ENVIRON["where"])
      at = index(substr(text, start), ENVIRON["from"])
      if (!start || !at) exit 1
      at += start - 1
      printf "%s%s%s", substr(text, 1, at - 1), ENVIRON["to"], substr(text, at + length(ENVIRON["from"]))
    }' "$include/posterior/abi.h" >"$work/posterior/abi.h" &&
    ${CC:-cc} -std=c11 -fsyntax-only -x c "$work/posterior/abi.h"
}

answer_of() { if "$@" >/dev/null 2>&1; then echo green; else echo red; fi; }

total=0 wrong=0
while IFS= read -r line; do
  case $line in '' | '#'*) continue ;; esac
  # A semicolon with a blank on each side divides; one that belongs to C has none before it.
  line=${line// ; /$'\x1f'}
  IFS=$'\x1f' read -r name must where from to <<<"$line"
  total=$((total + 1))
  if ! mutate "$(trimmed "$where")" "$(trimmed "$from")" "$(trimmed "$to")"; then
    echo "does not apply: $name"
    wrong=$((wrong + 1))
    continue
  fi
  frozen=$(answer_of bash "$here/../frozen.sh" "$work" gcc --quick)
  diff=unasked
  [ -z "$abigail" ] || { [ "$must:$frozen" = red:red ] && [ -z "${POSTERIOR_FULL:-}" ]; } || diff=$(answer_of bash "$here/../abidiff.sh" "$work" "$here/../posterior-1.abi")
  printf '%-45s frozen %-5s  abidiff %s\n' "$name" "$frozen" "$diff"
  case $must:$frozen:$diff in
    red:red:* | abidiff:*:red | abidiff:*:unasked | grows:green:red | grows:green:unasked | green:green:green | green:green:unasked) ;;
    red:green:* | abidiff:*) echo "stayed green: $name"; wrong=$((wrong + 1)) ;;
    *) echo "turned red: $name"; wrong=$((wrong + 1)) ;;
  esac
done <"$list"
echo "mutations: $total tried, $wrong not answered as $(basename "$list") says"
[ "$total" -gt 0 ] && [ "$wrong" -eq 0 ]
