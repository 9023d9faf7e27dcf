#!/bin/sh
# SSH fan-out of `true` over one sshd on loopback: Sitewide, every event durable, against a bare libssh loop in a pool
# of threads and against `ssh` by xargs, in one run; curve25519 for these. What others take, as shipped and tuned, is
# printed for information. Goals: 0.85 of the bare loop's clients a second and 1.1 times those of xargs, at most 3
# times the bare loop's processor time a client on the controller's side.
#
#   tests/bench/ssh.sh [CLIENTS [IN_FLIGHT]]     default: 800 64
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/common.sh
clients=${1:-800}
in_flight=${2:-64}
command -v sshd >/dev/null || PATH=$PATH:/usr/sbin
command -v sshd >/dev/null || { echo "SSH fan-out: sshd is not installed"; exit 0; }

# A machine an address, all with one folder: what they run needs none.
server=$work/server
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
examples/ssh/server/make-server "$server" "$port"
echo "[127.*]:$port $(cat "$server/host_key.pub")" >"$server/known_hosts"
mkdir "$work/drive"
awk -v n="$clients" 'BEGIN { for (i = 0; i < n; ++i) printf "127.1.%d.%d\n", i / 250, i % 250 + 1 }' >"$work/addresses"
while read -r address; do
  mkdir "$server/clients/$address"
  ln -s "$work/drive" "$server/clients/$address/drive"
  echo posix >"$server/clients/$address/shell"
done <"$work/addresses"
grep -v KexAlgorithms "$server/ssh_config" >"$server/ssh_config_as_shipped"
"$(command -v sshd)" -D -e -f "$server/sshd_config" 2>"$server/log" &
sshd=$!
trap 'kill "$sshd"; wait "$sshd" || true; rm -rf "$work"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
  ssh -F "$server/ssh_config" 127.1.0.1 true 2>/dev/null && break
  sleep 0.2
done

{
  echo "name,address"
  sed 's/\(.*\)/pc-\1,\1/' "$work/addresses"
} >"$work/clients.csv"
cat >"$work/plan.yaml" <<PLAN
version: 1
name: bench
inventory: [{file: clients.csv}]
transports:
  far: {type: ssh, shell: posix, config: server/ssh_config}
groups:
  - name: all
    select: name
    method: command
    command: {upgrade: ["true"], repeatable: true}
    transport: far
    strict: false
    in_flight: $in_flight
PLAN
ours() {  # each in a state directory of its own
  state=$(mktemp -d "$work/state.XXXXXX")
  "$tools/measure" --cpu "$sitewide" --state-dir "$state" --progress none run --yes "$work/plan.yaml"
}
bare() {
  "$tools/bare_ssh" "$work/addresses" "$port" "$(id -un)" "$server/identity" "$server/known_hosts" "$in_flight" true
}
by_xargs() {  # CONFIG ADDRESSES
  "$tools/measure" --cpu xargs -a "$2" -P "$in_flight" -I{} ssh -F "$1" -o BatchMode=yes {} true
}

# In turn, so that a busy machine hits all; the best of each.
bare_taken=
ours_taken=
xargs_taken=
for _ in 1 2 3; do
  bare_taken="$bare_taken
$(bare)"
  ours_taken="$ours_taken
$(ours)"
  xargs_taken="$xargs_taken
$(by_xargs "$server/ssh_config" "$work/addresses")"
done
# least FIELD LINES: the smallest of a field, for clients are counted and processor time is summed apart.
least() { echo "$2" | sed 1d | awk -v f="$1" '{ print $f }' | sort -n | head -n 1; }
bare_seconds=$(least 1 "$bare_taken")
bare_cpu=$(least 2 "$bare_taken")
ours_seconds=$(least 1 "$ours_taken")
xargs_seconds=$(least 1 "$xargs_taken")

# line NAME CLIENTS SECONDS CPU_SECONDS
line() {
  printf '%-46s %10s %8s %12s %8s\n' "$1" "$(calc "$2 / $3")" "$(calc "$bare_seconds / $clients * $2 / $3")" \
    "$(calc "1000 * $4 / $2")" "$(calc "$4 / $2 / ($bare_cpu / $clients)")"
}
printf '%-46s %10s %8s %12s %8s\n' "SSH fan-out of $clients clients, $in_flight in flight" "clients/s" "ratio" \
  "CPU ms each" "ratio"
line "bare libssh, blocking, a pool of threads" "$clients" "$bare_seconds" "$bare_cpu"
line "sitewide run (program start to end)" "$clients" "$ours_seconds" "$(least 2 "$ours_taken")"
line "ssh by xargs -P, curve25519" "$clients" "$xargs_seconds" "$(least 2 "$xargs_taken")"

# The others on fewer clients: they are slow, and only looked at.
few=$((clients / 10))
head -n "$few" "$work/addresses" >"$work/few"
targets=$(paste -sd, "$work/few")
sed 's/$/ ansible_python_interpreter=\/usr\/bin\/python3/' "$work/few" >"$work/hosts"
other() {  # NAME PROGRAM...: skipped where it is missing
  name=$1
  shift
  program=$1
  [ "$1" != env ] || for program in "$@"; do case $program in env | *=*) ;; *) break ;; esac; done
  command -v "$program" >/dev/null || { echo "$name: not installed"; return; }
  if taken=$("$tools/measure" --cpu "$@" 2>"$work/other.log"); then
    line "$name" "$few" "${taken% *}" "${taken#* }"
  else
    echo "$name: failed: $(tail -n 1 "$work/other.log")"
  fi
}
for kind in as_shipped tuned; do
  config=$server/ssh_config_as_shipped
  [ "$kind" = as_shipped ] || config=$server/ssh_config
  called=$(echo "$kind" | tr _ ' ')
  other "pdsh -R ssh, $called" env PDSH_SSH_ARGS="-F $config -l%u %h" pdsh -R ssh -f "$in_flight" -w "$targets" true
  other "clush, $called" clush -o "-F $config" -f "$in_flight" -w "$targets" true
  other "pssh, $called" parallel-ssh -x "-F $config" -p "$in_flight" -h "$work/few" true
  # Connections that ansible leaves behind for its next call would be nobody's to end.
  other "ansible -m raw, $called" env ANSIBLE_SSH_ARGS="-F $config -o ControlMaster=no" \
    ansible all -i "$work/hosts" -m raw -a true -f "$in_flight"
done
taken=$(by_xargs "$server/ssh_config_as_shipped" "$work/few")
line "ssh by xargs -P, as shipped" "$few" "${taken% *}" "${taken#* }"
echo
row "sitewide run over the bare loop: clients/s" "" "$(calc "$bare_seconds / $ours_seconds")" ">= 0.85" least 0.85
row "sitewide run over ssh by xargs -P: clients/s" "" "$(calc "$xargs_seconds / $ours_seconds")" ">= 1.1" least 1.1
row "sitewide run over the bare loop: CPU a client" "" "$(calc "$(least 2 "$ours_taken") / $bare_cpu")" "<= 3" most 3
