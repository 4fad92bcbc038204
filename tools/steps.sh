# shellcheck shell=bash
# What the scripts in tools/ share: where the repository is, how to speak, how to stop. Sourced.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bold='' red='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'; fi

say() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }
stop() {
  printf '%s%s: %s%s\n' "$red" "${0##*/}" "$*" "$plain" >&2
  exit 1
}
cores() { getconf _NPROCESSORS_ONLN; }

# build PRESET [--target NAME]: configures and builds into build/PRESET.
build() {
  local preset=$1
  shift
  say "configuring build/$preset"
  cmake --preset "$preset" >"build/$preset.log" 2>&1 || {
    cat "build/$preset.log" >&2
    stop "cmake --preset $preset failed (build/$preset.log)"
  }
  say "building build/$preset"
  cmake --build "build/$preset" -j "$(cores)" "$@" || stop "the $preset build failed"
}
mkdir -p build
