#!/bin/sh
# The benchmarks: dnc as a pipe beside netcat-openbsd, ncat and socat. Arguments go to pipe.py.
set -eu
cd "$(dirname "$0")/.."
exec python3 bench/pipe.py "$@"
