# scripts.sh ROOT: every shell script of the tree must parse. Exit 1 and the shell's own words if one does not.
cd "$1" || exit 2
failed=0 seen=0
while IFS= read -r file; do
  seen=$((seen + 1))
  bash -n "$file" || failed=1
done < <({ grep -rlIE --exclude-dir=build --exclude-dir=.git --exclude-dir=broken '^#!/bin/(ba)?sh' .
  find . -name '*.sh' -not -path './build/*' -not -path './tests/lint/broken/*'; } | sort -u)
[ "$seen" -gt 0 ] || { echo "$1: no script was found, must be at least one"; exit 1; }
exit $failed
