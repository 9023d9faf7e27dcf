#!/bin/sh
# report.sh TESTS.xml: adds up what the simulation's tests print, from a report of ctest --output-junit, to one line.
set -eu
grep -o 'simulation: [0-9]* seeds ([0-9]* on disk), [0-9]* events, [0-9]* controllers, [0-9]* crashes, [0-9]* orders, [0-9]* faults, [0-9]* clock jumps, [0-9]* violations' "$1" |
  tr -d '(,' | awk '
    { seeds += $2; events += $7; crashes += $11; faults += $15; violations += $20 }
    END {
      if (seeds == 0) { print "simulation: no seeds"; exit 1 }
      printf "simulation: %d seeds, %d events, %d crashes, %d faults, %d violations\n",
        seeds, events, crashes, faults, violations
    }'
