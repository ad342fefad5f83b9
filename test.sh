#!/usr/bin/env bash
# Installs what the tests need, builds, runs all tests. The last line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")"
# Where servers are installed, which is not in everybody's path.
export PATH="$PATH:/usr/sbin"
results=$PWD/artifacts/test-results

fail() {
  echo "$1" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else return 1; fi
}

# install PACKAGE COMMAND-OR-FILE: a Debian package, where what it brings is missing. What cannot be had makes its tests
# inconclusive, in CI failures.
install() {
  if [ -e "$2" ] || command -v "$2" >/dev/null; then return; fi
  as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null ||
    echo "$1 could not be installed: the tests that need it do not run." >&2
}

# install_packages FOLDER COMMAND: everything that package-lock.json names, where it was not installed since; the command is one
# that only checks need, so that what the build installs for itself is not enough.
install_packages() {
  [ -x "$1/node_modules/.bin/$2" ] && [ ! "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ] && return
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) || fail "npm ci failed: Node.js 20 with npm is needed."
}

# run_node_tests NAME FOLDER: the tests that node's test runner runs. A run that was cut short counts as a failure.
run_node_tests() {
  echo "== $1"
  (cd "$2" && node --test --test-reporter=tap tests/*.test.js) >"$results/$2.tap" || {
    status=1
    grep -A 20 "^ *not ok" "$results/$2.tap"
  }
  grep -q "^# pass " "$results/$2.tap" || fail "These tests did not run: $1."
}

# The sum of the numbers behind "# name" in the summaries of node's test runner.
tap_count() {
  sed -n "s/^# $1 //p" "$results"/*.tap | awk '{ sum += $1 } END { print sum + 0 }'
}

# The sum of a counter over the result files of dotnet test.
trx_count() {
  grep -ho "<Counters [^>]*" "$results"/*.trx | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'
}

# run_server_tests NAME FILTER: the tests of the server on one database. A run that was cut short counts as a failure.
run_server_tests() {
  echo "== The server on $1"
  dotnet test SampleIm.Tests --no-build --nologo --filter "$2" --results-directory "$results" \
    --logger "trx;LogFileName=$1.trx" --logger "console;verbosity=minimal" || status=1
  [ -s "$results/$1.trx" ] || fail "The tests of the server on $1 did not run."
}

# A MariaDB of the tests' own, in a folder and on a port of its own, stopped at the end whatever happens.
start_mariadb() {
  command -v mariadbd >/dev/null || return
  local port=33306
  while (: </dev/tcp/127.0.0.1/$port) 2>/dev/null; do port=$((port + 1)); done
  mariadb_folder=$(mktemp -d)
  trap 'SampleIm.Tests/mariadb.sh stop "$mariadb_folder"; rm -rf "$mariadb_folder"' EXIT
  SampleIm.Tests/mariadb.sh start "$mariadb_folder" "$port" || fail "MariaDB did not start."
  export SAMPLEIM_TEST_MYSQL="Server=127.0.0.1;Port=$port;Uid=root"
}

status=0
rm -rf "$results"
mkdir -p "$results"
install chromium-headless-shell chromium-headless-shell
install mariadb-server mariadbd
install curl curl
install fonts-dejavu-core /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
install fonts-noto-cjk /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
install fonts-noto-color-emoji /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf
install_packages SampleIm.Web eslint
install_packages SampleIm.Clients spectral
dotnet build SampleIm.sln --nologo -v quiet -clp:NoSummary || fail "The build failed."
start_mariadb

run_node_tests "The page" SampleIm.Web
run_node_tests "Generated clients" SampleIm.Clients
run_server_tests SQLite "TestCategory!=MySql"
SAMPLEIM_TEST_DATABASE=MySql run_server_tests MariaDB "TestCategory!=Sqlite"

passed=$(($(tap_count pass) + $(trx_count passed)))
skipped=$(($(tap_count skipped) + $(tap_count todo) + $(trx_count total) - $(trx_count executed)))
failed=$(($(tap_count fail) + $(tap_count cancelled) + $(trx_count executed) - $(trx_count passed)))
# A runner that died has not counted what it did not finish.
[ "$status" = 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
