#!/usr/bin/env bash
# What virtual time costs: of some labs the length in real time, the wall time of the whole command with the snapshot of
# a booted guest and without, their ratio, and of what it consists; and what many labs in one call cost.
set -euo pipefail
halfopen=${1:-.build/release/halfopen}
cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT
kernels="${XDG_CACHE_HOME:-$HOME/.cache}/halfopen/kernels"
[ -d "$kernels" ] || { echo 'virtual time: no kernel: make kernels'; exit 0; }
command -v qemu-system-x86_64 >/dev/null || { echo 'virtual time: no QEMU: make deps-virtual'; exit 0; }
mkdir "$cache/halfopen"
ln -s "$kernels" "$cache/halfopen/kernels"
export XDG_CACHE_HOME=$cache
# A version manager's Python puts itself before all others in the PATH of what it starts.
export CALLERS_PATH=$PATH

python3 - "$halfopen" <<'EOF'
import glob, os, re, subprocess, sys, tempfile, time

os.environ['PATH'] = os.environ['CALLERS_PATH']

def seconds(words):
    parts = re.findall(r'(\d+(?:\.\d+)?)(h|ms|us|m|s)', words)
    return sum(float(n) * {'h': 3600, 'm': 60, 's': 1, 'ms': 1e-3, 'us': 1e-6}[u] for n, u in parts)

def once(lab):
    start = time.monotonic()
    run = subprocess.run([sys.argv[1], 'run', '--virtual', '--timing', lab], capture_output=True, text=True)
    wall = time.monotonic() - start
    if run.returncode != 0:
        sys.exit(f'{lab} failed:\n{run.stdout}{run.stderr}')
    def find(pattern):
        found = re.search(pattern, run.stderr)
        return seconds(found.group(1)) if found else 0.0
    return {'real': find(r': (\S+) of virtual time'), 'boot': find(r'boot (\S+?),'),
            'resume': find(r'resume (\S+?),'), 'run': find(r', run (\S+)'), 'wall': wall}

print('\nvirtual time, seconds: without a snapshot once, with one the best of 5')
print(f"{'lab':<14}{'real time':>10}{'wall':>8}{'ratio':>8}{'resume':>8}{'run':>8}{'no snapshot':>13}{'boot':>8}")
for lab in ['retransmit', 'poweroff', 'warmup', 'powercycle', 'halfopen']:
    cold = once(lab)
    best = min((once(lab) for _ in range(5)), key=lambda run: run['wall'])
    ratio = f"{best['real'] / best['wall']:.0f}x"
    print(f"{lab:<14}{best['real']:>10.1f}{best['wall']:>8.2f}{ratio:>8}{best['resume']:>8.2f}{best['run']:>8.2f}"
          f"{cold['wall']:>13.2f}{cold['boot']:>8.2f}")

QUARTER = """title     A quarter of an hour
question  When is the client told of its user timeout?
answer    When the last retransmission timer before it has run.
network   routed
parameter user_timeout = 900s
peer      database on kodos: dnc -l -p 5432
peer      client on kang:    dnc --user-timeout $user_timeout kodos 5432
start     database
wait      kodos listens on 5432
start     client
wait      client prints "connected"
drop everything between kang and kodos
client    types "SELECT 2;"
expect    client read fails ETIMEDOUT as predicted
"""

def many(what, words):
    walls = []
    for _ in range(2):
        start = time.monotonic()
        run = subprocess.run([sys.argv[1]] + words, capture_output=True, text=True)
        walls.append(time.monotonic() - start)
        if run.returncode != 0:
            sys.exit(f'{what} failed:\n{run.stdout[-2000:]}{run.stderr[-2000:]}')
    print(f'{what:<60}{walls[0]:>8.1f}{walls[1]:>8.1f}')

# Of databases and Python a guest has much to compute.
heavy = ('postgres', 'http-')
light = [path for path in glob.glob('labs/**/*.lab', recursive=True)
         if not path.startswith('labs/broken/') and not os.path.basename(path).startswith(heavy)]
print(f"\n{'many labs in one call, seconds':<60}{'boots':>8}{'again':>8}")
many('the whole catalogue at full length', ['run', '--virtual', 'labs'])
many(f'the {len(light)} of it without PostgreSQL and Python', ['run', '--virtual'] + light)
with tempfile.TemporaryDirectory() as folder:
    quarter = os.path.join(folder, 'quarter.lab')
    with open(quarter, 'w') as file:
        file.write(QUARTER)
    many('100 values of 10 to 15 minutes', ['sweep', '--virtual', '--set', 'user_timeout=600s..930s/100', quarter])
EOF
