#!/bin/sh
# Makes the Debian package of a build and looks at what a machine would get from it. Skipped (exit 77) where dpkg's
# tools are missing.
#
#   tests/package/package_test.sh BUILD CPACK     BUILD has the program and its documents
set -eu
build=$1
cpack=$2
for tool in dpkg-deb dpkg-shlibdeps; do
  command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
folder=$(mktemp -d "${TMPDIR:-/tmp}/sitewide-package.XXXXXX")
trap 'rm -rf "$folder"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

"$cpack" -G DEB --config "$build/CPackConfig.cmake" -B "$folder" >"$folder/cpack.log" 2>&1 ||
  { cat "$folder/cpack.log"; fail "cpack"; }
deb=$(ls "$folder"/*.deb)

dpkg-deb -I "$deb" >"$folder/control"
for line in 'Package: sitewide' 'Section: admin' 'Depends: .*libc6' 'Depends: .*tzdata' 'Description: Rolls'; do
  grep -q "$line" "$folder/control" || { cat "$folder/control"; fail "no \`$line\` in the control file"; }
done

dpkg-deb -c "$deb" >"$folder/contents"
grep -vE '^[d-][rwx-]+ root/root ' "$folder/contents" && fail "files of another owner than root"
grep -E '^.(.{4}w|.{7}w)' "$folder/contents" && fail "files that others may write"

# As dpkg unpacks it on a machine, its state included, in a root of its own.
root=$folder/root
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
: >"$root/var/lib/dpkg/status"
dpkg --root="$root" --force-depends --force-not-root --force-bad-path --log=/dev/null -i "$deb" \
  >"$folder/dpkg.log" 2>&1 || { cat "$folder/dpkg.log"; fail "dpkg -i"; }
for file in bin/sitewide share/man/man1/sitewide.1.gz share/man/man1/sitewide-run.1.gz \
  share/man/man5/sitewide-plan.5.gz share/man/man5/sitewide-events.5.gz share/sitewide/catalogue/Q237690.yaml \
  lib/systemd/system/sitewide-resume@.service share/bash-completion/completions/sitewide \
  share/zsh/vendor-completions/_sitewide share/fish/vendor_completions.d/sitewide.fish share/sitewide/plan.schema.json \
  share/doc/sitewide/README.md share/doc/sitewide/copyright; do
  [ -s "$root/usr/$file" ] || fail "/usr/$file is missing or empty"
done

"$root/usr/bin/sitewide" --version | grep -q '^sitewide [0-9]' || fail "the program does not run"
"$root/usr/bin/sitewide" schema | cmp - "$root/usr/share/sitewide/plan.schema.json" || fail "the schema differs"
cmp "$root/usr/share/sitewide/catalogue/Q237690.yaml" "$(dirname "$0")/../../plans/catalogue/Q237690.yaml" ||
  fail "the catalogue differs"
offered=$(PATH=$root/usr/bin:$PATH bash -c '. "$1"; COMP_WORDS=(sitewide val); COMP_CWORD=1; _sitewide
  echo "${COMPREPLY[@]}"' bash "$root/usr/share/bash-completion/completions/sitewide") || fail "completion for bash"
[ "$offered" = validate ] || fail "bash offers \`$offered\` for \`val\`"
if command -v man >/dev/null; then
  # `sitewide-plan(5)` and the like: every page that a page names is there.
  for page in "$root"/usr/share/man/man?/*.gz; do
    LC_ALL=C.UTF-8 MANWIDTH=120 man -l "$page" >"$folder/page" 2>"$folder/man.err"
    for name in $(grep -oE 'sitewide-[a-z]+\([15]\)' "$folder/page"); do
      file=${name%(*}.${name#*(}
      [ -s "$(echo "$root"/usr/share/man/man?/"${file%)}".gz)" ] ||
        fail "$(basename "$page") names $name, which is not there"
    done
    [ ! -s "$folder/man.err" ] || { cat "$folder/man.err"; fail "man warns of $(basename "$page")"; }
  done
fi
grep -q '^#compdef sitewide' "$root/usr/share/zsh/vendor-completions/_sitewide" || fail "completion for zsh"

unit=$root/usr/lib/systemd/system/sitewide-resume@.service
for code in 11 16; do # halted, needs hands: not in a loop
  grep -qE "^RestartPreventExitStatus=(.* )?$code( |\$)" "$unit" || fail "exit code $code is restarted"
done
grep -q '^ExecStart=.* resume --unattended %i$' "$unit" || fail "the unit lifts pauses and halts"
grep -q '^Type=exec$' "$unit" || fail "the unit's type"
if command -v systemd-analyze >/dev/null; then
  instance=$folder/sitewide-resume@q-1.service
  cp "$unit" "$instance"
  sed -i "s|/usr/bin/sitewide|$root/usr/bin/sitewide|; /^Documentation=/d" "$instance"
  systemd-analyze verify "$instance" || fail "systemd-analyze verify"
fi
if command -v lintian >/dev/null; then lintian --fail-on error "$deb" || fail "lintian"; fi

dpkg --root="$root" --force-depends --force-not-root --force-bad-path --log=/dev/null -r sitewide >/dev/null 2>&1 ||
  fail "dpkg -r"
[ ! -e "$root/usr/bin/sitewide" ] || fail "the program stays after its removal"
echo "$(basename "$deb"): $(grep -c '^-' "$folder/contents") files"
