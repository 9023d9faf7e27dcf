# The Debian packages that Sitewide needs, in one place; sourced by quickstart.sh and tests/run.sh.
# shellcheck shell=sh
BUILD_PACKAGES="g++ cmake ninja-build ccache pkg-config libboost1.81-dev libboost-json1.81-dev libyaml-cpp-dev \
libspdlog-dev libfmt-dev libsqlite3-dev libcli11-dev libssl-dev libssh-dev libldap-dev libhowardhinnant-date-dev \
tzdata"
LAB_PACKAGES="python3 wine wine64 gcc-mingw-w64-x86-64-win32"
TEST_PACKAGES="libgtest-dev libgmock-dev clang clang-format clang-tidy libclang-rt-14-dev \
openssl python3-jsonschema python3-yaml strace procps groff-base dpkg-dev file zsh fish tmux \
chromium fonts-dejavu-core openssh-server openssh-client samba smbclient ansible-core slapd ldap-utils"

# install_packages NAMES...: as root, or through sudo.
install_packages() {
  as_root=
  [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root apt-get update -qq
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
export BUILD_PACKAGES LAB_PACKAGES TEST_PACKAGES
