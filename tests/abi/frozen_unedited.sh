#!/bin/bash
# Each frozen file must be what freeze_abi makes from the headers kept beside it: neither was edited alone.
set -u
here=$(cd "$(dirname "$0")" && pwd)
seen=0
for frozen in "$here"/frozen_1_*.c; do
  minor=${frozen##*_} && minor=${minor%.c}
  seen=$((seen + 1))
  diff "$frozen" <(bash "$here/freeze_abi" --print "$here/sdk-1.$minor/include") ||
    { echo "$frozen: not what freeze_abi makes of sdk-1.$minor, must stay as it was frozen"; exit 1; }
done
[ "$seen" -gt 0 ]
