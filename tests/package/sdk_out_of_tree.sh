#!/bin/sh
# Builds the skeleton as a clinic would: from an installed SDK, in a folder of its own, knowing nothing of this source tree.
#   sdk_out_of_tree.sh BUILD_TREE WORK_FOLDER [POSTERIOR]
# With POSTERIOR (the program) it also assesses the skeleton's case and looks for the derived finding.
# CXX chooses the compiler, as everywhere.
set -eu
build=$1
work=$2
program=${3:-}

fail() {
  echo "sdk_out_of_tree: $1" >&2
  exit 1
}

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/prefix" --component sdk >"$work/install.log" ||
  fail "cmake --install did not succeed: see $work/install.log"
cp -r "$work/prefix/share/posterior/skeleton" "$work/clinic"
umask 002
# No make is needed on the machine: whatever built Posterior builds the plugin.
cmake -G "${POSTERIOR_GENERATOR:-Ninja}" -S "$work/clinic" -B "$work/clinic/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/prefix"
cmake --build "$work/clinic/build"
ctest --test-dir "$work/clinic/build" --output-on-failure

bundle="$work/clinic/build/plugins/bridge-hold"
for file in plugin.toml knowledge.toml README.md detector.so cases/weaker-left.case.toml; do
  [ -f "$bundle/$file" ] || fail "$bundle/$file was not found, must be in the bundle"
done
# Every file but the manifest is listed with its hash.
for file in $(cd "$bundle" && find . -type f ! -name plugin.toml | sed 's|^\./||'); do
  hash=$(sha256sum "$bundle/$file" | cut -d' ' -f1)
  grep -A1 "^path = \"$file\"$" "$bundle/plugin.toml" | grep -q "^sha256 = \"$hash\"$" ||
    fail "$bundle/plugin.toml: the hash of $file was not found, must be listed"
done
[ -z "$(find "$bundle" -perm /022)" ] || fail "$bundle: something is writable by others, must be by its owner only"
symbols=$(nm -D --defined-only --format=posix "$bundle/detector.so" | cut -d' ' -f1)
[ "$symbols" = posterior_plugin_v1 ] || fail "detector.so: exported symbols were '$symbols', must be posterior_plugin_v1"

if [ -n "$program" ]; then
  POSTERIOR_HOME="$work/home" POSTERIOR_PLUGIN_PATH="$work/clinic/build/plugins" \
    "$program" assess --local --json "$bundle/cases/weaker-left.case.toml" >"$work/assessment.json"
  grep -q "myclinic:bridge-hold-asymmetry" "$work/assessment.json" ||
    fail "$work/assessment.json: myclinic:bridge-hold-asymmetry was not found, must be part of the assessment"
fi
echo "sdk_out_of_tree: ok"
