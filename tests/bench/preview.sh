#!/bin/sh
# `sitewide preview` of many clients from a CSV file against a bare parser of the same file in the same run.
# Goals: at most 15 times its time, under 600 bytes of memory a client, and ten times the clients at most 12 times
# the time.
#
#   tests/bench/preview.sh [CLIENTS]     default: 1000000; a tenth of it is measured too
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/common.sh
many=${1:-1000000}
few=$((many / 10))

# preview_of CLIENTS: sets seconds, kilobytes and bare.
preview_of() {
  folder=$work/$1
  mkdir "$folder"
  clients_csv "$1" "$folder/clients.csv"
  upgrade_plan "$folder"
  bare=
  ours=
  for _ in 1 2 3; do
    bare="$bare
$("$tools/bare_csv" "$folder/clients.csv")"
    ours="$ours
$("$tools/measure" "$sitewide" preview "$folder/plan.yaml")"
  done
  bare=$(echo "$bare" | sed 1d | sort -n | head -n 1)
  ours=$(echo "$ours" | sed 1d | sort -n | head -n 1)
  bare=${bare% *}
  seconds=${ours% *}
  kilobytes=${ours#* }
}

clients_csv 200 "$work/clients.csv"
upgrade_plan "$work"
nothing=$("$tools/measure" "$sitewide" preview "$work/plan.yaml")  # the program itself
row "preview from CSV" "seconds" "ratio"
preview_of "$few"
seconds_few=$seconds
row "$few clients: bare CSV parse" "$bare" 1.00
row "$few clients: sitewide preview" "$seconds" "$(calc "$seconds / $bare")" "<= 15" most 15
preview_of "$many"
row "$many clients: bare CSV parse" "$bare" 1.00
row "$many clients: sitewide preview" "$seconds" "$(calc "$seconds / $bare")" "<= 15" most 15
row "ten times the clients: times the time" "" "$(calc "$seconds / $seconds_few")" "<= 12" most 12
row "$many clients: bytes of memory a client" "" \
  "$(calc "($kilobytes - ${nothing#* }) * 1024 / $many")" "< 600" most 599.99
