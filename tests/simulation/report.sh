#!/bin/sh
# report.sh TESTS.xml: adds up what the simulation's tests print, from a report of ctest --output-junit, to one line.
set -eu
grep -o 'simulation: [0-9]* seeds ([0-9]* on disk)[a-z0-9, ]* violations' "$1" |
  tr -d '(,' | awk '
    { seeds += $2; events += $7; crashes += $11; faults += $15; violations += $20 }
    END {
      if (seeds == 0) { print "simulation: no seeds"; exit 1 }
      printf "simulation: %d seeds, %d events, %d crashes, %d faults, %d violations\n",
        seeds, events, crashes, faults, violations
    }'
