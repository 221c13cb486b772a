#!/bin/sh
# The benchmarks: dnc as a pipe beside netcat-openbsd, ncat and socat, and what it costs to watch a lab. Arguments go to pipe.py.
set -eu
cd "$(dirname "$0")/.."
status=0
python3 bench/pipe.py "$@" || status=$?
python3 bench/observation.py .build/release/halfopen || status=$?
exit $status
