#!/bin/sh
# report.sh TESTS.xml: adds up what the crash tests print, from a report of ctest --output-junit, to one line.
set -eu
grep -o 'crash-points: [0-9]* commits=[0-9]* renames=[0-9]* spawns=[0-9]* faults=[0-9]* not-reached=[0-9]*' "$1" |
  awk -F '[ =]' '
    { points += $2; commits += $4; renames += $6; spawns += $8; faults += $10; missed += $12 }
    END {
      if (points == 0) { print "crash: no points"; exit 1 }
      printf "crash: %d points (%d commits, %d renames, %d spawns, %d faults), %d not reached\n",
        points, commits, renames, spawns, faults, missed
    }'
