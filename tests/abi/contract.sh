#!/bin/bash
# contract.sh HEADER: what abi.h owes its reader. Each callback's comment ends its rule with one thread class in brackets, each
# pointer and text says how long it lives, each struct whether it may grow. Exit: 0 it does, 1 what lacks it is printed.
set -u
awk '
  function lacks(what, needed) { printf "%s: %s: %s\n", FILENAME, what, needed; bad = 1 }
  # The comment above, as one line; forgotten at the next code.
  /^ *\/\*/ { above = "" }
  /^ *(\/\*|\*)/ { above = above " " $0; next }
  /^typedef struct posterior_[a-z_]+ \{/ {
    if (above !~ /(FROZEN|APPENDABLE)\./) lacks($3, "neither FROZEN nor APPENDABLE in its comment")
    inside = $3; above = ""; next
  }
  /^}/ { inside = "" }
  inside && match($0, /POSTERIOR_CALL\* [a-z_]+/) {
    name = substr($0, RSTART + 16, RLENGTH - 16); callbacks++
    classes = gsub(/\[(load|control|evaluate|any)\]/, "&", above)
    if (classes != 1) lacks(inside "." name, classes " thread classes in its comment, must be one")
    above = ""; next
  }
  inside && /^  ([a-z_0-9 ]+\*.*|posterior_str) [a-z_]+;/ {
    pointers++
    if (above " " $0 !~ /(lives|Lives|valid|static|copied|borrowed)/) lacks(inside ": " $0, "not said how long it lives")
  }
  { above = "" }
  END {
    if (callbacks < 12 || pointers < 12) lacks("header", callbacks " callbacks and " pointers " pointers seen, must be at least 12 of each")
    else print callbacks " callbacks and " pointers " pointers keep to it"
    exit bad
  }' "$1"
