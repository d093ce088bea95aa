# Shared by the scripts of this folder, which source it.

# first_of NAME...: the first that is a command; nothing if none is.
first_of() {
  local name
  for name in "$@"; do command -v "$name" && return; done
  return 0
}

# skip WHY: ends as skipped and says so; in the full tier, where every tool must be there, as failed.
skip() {
  if [ -n "${POSTERIOR_FULL:-}" ]; then echo "failed: $1, must be for the full tier"; exit 1; fi
  echo "skipped: $1"
  exit 77
}
