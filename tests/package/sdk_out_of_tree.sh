#!/bin/sh
# Builds the skeleton as a clinic would: from an SDK installed in an empty prefix, in a folder of its own, knowing nothing of
# this source tree; by find_package with g++ (or CXX) and clang++, under the sanitizers, and by hand with pkg-config.
#   sdk_out_of_tree.sh BUILD_TREE WORK_FOLDER [POSTERIOR]
# With POSTERIOR (the program) it also assesses the skeleton's case and looks for the derived finding.
# Without clang++ that part is left out and said to be; with POSTERIOR_FULL set it must be there.
set -eu
build=$1
work=$2
program=${3:-}
case $program in ?*) export POSTERIOR_HOME="$work/home" ;; esac

fail() {
  echo "sdk_out_of_tree: $1" >&2
  exit 1
}

one_symbol() {
  symbols=$(nm -D --defined-only --format=posix "$1" | cut -d' ' -f1)
  [ "$symbols" = posterior_plugin_v1 ] || fail "$1: exported symbols were '$symbols', must be posterior_plugin_v1"
}

# The sanitizers of older compilers cannot place their shadow memory when a new kernel spreads addresses widely.
plainly() {
  if setarch -R true 2>/dev/null; then setarch -R "$@"; else "$@"; fi
}

# by_cmake FOLDER ARGUMENTS...: configures, builds and tests the clinic's copy of the skeleton in FOLDER.
# No make is needed on the machine: whatever built Posterior builds the plugin.
by_cmake() {
  folder=$1
  shift
  cmake -G "${POSTERIOR_GENERATOR:-Ninja}" -S "$work/clinic" -B "$folder" -DCMAKE_PREFIX_PATH="$work/prefix" \
    ${program:+"-DPOSTERIOR_PROGRAM=$program"} "$@"
  cmake --build "$folder"
  plainly ctest --test-dir "$folder" --output-on-failure --no-tests=error
}

# by_hand COMPILER FOLDER: as somebody without CMake does it, with what pkg-config says.
by_hand() {
  mkdir -p "$2"
  flags="-std=c++17 -O2 -DPOSTERIOR_BUNDLE_ID=\"org.example.bridge-hold\" -DPOSTERIOR_BUNDLE_VERSION=\"0.1.0\""
  flags="$flags $(sdk --cflags)"
  "$1" $flags $(sdk --variable=plugin_cflags) "$work/clinic/detector.cpp" $(sdk --variable=plugin_ldflags) -o "$2/detector.so"
  one_symbol "$2/detector.so"
  "$1" $flags "$work/clinic/detector.cpp" "$work/clinic/detector_test.cpp" -o "$2/detector-test"
  "$2/detector-test"
}
sdk() { PKG_CONFIG_PATH="$work/prefix/share/pkgconfig" PKG_CONFIG_LIBDIR='' pkg-config "$@" posterior-sdk; }

# check_bundle BUNDLE: everything is in it, hashed, and its own.
check_bundle() {
  for file in plugin.toml knowledge.toml README.md detector.so cases/weaker-left.case.toml; do
    [ -f "$1/$file" ] || fail "$1/$file was not found, must be in the bundle"
  done
  # Every file but the manifest is listed with its hash.
  for file in $(cd "$1" && find . -type f ! -name plugin.toml | sed 's|^\./||'); do
    hash=$(sha256sum "$1/$file" | cut -d' ' -f1)
    grep -A1 "^path = \"$file\"$" "$1/plugin.toml" | grep -q "^sha256 = \"$hash\"$" ||
      fail "$1/plugin.toml: the hash of $file was not found, must be listed"
  done
  [ -z "$(find "$1" -perm /022)" ] || fail "$1: something is writable by others, must be by its owner only"
  one_symbol "$1/detector.so"
}

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/prefix" --component sdk >"$work/install.log" ||
  fail "cmake --install did not succeed: see $work/install.log"
cp -r "$work/prefix/share/posterior/skeleton" "$work/clinic"
umask 002

by_cmake "$work/clinic/build" -DCMAKE_BUILD_TYPE=Release
bundle="$work/clinic/build/plugins/bridge-hold"
check_bundle "$bundle"
by_cmake "$work/clinic/build-asan" -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_FLAGS=-fsanitize=address,undefined"
nm "$work/clinic/build-asan/bridge-hold-test" | grep -q __asan_ || fail "bridge-hold-test: no sanitizer in it, must be"
[ "$(sdk --modversion)" = "$(sed -n 's/.*SDK_VERSION "\(.*\)"/\1/p' "$work/prefix/include/posterior/version.h")" ] ||
  fail "posterior-sdk.pc: version was $(sdk --modversion), must be that of version.h"
by_hand "${CXX:-c++}" "$work/by-hand"

if command -v clang++ >/dev/null; then
  by_cmake "$work/clinic/build-clang" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=clang++
  check_bundle "$work/clinic/build-clang/plugins/bridge-hold"
  by_hand clang++ "$work/by-hand-clang"
elif [ -n "${POSTERIOR_FULL:-}" ]; then
  fail "clang++ is not installed, must be for the full tier"
else
  echo "sdk_out_of_tree: without clang++, which is not installed"
fi

if [ -n "$program" ]; then
  POSTERIOR_PLUGIN_PATH="$work/clinic/build/plugins" \
    "$program" assess --local --json "$bundle/cases/weaker-left.case.toml" >"$work/assessment.json"
  grep -q "myclinic:bridge-hold-asymmetry" "$work/assessment.json" ||
    fail "$work/assessment.json: myclinic:bridge-hold-asymmetry was not found, must be part of the assessment"
fi
echo "sdk_out_of_tree: ok"
