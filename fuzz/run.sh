#!/usr/bin/env bash
# Feeds each decoder what libFuzzer thinks of, for SECONDS_EACH seconds (60 unless set), beginning with the corpus.
# An input that crashes a decoder is written into fuzz/corpus, where it stays as a test.
set -euo pipefail
cd "$(dirname "$0")"

swift build -c release --sanitize fuzzer
for name in Packets Netlink Strace Tracing; do
  corpus=corpus/$(echo "$name" | tr '[:upper:]' '[:lower:]')
  found=.build/found/$name
  mkdir -p "$found"
  echo "fuzzing $name for ${SECONDS_EACH:-60} s"
  # libFuzzer writes what it finds into the first directory and only reads the second.
  ".build/release/Fuzz$name" -max_total_time="${SECONDS_EACH:-60}" -max_len=4096 -verbosity=0 -print_final_stats=1 \
    -artifact_prefix="$corpus/" "$found" "$corpus"
done
