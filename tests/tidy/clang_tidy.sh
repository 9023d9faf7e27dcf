#!/bin/sh
# Runs clang-tidy with the checks of .clang-tidy over all of orchestrator, plans and adapters.
#
#   tests/tidy/clang_tidy.sh BUILD     BUILD has a compile_commands.json
set -eu
cd "$(dirname "$0")/../.."
build=$1
report=$build/clang-tidy.txt
code=0
# What g++ alone knows how to warn of is no error here, and what clang counts as a conversion is a change of sign too.
run-clang-tidy -quiet -p "$build" -extra-arg=-Wno-unknown-warning-option -extra-arg=-Wno-sign-conversion \
  -j "$(nproc)" "^$PWD/(orchestrator|plans|adapters)/.*\.cpp\$" >"$report" 2>"$report.noise" || code=$?
sed 's/\x1b\[[0-9;]*m//g' "$report" | grep -E '^[^ ]*: (warning|error): ' | sort -u || true
[ "$code" = 0 ] || echo "clang-tidy: see $report"
exit "$code"
