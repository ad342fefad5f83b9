#!/usr/bin/env bash
# Installs what the tests need, builds, runs all tests. The last line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")"
results=$PWD/artifacts/test-results

fail() {
  echo "$1" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else return 1; fi
}

# Without it the browser tests are inconclusive by hand, and fail in CI.
install_chromium() {
  command -v chromium >/dev/null && return
  as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null ||
    echo "Chromium could not be installed: the tests that need a browser do not run." >&2
}

# Everything that package-lock.json names, also what only the checks of the page need.
install_packages() {
  [ -x SampleIm.Web/node_modules/.bin/eslint ] && [ ! SampleIm.Web/package-lock.json -nt SampleIm.Web/node_modules/.package-lock.json ] && return
  (cd SampleIm.Web && npm ci --no-audit --no-fund --loglevel=error) || fail "npm ci failed: Node.js 20 with npm is needed."
}

# The number behind "# name" in the summary of node's test runner.
tap_count() {
  sed -n "s/^# $1 //p" "$results/page.tap" | tail -n 1
}

# A counter of the summary in a result file of dotnet test.
trx_count() {
  grep -o "$1=\"[0-9]*\"" "$results/server.trx" | head -n 1 | grep -o '[0-9]*'
}

rm -rf "$results"
mkdir -p "$results"
install_chromium
install_packages
dotnet build SampleIm.sln --nologo -v quiet -clp:NoSummary || fail "The build failed."

(cd SampleIm.Web && node --test --test-reporter=tap tests/*.test.js) >"$results/page.tap" || grep -A 20 "^ *not ok" "$results/page.tap"
dotnet test SampleIm.Tests --no-build --nologo --results-directory "$results" --logger "trx;LogFileName=server.trx" --logger "console;verbosity=minimal"
[ -s "$results/server.trx" ] || fail "The tests of the server did not run."
[ -n "$(tap_count pass)" ] || fail "The tests of the page did not run."

passed=$(($(tap_count pass) + $(trx_count passed)))
skipped=$(($(tap_count skipped) + $(tap_count todo) + $(trx_count total) - $(trx_count executed)))
failed=$(($(tap_count fail) + $(tap_count cancelled) + $(trx_count executed) - $(trx_count passed)))
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
