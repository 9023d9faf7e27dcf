#!/bin/sh
# report.sh TESTS.xml: adds up what the simulation's tests print, from a report of ctest --output-junit, to one line.
set -eu
grep -o 'simulation: [0-9]* seeds ([0-9]* with a plan, [0-9]* on disk)[a-z0-9, ]* violations' "$1" |
  tr -d '(,' | awk '
    { seeds += $2; plans += $4; events += $11; crashes += $15; faults += $19; violations += $24 }
    END {
      if (plans == 0) { print "simulation: no seeds"; exit 1 }
      printf "simulation: %d seeds (%d with a plan), %d events, %d crashes, %d faults, %d violations\n",
        seeds, plans, events, crashes, faults, violations
    }'
