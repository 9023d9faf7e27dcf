# The Debian packages that Sitewide needs, in one place; sourced by quickstart.sh and tests/run.sh.
# shellcheck shell=sh
BUILD_PACKAGES="g++ cmake ninja-build ccache pkg-config libboost1.81-dev libboost-json1.81-dev libyaml-cpp-dev libspdlog-dev \
libfmt-dev libsqlite3-dev libcli11-dev libssl-dev libhowardhinnant-date-dev tzdata"
LAB_PACKAGES="python3 wine wine64 gcc-mingw-w64-x86-64-win32"
export BUILD_PACKAGES LAB_PACKAGES
