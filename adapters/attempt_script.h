// The scripts that keep an attempt record on a client (attempt_record.h): constant text for a POSIX
// shell. Whatever varies reaches them as "$@". Private to attempt_record.cpp.
#pragma once

namespace sitewide {

/// What both begin with. $1 is the records' folder, $2 the key. Records are for their owner alone;
/// the program gets the umask that the script was started with. start_of prints when a process
/// started; nothing when it is gone or there is no /proc. settle makes files and names durable.
inline constexpr const char* kAttemptCommon = R"sh(
users=$(umask)
umask 077
records=$1 place=$1/$2
boot=
{ read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
start_of() {
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  set -f; set -- ${stat##*) }; set +f
  echo "${20}"
}
settle() { sync -- "$@" 2>/dev/null || sync; }
)sh";

/// Further arguments: the program's argv.
inline constexpr const char* kAttemptRun = R"sh(shift 2
refuse() { echo "sitewide: $1" >&2; exit 120; }
mkdir -p -- "$place" || refuse "no attempt record can be kept in $records"
echo "$$ $(start_of $$) $boot" >"$place/started.$$" ||
  refuse "no attempt record can be kept in $records"
settle "$place/started.$$" "$place" "$records"
if ! mkdir -- "$place/go" 2>/dev/null; then
  rm -f -- "$place/started.$$"
  refuse "this attempt was begun or given up before"
fi
mv -f -- "$place/started.$$" "$place/started"
settle "$place"
if mkfifo -- "$place/output" 2>/dev/null; then
  ( trap '' PIPE HUP; cat 2>/dev/null; exec cat >/dev/null 2>&1 ) <"$place/output" &
  umask "$users"
  "$@" >"$place/output" 2>&1
  code=$?
  rm -f -- "$place/output"
else
  umask "$users"
  "$@"
  code=$?
fi
umask 077
if echo "$code" >"$place/finished.$$"; then
  settle "$place/finished.$$"
  mv -f -- "$place/finished.$$" "$place/finished"
  settle "$place"
fi
exit "$code"
)sh";

/// Prints one line: `finished CODE`, `running PID`, `interrupted` or `given-up`.
inline constexpr const char* kAttemptLook = R"sh(mkdir -p -- "$place" || exit 1
if mkdir -- "$place/go" 2>/dev/null; then
  echo given up >"$place/tombstone"
  settle "$place/tombstone" "$place" "$records"
fi
finished() {
  [ -e "$place/finished" ] || return 1
  read -r code <"$place/finished" && echo "finished $code"
}
alive() {
  if [ -n "$2" ]; then
    [ "$3" = "$boot" ] && [ "$(start_of "$1")" = "$2" ]
  else
    kill -0 "$1" 2>/dev/null
  fi
}
finished && exit 0
[ -e "$place/tombstone" ] && { echo given-up; exit 0; }
began=
for record in "$place/started" "$place"/started.*; do
  [ -e "$record" ] || continue
  began=yes
  IFS=' ' read -r pid start booted <"$record"
  alive "$pid" "$start" "$booted" && { echo "running $pid"; exit 0; }
done
finished && exit 0
if [ -n "$began" ]; then echo interrupted; else echo given-up; fi
)sh";

}  // namespace sitewide
