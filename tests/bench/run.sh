#!/bin/sh
# Builds Sitewide as users run it and prints every figure that it promises, as ratios taken in one run. Not a test:
# a busy machine makes figures, not failures.
set -eu
cd "$(dirname "$0")/../.."
build=${SITEWIDE_BENCH_BUILD:-build/bench}
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$build" --target sitewide journal_bench finished_rollout bare_spawn bare_csv bare_select bare_ssh measure
echo
tests/bench/fanout.sh
echo
tests/bench/ssh.sh
echo
tests/bench/preview.sh
echo
folder=$(mktemp -d "${TMPDIR:-/tmp}/sitewide-bench.XXXXXX")
"$build/tests/journal_bench" "$folder"
rm -rf "$folder"
echo
tests/bench/replay.sh
