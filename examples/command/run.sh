#!/bin/sh
# Runs plan.yaml on three folders, and machines.yaml on three namespaces that stand for machines: says first what is
# missing, upgrades, and puts the folders back. Ends all that it started. The sitewide program is $SITEWIDE, else that
# of the PATH, else the newest one that was built here.
#
#   examples/command/run.sh [FOLDER]    FOLDER (default: a new one under /tmp) gets the clients and the plans
#
# The namespaces need root, or a kernel that lets users make them; without, the folders alone are upgraded.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$(dirname "$here")")
folder=${1:-$(mktemp -d /tmp/sitewide-command.XXXXXX)}
sitewide=${SITEWIDE:-$(command -v sitewide || ls -t "$top"/build/*/sitewide 2>/dev/null | head -n 1)}
[ -x "$sitewide" ] || { echo "no sitewide program; build it, or name it in SITEWIDE" >&2; exit 1; }
mkdir -p "$folder"
cp "$here/plan.yaml" "$here/machines.yaml" "$folder"

do_it() {
  echo "== sitewide $*"
  "$sitewide" --state-dir "$folder/state" "$@"
}

for name in anna bert carl; do
  mkdir -p "$folder/clients/$name"
  echo 1 >"$folder/clients/$name/version"
done
do_it validate --probe "$folder/plan.yaml"
do_it run --yes "$folder/plan.yaml"
do_it rollback --yes latest
[ "$(cat "$folder"/clients/*/version | tr -d '\n')" = 111 ] || { echo "not all were put back" >&2; exit 1; }

if ! unshare --mount --uts true 2>/dev/null; then
  echo "no namespaces without root: the folders alone"
  exit 0
fi
pids=
trap 'kill $pids 2>/dev/null || true' EXIT
echo name,pid >"$folder/machines.csv"
for name in dora emil fred; do
  unshare --mount --uts sh -c '
    mount -t tmpfs none /mnt && hostname "$0" && echo 1 >/mnt/version && : >"$1" && exec sleep 600
  ' "$name" "$folder/$name.up" &
  pids="$pids $!"
  echo "$name,$!" >>"$folder/machines.csv"
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -e "$folder/$name.up" ] && break
    sleep 0.1
  done
done
do_it validate --probe "$folder/machines.yaml"
do_it run --yes "$folder/machines.yaml"
do_it status
echo "all of it lies in $folder"
