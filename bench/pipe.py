#!/usr/bin/env python3
"""How fast `dnc --quiet` is as a pipe, beside netcat-openbsd, ncat and socat.

Every round runs each program once per case, in turn, so that what else the machine does meets all alike; the figure
is the median of the rounds. Both ends of the connection are the same program, over the loopback interface. The bytes
that arrive are counted, and a program that loses some is reported instead of timed.

usage: pipe.py [--dnc PATH] [--size MIB] [--rounds N]
Exit status: 0 when dnc is at least as fast as the fastest of the three in every case, 1 when not.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

# Not as it comes, but with a buffer as large as dnc's: shown, and left out of the verdict.
TUNED = "socat -b 262144"

# How each program listens and connects as a one-way pipe, {port} being the port.
PROGRAMS = {
    "netcat-openbsd": ("nc -l 127.0.0.1 {port}", "nc -N 127.0.0.1 {port}", "nc"),
    "ncat": ("ncat --recv-only -l 127.0.0.1 {port}", "ncat --send-only 127.0.0.1 {port}", "ncat"),
    "socat": (
        "socat -u TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr -", "socat -u - TCP:127.0.0.1:{port}", "socat"),
    TUNED: (
        "socat -b 262144 -u TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr -",
        "socat -b 262144 -u - TCP:127.0.0.1:{port}", "socat"),
}

# Where the bytes come from and where they go; {file} holds them, {size} is their number.
CASES = {
    "pipe to pipe": ("head -c {size} /dev/zero | {client}", "{server} | wc -c"),
    "file to pipe": ("{client} < {file}", "{server} | wc -c"),
    "file to file": ("{client} < {file}", "{server} > {out}; stat -c %s {out}"),
}


def wait_for_listener(port, server):
    """Waits until somebody listens on the port."""
    wanted = f":{port:04X}"
    while server.poll() is None:
        for line in open("/proc/net/tcp").readlines()[1:]:
            fields = line.split()
            if fields[1].endswith(wanted) and fields[3] == "0A":
                return
        time.sleep(0.005)
    sys.exit(f"the listener on port {port} ended at once")


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(case, program, size, data, out):
    """Seconds that one transfer takes, or None if bytes are missing."""
    port = free_port()
    listen, connect, _ = program
    values = {"size": size, "file": data, "out": out}
    send, receive = CASES[case]
    server = subprocess.Popen(
        ["sh", "-c", receive.format(server=listen.format(port=port), **values)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    wait_for_listener(port, server)
    start = time.monotonic()
    subprocess.run(["sh", "-c", send.format(client=connect.format(port=port), **values)], check=False)
    count = server.communicate()[0]
    taken = time.monotonic() - start
    return taken if count.split() == [str(size).encode()] else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dnc", default=".build/release/dnc")
    parser.add_argument("--size", type=int, default=1024, help="MiB in one transfer")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()

    missing = [name for name, (_, _, command) in PROGRAMS.items() if not shutil.which(command)]
    if missing:
        sys.exit(f"missing: {', '.join(missing)}; apt-get install netcat-openbsd ncat socat")
    dnc = os.path.abspath(arguments.dnc)
    programs = {"dnc": (f"{dnc} --quiet -l -p {{port}} --bind 127.0.0.1", f"{dnc} --quiet 127.0.0.1 {{port}}", dnc)}
    programs.update(PROGRAMS)

    size = arguments.size << 20
    times = {case: {name: [] for name in programs} for case in CASES}
    # In memory, where there is room for it: a disk would be what is measured.
    memory = "/dev/shm" if shutil.disk_usage("/dev/shm").free > 3 * size else None
    with tempfile.TemporaryDirectory(dir=memory) as directory:
        data, out = os.path.join(directory, "data"), os.path.join(directory, "out")
        with open(data, "wb") as file:
            block = os.urandom(1 << 20)
            for _ in range(arguments.size):
                file.write(block)
        for round_number in range(arguments.rounds):
            for case in CASES:
                for name, program in programs.items():
                    taken = run(case, program, size, data, out)
                    if taken is None:
                        print(f"round {round_number + 1}, {case}: {name} lost bytes")
                    else:
                        times[case][name].append(taken)

    slower = False
    print(f"{arguments.size} MiB, median of {arguments.rounds} rounds, MiB/s; ratio: dnc's speed over the other's")
    for case in CASES:
        print(f"\n{case}")
        medians = {name: statistics.median(taken) for name, taken in times[case].items() if taken}
        if "dnc" not in medians:
            sys.exit("dnc lost bytes in every round")
        for name, taken in medians.items():
            ratio = "" if name == "dnc" else f"   ratio {taken / medians['dnc']:.2f}"
            spread = f"{arguments.size / max(times[case][name]):.0f} to {arguments.size / min(times[case][name]):.0f}"
            print(f"  {name:<16} {arguments.size / taken:>7.0f}   ({spread}){ratio}")
        fastest = min(taken for name, taken in medians.items() if name not in ("dnc", TUNED))
        verdict = "at least as fast as the fastest" if medians["dnc"] <= fastest else "slower than the fastest"
        slower = slower or medians["dnc"] > fastest
        print(f"  dnc is {verdict} of the three: {fastest / medians['dnc']:.2f}")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
