# What the benchmarks share; sourced after `cd` to the root of the sources.
# shellcheck shell=sh
build=${SITEWIDE_BENCH_BUILD:-build/bench}
sitewide=$PWD/$build/sitewide
tools=$PWD/$build/tests
work=$(mktemp -d "${TMPDIR:-/tmp}/sitewide-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
[ -x "$sitewide" ] || { echo "run tests/bench/run.sh, which builds $build first" >&2; exit 1; }

# calc EXPRESSION: arithmetic with fractions.
calc() { awk "BEGIN { printf \"%.2f\", $1 }"; }

# row WHAT VALUE RATIO [GOAL [least|most LIMIT]]: one line of a table, with a verdict where there is a goal.
row() {
  verdict=
  if [ $# -ge 6 ]; then
    verdict=$(awk -v v="$3" -v l="$6" -v s="$5" 'BEGIN {
      ok = s == "least" ? v >= l : v <= l
      print ok ? "reached" : "MISSED"
    }')
  fi
  printf '%-46s %16s %8s  %s %s\n' "$1" "$2" "$3" "${4:-}" "$verdict"
}

# best ROUNDS COMMAND...: the smallest first number that the command prints in several rounds.
best() {
  rounds=$1
  shift
  for _ in $(seq "$rounds"); do "$@"; done | sort -n | head -n 1
}

# clients_csv COUNT FILE
clients_csv() {
  awk -v n="$1" 'BEGIN {
    print "name,address,site,platform,os,ring"
    for (i = 1; i <= n; ++i)
      printf "pc%07d.hq,10.%d.%d.%d,HQ,%s,nt,%s\n", i, i / 65536 % 256, i / 256 % 256, i % 256,
             i % 20 ? "x86" : "alpha", i % 100 ? "broad" : "canary"
  }' >"$2"
}

# command_plan FOLDER IN_FLIGHT PROGRAM [REPEATABLE]: a plan that runs one program on each client of clients.csv. The
# first wave is not strict, or one client after another would be tried.
command_plan() {
  cat >"$1/plan.yaml" <<PLAN
version: 1
name: bench
inventory: [{file: clients.csv}]
transports:
  here: {type: local, root: "clients/{client.name}"}
groups:
  - name: all
    select: name
    method: command
    command: {upgrade: [$3], repeatable: ${4:-true}}
    strict: false
    in_flight: $2
PLAN
}

# upgrade_plan FOLDER: the main job over the same clients: canaries, then ten waves, by Upgrade.bat.
upgrade_plan() {
  mkdir -p "$1/hq" "$1/logon" "$1/hotfix"
  # As much of a program for x86 as a payload is looked at.
  {
    printf 'MZ'
    head -c 58 /dev/zero
    printf '\100\0\0\0PE\0\0\114\001'
    head -c 400 /dev/zero
  } >"$1/hotfix/Tool.exe"
  cat >"$1/plan.yaml" <<PLAN
version: 1
name: bench
hotfix: {id: Q1, files: [{name: Tool.exe, platform: x86, source: hotfix/Tool.exe}]}
sites: {HQ: {root: hq, logon_servers: {L1: logon}}}
inventory: [{file: clients.csv}]
transports:
  here: {type: local, root: "clients/{client.name}", batch: [run-batch, "{batch}"]}
defaults: {strict: false}
groups:
  - name: canary
    select: ring=canary
    method: upgrade_bat
    waves: [100, rest]
    in_flight: 1000
    after_wave: [{soak: 10m}]
  - name: broad
    after: [canary]
    select: ring=broad
    method: upgrade_bat
    waves: [10%]
    in_flight: 4000
PLAN
}
