# format.sh ROOT: every C and C++ file is as clang-format 14 writes it. Exit 77 (skipped) without clang-format 14: other
# versions differ in small things.
cd "$1" || exit 2
tool=$(command -v clang-format-14 || command -v clang-format)
if [ -z "$tool" ] || ! "$tool" --version | grep -q 'version 14\.'; then
  echo "skipped: clang-format 14 is not installed"
  exit 77
fi
find . \( -path ./build -o -path ./.git -o -path ./tests/lint/broken \) -prune -o -not -path "./tests/abi/frozen_*" -type f \
  \( -name '*.cpp' -o -name '*.hpp' -o -name '*.h' -o -name '*.c' \) -print0 |
  xargs -0 -r "$tool" --dry-run --Werror
