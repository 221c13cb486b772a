#!/usr/bin/env bash
# Every test. What is skipped is counted and says why; with CI=true a skipped test is a failure.
set -uo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
swift build --build-tests --explicit-target-dependency-import-check error || exit 1
# The labs run by themselves: they occupy every thread of the test runner while they wait for a kernel's timers. The whole
# catalogue, many labs at a time, is the load of a machine of its own: nothing runs beside it.
status=0
for part in '--skip LabTests' '--filter LabTests --skip LabRunTests' '--filter LabTests.LabRunTests --no-parallel'; do
  # shellcheck disable=SC2086
  swift test --skip-build --explicit-target-dependency-import-check error $part 2>&1 | tee -a "$log"
  [ "${PIPESTATUS[0]}" = 0 ] || status=1
done
skipped=$(grep -cE '^(➜|􀙟|.) +Test .* skipped' "$log")
echo "skipped tests: $skipped"
if [ "$skipped" -gt 0 ] && [ "${CI:-}" = true ]; then
  echo 'in CI nothing may be skipped' >&2
  exit 1
fi
exit "$status"
