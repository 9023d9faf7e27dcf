#!/bin/sh
# `sitewide status` of a rollout that ended, which replays its journal and checks its chain, against a bare SELECT of
# the same rows in the same run. Goal: at most 5 times.
#
#   tests/bench/replay.sh [CLIENTS]     default: 1000000
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/common.sh
clients=${1:-1000000}

clients_csv "$clients" "$work/clients.csv"
command_plan "$work" 64 /bin/true
events=$("$tools/finished_rollout" "$work/plan.yaml" "$work/state")
journal=$(echo "$work"/state/bench-*/journal.db)
bare=
ours=
for _ in 1 2 3; do
  bare="$bare
$("$tools/bare_select" "$journal")"
  ours="$ours
$("$tools/measure" "$sitewide" --state-dir "$work/state" status)"
done
bare=$(echo "$bare" | sed 1d | sort -n | head -n 1)
ours=$(echo "$ours" | sed 1d | sort -n | head -n 1)
row "replay of $clients clients, $events events" "seconds" "ratio"
row "bare SELECT" "${bare% *}" 1.00
row "sitewide status" "${ours% *}" "$(calc "${ours% *} / ${bare% *}")" "<= 5" most 5
