#!/bin/sh
# Runs clang-tidy with the checks of .clang-tidy over the core, the engine, and what else differs from the branch that
# this one left. The whole tree takes more minutes than a push should wait: --all does that.
#
#   tests/tidy/clang_tidy.sh BUILD [--all]     BUILD has a compile_commands.json; $SITEWIDE_BASE names the branch
set -eu
cd "$(dirname "$0")/../.."
build=$1
pattern='/(orchestrator|plans|adapters)/.*\.cpp$'

# Where this branch left the other; on that branch itself, the commit before.
base_commit() {
  base=$(git merge-base HEAD "${SITEWIDE_BASE:-origin/main}" 2>/dev/null) || base=
  if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then base=HEAD~1; fi
  git rev-parse -q --verify "$base"
}

if [ "${2:-}" != --all ]; then
  pattern='/orchestrator/(core|engine)/.*\.cpp$'
  if base=$(base_commit); then
    changed=$(git diff --name-only --diff-filter=d "$base" -- 'orchestrator/*.cpp' 'plans/*.cpp' 'adapters/*.cpp')
    for file in $changed; do
      pattern="$pattern|/$file\$"
    done
  fi
fi
report=$build/clang-tidy.txt
code=0
# What g++ alone knows how to warn of is no error here.
run-clang-tidy -quiet -p "$build" -extra-arg=-Wno-unknown-warning-option -j "$(nproc)" "$pattern" \
  >"$report" 2>"$report.noise" || code=$?
grep -E '^[^ ]*: (warning|error): ' "$report" | sort -u || true
[ "$code" = 0 ] || echo "clang-tidy: see $report"
exit "$code"
