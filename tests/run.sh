#!/bin/sh
# Installs what is needed, builds Sitewide and runs every test. Needs Debian 12, root or sudo.
#
#   tests/run.sh [--quick] [--no-install]
#
# --quick: the suite alone. Without it also clang-tidy, the suite under the address and undefined-behaviour sanitizers,
# what uses threads under the thread sanitizer, and the fuzzers.
set -eu
cd "$(dirname "$0")/.."
install=yes
quick=no
for option in "$@"; do
  case $option in
    --quick) quick=yes ;;
    --no-install) install=no ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done

. examples/packages.sh
if [ "$install" = yes ]; then
  echo "== installing packages"
  # shellcheck disable=SC2086
  install_packages $BUILD_PACKAGES $LAB_PACKAGES $TEST_PACKAGES
fi

# What one clone has compiled serves every other one on this machine, wherever it lies.
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1

jobs=$(nproc)
# Most tests of the real program wait for their lab: twice as many go on at a time.
parallel=$((2 * jobs))
beside=  # a command that goes on beside the next suite
again=  # tests that did not pass at once, a line each
passed=0
failed=0
skipped=0
began=$(date +%s)

# A number of a ctest report: attribute_of NAME FILE
attribute_of() { sed -n "s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1; }

# Labels whose tests wait for no server, so that what happens once in a while is a fault: no second try counts.
strict_labels='^(crash|simulation|mutation)$'

# strict_failures PRESET REPORT NAMES: those of the tests that did not pass at once, one a line, that passed at last and
# may not.
strict_failures() {
  ctest --preset "$1" -N --label-regex "$strict_labels" | sed -nE 's/^ *Test +#[0-9]+: (.*)/\1/p' >"$2.strict"
  printf '%s\n' "$3" | sort -u | grep -xF -f "$2.strict" | while read -r name; do
    grep -F "<testcase name=\"$name\"" "$2" | grep -q 'status="fail"' || echo "$name"
  done
}

# test_preset PRESET TARGETS CTEST_OPTIONS...: a failure is counted; what comes after still runs. Tests with real
# servers may run out of patience on a busy machine, so each has a second try; those that needed it are named.
test_preset() {
  preset=$1
  targets=$2
  shift 2
  echo "== $preset: build and test"
  cmake --preset "$preset" >/dev/null
  # shellcheck disable=SC2086
  cmake --build --preset "$preset" --parallel "$jobs" --target $targets
  if [ -n "$beside" ]; then
    # shellcheck disable=SC2086
    nice -n 5 $beside &
    beside_pid=$!
    beside=
  fi
  report=$PWD/build/$preset/tests.xml
  log=$PWD/build/$preset/tests.log
  rm -f "$report" "$log"
  ctest --preset "$preset" --parallel "$parallel" --repeat until-pass:2 --output-junit "$report" --output-log "$log" \
    "$@" || true
  [ -f "$report" ] || { echo "no test of preset $preset ran"; failed=$((failed + 1)); return; }
  count=$(attribute_of tests "$report")
  bad=$(attribute_of failures "$report")
  left=$(attribute_of skipped "$report")
  [ "$count" -gt 0 ] || bad=1
  first='^ *[0-9]+/[0-9]+ Test *#[0-9]+: ([^ ]+) .*[*]{3}(Failed|Timeout|Exception|Not Run).*'
  at_first=$(sed -nE "s,$first,\\1,p" "$log")
  again="$again$(printf '%s' "$at_first" | sed -E "s,(.+),  \\1 ($preset)\\\\n," | tr -d '\n')"
  for name in $(strict_failures "$preset" "$report" "$at_first"); do
    echo "$name ($preset) passed at its second try, which does not count"
    bad=$((bad + 1))
  done
  passed=$((passed + count - bad - left))
  failed=$((failed + bad))
  skipped=$((skipped + left))
}

# check NAME COMMAND...: one more thing that passes or fails.
check() {
  echo "== $1"
  shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# Most tests wait: clang-tidy begins when what it looks at is built, and is judged after them.
[ "$quick" = yes ] || beside="tests/tidy/clang_tidy.sh build/dev"
test_preset dev all
if [ "$quick" = no ]; then
  check "clang-tidy" wait "$beside_pid"
  # Whole campaigns have been gone through already: of simulated rollouts a slice is enough here.
  suites='base core journal plans catalogue adapters engine preview views scenarios cli fuzz notify inventory smb'
  suites="$suites simulation"
  export SITEWIDE_SEEDS=100
  test_preset asan "$(for suite in $suites; do printf '%s_test ' "$suite"; done)" \
    --label-regex "^($(echo "$suites" | tr ' ' '|'))\$" --exclude-regex '^(SimulationSeeds|WholeRun)'
  unset SITEWIDE_SEEDS
  # What has threads: connections, hashing, the beat, forecasts for a screen.
  suites='adapters notify smb journal engine preview'
  test_preset tsan "$(for suite in $suites; do printf '%s_test ' "$suite"; done)" \
    --label-regex "^($(echo "$suites" | tr ' ' '|'))\$"
  check "fuzzers" tests/fuzz/run.sh
fi

echo
# How much was tried: a suite that tries nothing proves nothing.
for report in tests/simulation/report.sh tests/crash/report.sh; do
  "$report" build/dev/tests.xml || failed=$((failed + 1))
done
[ -z "$again" ] || printf 'did not pass at once:\n%b' "$again"
echo "took $(($(date +%s) - began)) s; $skipped tests were skipped, each with its reason above"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
