#!/bin/sh
# Builds the fuzzers and feeds each of them: the inputs that are kept, then inputs made of them by chance. Always the
# same inputs, so that it says the same twice. Needs clang, see TEST_PACKAGES in examples/packages.sh.
#
#   tests/fuzz/run.sh [--inputs N] [--minutes M] [--no-build] [TARGET...]
#
# --inputs N: so many inputs a target (default: what takes about a minute in all). --minutes M: for M minutes of
# processor time a target instead, however busy the machine is, one after the other, by chance; new inputs are kept in
# build/fuzz/corpus. Prints one line a target and a total; a crashing input is left in build/fuzz/found. Exit code 1
# when there was one.
set -eu
cd "$(dirname "$0")/../.."
fuzz=tests/fuzz
build=build/fuzz
inputs=
minutes=
is_built=no
wanted=
while [ $# -gt 0 ]; do
  case $1 in
    --inputs) inputs=$2; shift 2 ;;
    --minutes) minutes=$2; shift 2 ;;
    --no-build) is_built=yes; shift ;;
    -*) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
    *) wanted="$wanted $1"; shift ;;
  esac
done

if [ "$is_built" = no ]; then
  cmake --preset fuzz >/dev/null
  cmake --build --preset fuzz --parallel "$(nproc)"
fi
all=$(cd "$fuzz" && ls ./*_fuzz.cpp | sed 's/^\.\///; s/_fuzz\.cpp$//')
mkdir -p "$build/found"
work=$(mktemp -d "$build/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
python3 "$fuzz/make_seeds.py" "$work/seeds"

# Inputs of a target by count: what is slow gets fewer.
inputs_of() {
  case $1 in
    plan) echo 4000 ;;
    order | inventory_hosts | nodeset) echo 6000 ;;
    schedule | inventory_csv) echo 10000 ;;
    journal) echo 3000 ;;
    *) echo 40000 ;;
  esac
}

# An error of the sanitizers ends the input; memory and time of one input are bounded. Without LeakSanitizer: it is
# known to hang when the memory limit is reached.
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1

# feed TARGET SECONDS OPTION...: one run of at most so many seconds. Adds to $count and $spent, sets $code; its report
# is $work/TARGET.log.
feed() {
  target=$1
  seconds=$2
  shift 2
  log=$work/$target.log
  [ ! -f "$fuzz/dict/$target.dict" ] || set -- "$@" -dict="$fuzz/dict/$target.dict"
  code=0
  # The shell's `times` says last how much processor time it took.
  # shellcheck disable=SC2016
  sh -c 'code=0; timeout -k 10 "$@" || code=$?; times; exit $code' feed \
    "$seconds" "$build/tests/fuzz/${target}_fuzz" "$@" -max_len=16384 -len_control=20 -rss_limit_mb=1024 \
    -timeout=120 -print_final_stats=1 -artifact_prefix="$build/found/$target-" \
    "$corpus" "$work/seeds/$target" "$fuzz/corpus/$target" "$fuzz/crashes/$target" >"$log" 2>&1 || code=$?
  executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
  [ -n "$executed" ] || code=1
  count=$((count + ${executed:-0}))
  spent=$((spent + $(tail -n 1 "$log" | awk -F"[ms ]+" "{print int(\$1 * 60 + \$2)}")))
}

# fuzz TARGET: leaves what became of it in $work/TARGET.line.
fuzz() {
  target=$1
  mkdir -p "$work/corpus/$target" "$work/seeds/$target" "$fuzz/corpus/$target" "$fuzz/crashes/$target"
  count=0
  spent=0
  if [ -n "$minutes" ]; then
    corpus=$build/corpus/$target
    mkdir -p "$corpus"
    # libFuzzer knows only the clock: it goes on for what the processor time lacks.
    wanted_seconds=$((minutes * 60))
    while [ "$spent" -lt "$wanted_seconds" ]; do
      left=$((wanted_seconds - spent))
      [ "$left" -ge 5 ] || left=5
      feed "$target" $((left + 300)) -max_total_time="$left"
      [ "$code" = 0 ] || break
    done
  else
    corpus=$work/corpus/$target
    feed "$target" 900 -runs="${inputs:-$(inputs_of "$target")}" -seed=1
  fi
  crashes=0
  if [ "$code" != 0 ]; then
    crashes=1
    grep -E 'PROPERTY|of: |ERROR:|runtime error|Test unit written|SUMMARY' "$log" | head -n 12 >&2 || true
  fi
  covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
  peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log" | tail -n 1)
  printf '%-16s %10s inputs, %6s edges, %5s MB, %6s CPU s, %s crashes\n' "$target" "$count" "${covered:-?}" \
    "${peak:-?}" "$spent" "$crashes"
  echo "$count $crashes" >"$work/$target.line"
}

targets=0
running=0
for target in ${wanted:-$all}; do
  targets=$((targets + 1))
  if [ -n "$minutes" ]; then
    fuzz "$target"
    continue
  fi
  fuzz "$target" &  # two at a time
  running=$((running + 1))
  if [ "$running" = 2 ]; then
    wait
    running=0
  fi
done
wait
total=0
crashes=0
for target in ${wanted:-$all}; do
  read -r count bad <"$work/$target.line"
  total=$((total + count))
  crashes=$((crashes + bad))
done
echo "fuzz: $targets targets, $total inputs, $crashes crashes"
[ "$crashes" = 0 ]
