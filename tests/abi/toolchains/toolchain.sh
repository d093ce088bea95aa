#!/bin/bash
# toolchain.sh NAME PREFIX WORK ASK WORKER: builds the detector of this folder with the toolchain NAME from the SDK installed in
# PREFIX, looks at each library (one symbol, note, no surprise in it), and asks it through WORKER: each must answer as expected.txt.
#   gcc              c11, static, shared, lto, bare
#   clang-libstdcxx  c11, static, shared, bare
#   clang-libcxx     static, shared, bare: with LLVM's own C++ library
# Exit: 0 all as they must be, 1 not, 77 (skipped) without the toolchain; with POSTERIOR_FULL that is 1 too.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tools.sh"
name=$1 prefix=$2 work=$3/$1 ask=$4 worker=$5

fail() { echo "toolchain $name: $1"; exit 1; }

flags='' library_of=libstdc++ variants='c11;static;shared;bare'
case $name in
  gcc) cc=$(first_of gcc) cxx=$(first_of g++) variants="$variants;lto" ;;
  clang-libstdcxx) cc=$(first_of clang clang-14) cxx=$(first_of clang++ clang++-14) ;;
  clang-libcxx) cc=$(first_of clang clang-14) cxx=$(first_of clang++ clang++-14) flags=-stdlib=libc++ library_of=libc++.so
    variants='static;shared;bare' ;;
  *) fail "must be gcc, clang-libstdcxx or clang-libcxx" ;;
esac
[ -n "$cc" ] && [ -n "$cxx" ] || skip "the compilers of $name are not installed"
echo '#include <string>' | "$cxx" $flags -x c++ -fsyntax-only - 2>/dev/null || skip "the C++ library of $name is not installed"

rm -rf "$work"
mkdir -p "$(dirname "$work")"
env -u CFLAGS -u CXXFLAGS -u LDFLAGS cmake -G "${POSTERIOR_GENERATOR:-Ninja}" -S "$here" -B "$work" \
  -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_FLAGS="$flags" \
  -DVARIANTS="$variants" >"$work.log" 2>&1 && cmake --build "$work" >>"$work.log" 2>&1 ||
  { cat "$work.log"; fail "does not build"; }

for variant in ${variants//;/ }; do
  bundle=$work/plugins/$variant library=$work/plugins/$variant/detector.so
  cmake -DNM=nm -DREADELF=readelf -DLIBRARY="$library" -P "$here/../one_symbol.cmake" || fail "$variant: see above"
  drafts=''
  [ "$variant" != bare ] || drafts=org.example.nothing/1
  bash "$here/../note.sh" "$bundle" $drafts || fail "$variant: see above"
  needed=$(readelf -dW "$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | tr '\n' ' ')
  case $variant:$needed in
    shared:*"$library_of"*) ;;
    shared:*) fail "$variant: needs $needed, must need $library_of" ;;
    *c++*) fail "$variant: needs $needed, must have its C++ library in itself" ;;
  esac
  "$ask" "$worker" "$library" >"$work/$variant.txt" || fail "$variant: could not be asked"
  diff "$here/expected.txt" "$work/$variant.txt" || fail "$variant: gives other findings than expected.txt"
  echo "$name $variant: ok, needs $needed"
done
