#!/bin/sh
# Runs a batch file of a logon server for a client of a lab, as a Windows client would find it by the share's UNC name:
#   share_batch.sh LAB CLIENT_ROOT '\\server\SHARE' BATCH
set -eu
share=$1/$(printf '%s' "$3" | sed 's|.*\\||' | tr '[:upper:]' '[:lower:]')
cd "$share"
exec "$(dirname "$0")/../../examples/lab/plain-batch" "$2" "$share" "$4"
