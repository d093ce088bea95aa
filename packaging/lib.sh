# Shared by the scripts of this folder, which source it; it does nothing by itself.
#
# A script sets `me` to its own name first. It needs bash and coreutils and nothing else, runs with any
# locale and without HOME, and asks nothing on the terminal.

PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$root/build"

say() { printf '%s: %s\n' "$me" "$*"; }

# error TEXT [HINT]: both go to stderr in the form that every program of the project uses.
error() {
  printf '%s: error: %s\n' "$me" "$1" >&2
  [ $# -lt 2 ] || printf '%s: hint: %s\n' "$me" "$2" >&2
}

# jobs: how many compilers run at once: one a processor, but each gets 1.2 GB of memory. At least 1.
jobs_that_fit() {
  local processors memory_kb fit
  processors=$(nproc 2>/dev/null || echo 1)
  memory_kb=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null)
  fit=$(( ${memory_kb:-1200000} / 1200000 ))
  [ "$fit" -ge 1 ] || fit=1
  [ "$fit" -lt "$processors" ] && echo "$fit" || echo "$processors"
}

# minutes SECONDS: "48 s" or "3 min 05 s".
minutes() {
  if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi
}

# watch: copies stdin to the file $log and shows how far it is: the counters "[12/340]" of ninja, "12/340 Test"
# of ctest and the percentages of apt. On a terminal one line that moves, elsewhere a line each quarter.
watch() {
  local line at of quarter shown=0 moving=''
  [ -t 1 ] && moving=1
  while IFS= read -r line || [ -n "$line" ]; do
    printf '%s\n' "$line" >>"$log"
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || [[ $line =~ ^\ *([0-9]+)/([0-9]+)\ Test ]]; then
      at=${BASH_REMATCH[1]} of=${BASH_REMATCH[2]}
    elif [[ $line =~ ^(dl|pm)status:[^:]*:([0-9]+) ]]; then
      at=${BASH_REMATCH[2]} of=100
    else
      continue
    fi
    if [ -n "$moving" ]; then
      printf '\r    [%s/%s] ' "$at" "$of"
    elif [ "$of" -ge 20 ]; then
      quarter=$((at * 4 / of))
      if [ "$quarter" -gt "$shown" ]; then shown=$quarter; printf '    [%s/%s]\n' "$at" "$of"; fi
    fi
  done
  [ -z "$moving" ] || printf '\r                    \r'
}

# logged COMMAND...: runs it with no stdin, all output to $log and the counters on the screen; its exit status.
logged() {
  printf '$ %s\n' "$*" >>"$log"
  "$@" </dev/null 2>&1 | watch
  return "${PIPESTATUS[0]}"
}

# last_lines: what a failed step said, on stderr: its first errors, which long messages push out of sight, and its end.
last_lines() {
  awk '/^[$] / { n = 0 } /error:|^E: |CMake Error/ { if (n < 5) first[n++] = $0 }
    END { for (i = 0; i < n; i++) print "    " first[i] }' "$log" >&2
  printf -- '--- the last 30 lines of %s\n' "${log#"$root"/}" >&2
  tail -n 30 "$log" >&2
}

# configure PRESET: makes build/PRESET, or leaves it as it is when nothing that decides about it has changed.
configure() {
  local folder="$build/$1" home=''
  if [ -f "$folder/CMakeCache.txt" ]; then
    home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$folder/CMakeCache.txt")
  fi
  # A tree that was copied or moved carries the paths of its old place.
  if [ -n "$home" ] && [ "$home" != "$root" ]; then
    logged cmake --fresh --preset "$1"
  elif [ ! -f "$folder/build.ninja" ] || [ "$root/CMakePresets.json" -nt "$folder/build.ninja" ] ||
    [ "$build/deps/packages" -nt "$folder/build.ninja" ]; then
    logged cmake --preset "$1"
  fi
}

# has_target PRESET NAME: whether build/PRESET can build that target.
has_target() { ninja -C "$build/$1" -t targets all 2>/dev/null | grep "^$2: phony" >/dev/null; }
