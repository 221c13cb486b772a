#!/bin/sh
# The benchmarks: dnc as a pipe beside netcat-openbsd, ncat and socat (arguments go to pipe.py), and a drawn timeline of a
# million events in a browser.
set -eu
cd "$(dirname "$0")/.."
python3 bench/pipe.py "$@"
if command -v chromium >/dev/null; then
  python3 bench/page.py .build/release/halfopen
else
  echo 'drawn timeline: not measured, chromium is not installed (make deps-test)'
fi
