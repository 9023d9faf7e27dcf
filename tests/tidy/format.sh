#!/bin/sh
# Fails when clang-format would change a source. Skipped (exit 77) where clang-format is missing.
set -u
cd "$(dirname "$0")/../.." || exit 1
if ! command -v clang-format >/dev/null; then
  echo "skipped: clang-format is not installed"
  exit 77
fi
find orchestrator plans adapters tests \( -name '*.cpp' -o -name '*.h' \) -print0 |
  xargs -0 -n 40 -P 2 clang-format --dry-run -Werror
