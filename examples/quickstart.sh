#!/bin/sh
# Installs what is needed, builds Sitewide, makes a small SMS world with real Upgrade.bat runs under Wine, previews
# and runs the Q237690 plan on it, and writes a report. Ends with the rollout's own exit code, which is 16: one client
# of the lab breaks when it is upgraded and needs hands.
#
#   examples/quickstart.sh [--no-install] [FOLDER]     FOLDER (default: a new one under /tmp) gets lab and report
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
install=yes
if [ "${1:-}" = --no-install ]; then install=no; shift; fi
folder=${1:-$(mktemp -d /tmp/sitewide-quickstart.XXXXXX)}

. "$here/packages.sh"
if [ "$install" = yes ]; then
  # shellcheck disable=SC2086
  install_packages $BUILD_PACKAGES $LAB_PACKAGES
fi

cmake -S "$top" -B "$top/build/release" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSITEWIDE_TESTS=OFF >/dev/null
cmake --build "$top/build/release" --target sitewide
sitewide=$top/build/release/sitewide

lab=$folder/lab
state=$folder/state
"$here/lab/make-lab" "$lab" --clients 40
"$here/lab/lab-run" "$lab" --parent $$ --for 300 >"$folder/lab.log" 2>&1 &
world=$!
trap 'kill $world 2>/dev/null || true' EXIT

echo
echo "== sitewide preview $lab/plan.yaml"
"$sitewide" --state-dir "$state" preview "$lab/plan.yaml"
echo
echo "== sitewide run --yes $lab/plan.yaml"
code=0
"$sitewide" --state-dir "$state" run --yes "$lab/plan.yaml" || code=$?
echo
echo "== sitewide status"
"$sitewide" --state-dir "$state" status || true
"$sitewide" --state-dir "$state" report latest --html "$folder/report.html"
echo "exit code of the rollout: $code (16 is expected: pc032 broke when it was upgraded and needs hands)"
exit $code
