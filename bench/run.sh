#!/bin/sh
# The benchmarks: dnc as a pipe beside netcat-openbsd, ncat and socat (arguments go to pipe.py), what it costs to watch a
# lab, and a drawn timeline of a million events in a browser.
set -eu
cd "$(dirname "$0")/.."
status=0
python3 bench/pipe.py "$@" || status=$?
python3 bench/observation.py .build/release/halfopen || status=$?
if command -v chromium >/dev/null; then
  python3 bench/page.py .build/release/halfopen || status=$?
else
  echo 'drawn timeline: not measured, chromium is not installed (make deps-test)'
fi
exit $status
