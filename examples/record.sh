#!/bin/sh
# Records a session for the README: a lab is made, the standing plan is run on it, and what the program prints is kept
# as it is, but for the lines of clients that went well, which are cut to the first of each group.
#
#   examples/record.sh SITEWIDE [FILE]     SITEWIDE is the program; FILE (default: standard output) gets the session
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sitewide=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
file=${2:-/dev/stdout}
folder=$(mktemp -d "${TMPDIR:-/tmp}/sitewide-record.XXXXXX")
lab=
leave() {
  [ -z "$lab" ] || kill "$lab" 2>/dev/null || true
  rm -rf "$folder"
}
trap leave EXIT
trap 'exit 130' INT TERM

"$here/lab/make-lab" "$folder/lab" --no-wine >/dev/null
"$here/lab/lab-run" "$folder/lab" --parent $$ >"$folder/lab.log" 2>&1 &
lab=$!
for _ in $(seq 100); do
  grep -q 'lab is running' "$folder/lab.log" && break
  sleep 0.1
done

cd "$folder/lab"
export SITEWIDE_STATE_DIR="$folder/state" LC_ALL=C.UTF-8
code=0
"$sitewide" run --yes plan.yaml >"$folder/out" 2>"$folder/err" || code=$?
{
  echo '$ sitewide run --yes plan.yaml'
  sed "s#$folder/##g" "$folder/out" | awk '
    / info pc[0-9]+ upgraded$/ { if (seen[$2]++) { if (!cut) print "…"; cut = 1; next } }
    { cut = 0; print }'
  echo "\$ echo \$?"
  echo "$code"
} >"$file"
