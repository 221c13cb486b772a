#!/usr/bin/env bash
# What must hold of the sources themselves: format, warnings as errors, strict memory safety, the dependency arrows.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --parallel --recursive Package.swift Sources Tests

# The pure half imports neither the C library nor anything that touches the kernel.
pure="Digests Timeline Packets LabScript Strace TimerModel Advice Judge Forecasting Report Drawing Matrix"
for room in $pure; do
  [ -d "Sources/$room" ] || continue
  if grep -rnE '^((public|internal|package) )?import (Glibc|CLinux|Sockets|Netlink|Laboratory|Foundation)' "Sources/$room"; then
    echo "check: $room is a pure room: it must not import the above" >&2
    exit 1
  fi
done
if grep -rnE '^((public|internal|package) )?import (Foundation|FoundationEssentials|Dispatch)' Sources; then
  echo 'check: halfopen does without Foundation and Dispatch' >&2
  exit 1
fi
if grep -nE '\.package\(' Package.swift; then
  echo 'check: halfopen has no third-party packages' >&2
  exit 1
fi

# Package.swift treats warnings as errors and asks for strict memory safety; this adds the arrows between the rooms.
swift build --build-tests --explicit-target-dependency-import-check error
echo 'check: all is well'
