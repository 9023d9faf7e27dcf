#!/bin/sh
# Local fan-out of a trivial program: Sitewide, every event durable, against a bare posix_spawn loop in the same run;
# what others take is printed for information. Goal: at least half of the bare loop's clients a second.
#
#   tests/bench/fanout.sh [CLIENTS [IN_FLIGHT]]     default: 2000 64
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/common.sh
clients=${1:-2000}
in_flight=${2:-64}
program=$(command -v true)

once=$work/once
mkdir "$once" "$work/clients"
clients_csv "$clients" "$work/clients.csv"
sed -n 's/^\(pc[^,]*\).*/\1/p' "$work/clients.csv" >"$work/names"
(cd "$work/clients" && xargs mkdir <../names)
cp -R "$work/clients" "$work/clients.csv" "$once"
command_plan "$work" "$in_flight" "$program"
command_plan "$once" "$in_flight" "$program" false
run_of() {  # each in a state directory of its own
  state=$(mktemp -d "$work/state.XXXXXX")
  "$tools/measure" "$sitewide" --state-dir "$state" --progress none run --yes "$1/plan.yaml"
}

row "fan-out of $clients clients, $in_flight in flight" "clients/s" "ratio"
bare=
ours=
# In turn, so that a busy machine hits both; the best of each.
for _ in 1 2 3; do
  bare="$bare
$("$tools/bare_spawn" "$clients" "$in_flight" "$program")"
  ours="$ours
$(run_of "$work")"
done
bare=$(echo "$bare" | sed 1d | sort -n | head -n 1)
ours=$(echo "$ours" | sed 1d | sort -n | head -n 1)
seconds=${ours% *}
row "bare posix_spawn, pipe, pidfd, epoll" "$(calc "$clients / $bare")" 1.00
row "sitewide run (program start to end)" "$(calc "$clients / $seconds")" \
  "$(calc "$bare / $seconds")" ">= 0.5" least 0.5
seconds=$(run_of "$once")
seconds=${seconds% *}
row "the same, at most once each (records on clients)" "$(calc "$clients / $seconds")" "$(calc "$bare / $seconds")"

# other NAME PROGRAM...: skipped where it is missing.
other() {
  name=$1
  shift
  command -v "$1" >/dev/null || { row "$name" "not installed" -; return; }
  if taken=$("$tools/measure" "$@" 2>/dev/null); then
    row "$name" "$(calc "$clients / ${taken% *}")" "$(calc "$bare / ${taken% *}")"
  else
    row "$name" "failed" -
  fi
}
other "xargs -P" xargs -a "$work/names" -P "$in_flight" -I{} "$program"
other "pdsh -R exec" pdsh -R exec -f "$in_flight" -w "^$work/names" "$program"
other "clush -R exec" clush -R exec -f "$in_flight" -w "c[1-$clients]" -- "$program"
other "GNU parallel" parallel -a "$work/names" -j "$in_flight" -n 1 "$program" '#'
if command -v ansible >/dev/null; then  # a hundredth: it is slow
  few=$((clients / 100 + 1))
  head -n "$few" "$work/names" | sed 's/$/ ansible_connection=local/' >"$work/hosts"
  taken=$("$tools/measure" ansible all -i "$work/hosts" -m raw -a true -f "$in_flight" 2>/dev/null) || taken=
  [ -z "$taken" ] || row "ansible -m raw ($few clients)" "$(calc "$few / ${taken% *}")" \
    "$(calc "$few * $bare / $clients / ${taken% *}")"
else
  row "ansible -m raw" "not installed" -
fi
