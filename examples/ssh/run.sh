#!/bin/sh
# One sshd on loopback plays six kiosks and six Windows clients of a lab site; plan.yaml is run on them. Ends all that
# it started, and ends with the rollout's exit code. The sitewide program is $SITEWIDE, else that of the PATH, else the
# newest one that was built here.
#
#   examples/ssh/run.sh [--no-wine] [FOLDER]    FOLDER (default: a new one under /tmp) gets the lab and the server
#
# --no-wine: the kiosks alone; so it is without Wine, or when it is not root who runs this.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
examples=$(dirname "$here")
windows=yes
if [ "${1:-}" = --no-wine ]; then windows=no; shift; fi
command -v wine >/dev/null && command -v x86_64-w64-mingw32-gcc >/dev/null && [ "$(id -u)" = 0 ] || windows=no
folder=${1:-$(mktemp -d /tmp/sitewide-ssh.XXXXXX)}
sitewide=${SITEWIDE:-$(command -v sitewide || ls -t "$(dirname "$examples")"/build/*/sitewide 2>/dev/null | head -n 1)}
[ -x "$sitewide" ] || { echo "no sitewide program; build it, or name it in SITEWIDE" >&2; exit 1; }
sshd=$(PATH=$PATH:/usr/sbin command -v sshd) || { echo "sshd is missing (apt-get install openssh-server)" >&2; exit 1; }

lab=$folder/lab
server=$folder/server
if [ "$windows" = yes ]; then wine=; else wine=--no-wine; fi
# shellcheck disable=SC2086
"$examples/lab/make-lab" "$lab" --clients 6 --canary 2 --story quiet $wine
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$here/server/make-server" "$server" "$port"
echo "[127.*]:$port $(cat "$server/host_key.pub")" >"$server/known_hosts"

# machine NAME SHELL FOLDER: the next address is the machine of that name, its files in FOLDER.
last=0
machine() {
  last=$((last + 1))
  place=$server/clients/127.1.0.$last
  mkdir -p "$place"
  echo "$2" >"$place/shell"
  ln -s "$3" "$place/drive"
  if [ "$2" = cmd ]; then  # SFTP shows what lies in root: the drive goes there, with a link in its place
    mkdir "$place/root"
    mv "$3" "$place/root/C:"
    ln -s "$place/root/C:" "$3"
  fi
  printf 'Host %s\n  HostName 127.1.0.%s\n' "$1" "$last" >>"$lab/ssh_config"
}
for number in 01 02 03 04 05 06; do
  mkdir -p "$folder/kiosks/$number"
  echo 1 >"$folder/kiosks/$number/version"
  machine "kiosk$number" posix "$folder/kiosks/$number"
done
if [ "$windows" = yes ]; then
  "$here/server/make-windows" "$server"
  for name in pc001 pc002 pc003 pc004 pc005 pc006; do machine "$name.hq.example" cmd "$lab/clients/$name"; done
  for name in S768AA0 S768AA1; do
    mkdir -p "$server/unc/$name"
    ln -s "$lab/$(echo $name | tr '[:upper:]' '[:lower:]')" "$server/unc/$name/SMS_SHR"
  done
fi
cat "$server/ssh_config" >>"$lab/ssh_config"
cp "$here/plan.yaml" "$lab/plan.yaml"

"$sshd" -D -e -f "$server/sshd_config" 2>"$server/log" &
sshd_pid=$!
"$examples/lab/lab-run" "$lab" --parent $$ --for 300 >"$folder/lab.log" 2>&1 &
lab_pid=$!
trap 'kill $sshd_pid $lab_pid 2>/dev/null || true; wait' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
  ssh -F "$lab/ssh_config" kiosk01 true 2>/dev/null && break
  sleep 0.2
done

echo "== ssh -F $lab/ssh_config kiosk01 cat version"
ssh -F "$lab/ssh_config" kiosk01 cat version
if [ "$windows" = yes ]; then
  echo "== ssh -F $lab/ssh_config pc001.hq.example ver"
  ssh -F "$lab/ssh_config" pc001.hq.example ver
  only=name
else
  echo "no Wine, or not root: the kiosks alone"
  only=ring=kiosk
fi
echo "== sitewide run --yes --only $only $lab/plan.yaml"
code=0
"$sitewide" --state-dir "$folder/state" run --yes --only "$only" "$lab/plan.yaml" || code=$?
"$sitewide" --state-dir "$folder/state" status || true
echo "exit code of the rollout: $code; all of it lies in $folder"
exit $code
