#!/bin/sh
# Runs the plan beside this file on a lab whose site server, logon servers and clients' disks are reached through a real
# smbd alone, on a free port of 127.0.0.1. Ends everything that it started, and with the rollout's own exit code.
#
#   examples/smb/run.sh [FOLDER]     needs root (smbd becomes the user who logs in), samba and smbclient
#   SITEWIDE=PROGRAM                 the program; default: build/release/sitewide, else what PATH has
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$(dirname "$here")")
folder=${1:-$(mktemp -d /tmp/sitewide-smb.XXXXXX)}
sitewide=${SITEWIDE:-$top/build/release/sitewide}
[ -x "$sitewide" ] || sitewide=sitewide
user=sitewide-smb
export SMB_PASSWORD='a password, for this lab alone'

for program in smbd smbclient smbpasswd python3; do
  command -v "$program" >/dev/null || { echo "$program is missing: apt-get install samba smbclient python3" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo "smbd needs root, to become the user who logs in" >&2; exit 1; }
id "$user" >/dev/null 2>&1 || useradd -M -s /usr/sbin/nologin "$user"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# The lab, as always; then the plan of this folder, which names its folders by their shares.
lab=$folder/lab
"$top/examples/lab/make-lab" "$lab" --clients 12 --story quiet --no-wine --method site_wide
sed -e "s|:1445/|:$port/|" "$here/plan.yaml" >"$lab/plan.yaml"

# smbd with a configuration, accounts and state of its own.
samba=$folder/samba
mkdir -p "$samba/private" "$samba/lock" "$samba/state" "$samba/cache" "$samba/pid" "$samba/ncalrpc"
cat >"$samba/smb.conf" <<CONF
[global]
  workgroup = HQ
  server role = standalone server
  private dir = $samba/private
  lock directory = $samba/lock
  state directory = $samba/state
  cache directory = $samba/cache
  pid directory = $samba/pid
  ncalrpc dir = $samba/ncalrpc
  passdb backend = tdbsam:$samba/private/passdb.tdb
  log file = $samba/log
  smb ports = $port
  interfaces = 127.0.0.1
  bind interfaces only = yes
  disable netbios = yes
  disable spoolss = yes
  load printers = no
  printing = bsd
  valid users = $user
  force user = root
  read only = no
[SMS_C]
  path = $lab/hq
[S768AA0]
  path = $lab/s768aa0
[S768AA1]
  path = $lab/s768aa1
[Clients]
  path = $lab/clients
CONF
printf '%s\n%s\n' "$SMB_PASSWORD" "$SMB_PASSWORD" | smbpasswd -c "$samba/smb.conf" -a -s "$user" >/dev/null
"$(command -v smbd)" --daemon --configfile="$samba/smb.conf"
"$top/examples/lab/lab-run" "$lab" --parent $$ --for 300 >"$folder/lab.log" 2>&1 &
world=$!
trap 'kill $world $(cat "$samba"/pid/smbd*.pid) 2>/dev/null || true' EXIT

echo
echo "== sitewide preview"
"$sitewide" --state-dir "$folder/state" preview "$lab/plan.yaml"
echo
echo "== sitewide run --yes"
code=0
"$sitewide" --state-dir "$folder/state" run --yes "$lab/plan.yaml" || code=$?
echo
echo "== sitewide status"
"$sitewide" --state-dir "$folder/state" status || true
echo
echo "exit code of the rollout: $code; all of it lies in $folder"
exit $code
