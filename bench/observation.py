#!/usr/bin/env python3
"""What it costs to watch: memory and processor time with many idle connections, and how much an end is moved by it.

usage: observation.py HALFOPEN [--connections N] [--seconds S] [--rounds N]

1. One lab with N idle connections. When all are made, the memory of all of the harness's processes is summed
   (proportional set size), and their processor time is measured for S seconds of waiting.
2. The labs of the catalogue that end in less than a minute by one of TCP's timers, with the capture (packets and, as root,
   tracepoints) and without it, in turn. As root each end is compared with the moment that the timer model gives for that
   run's phase of jiffies, so that the timer wheel's spread is not in the comparison; otherwise with its window's beginning.

Exit status: 0 when the figures are below 64 MB, 1 % of a core, and 5 ms; 1 when one is not.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
IDLE_LAB = f"""
title     Many idle connections
network   lan
peer      server on kodos: python3 {HERE}/many.py listen 8080 COUNT
peer      client on kang: python3 {HERE}/many.py connect kodos 8080 COUNT
start     server
wait      server prints "listening" within 30s
start     client
wait      client prints "COUNT connected" within 300s
wait      server prints "COUNT connected" within 300s
# What lasts counts from the last deed.
client    types "now"
expect    client is told nothing for SECONDSs
"""
# Each ends by a timer of TCP's within a minute, told to a program by dnc's own clock.
LABS = [
    "user-timeout-1200ms", "user-timeout-chosen", "keepalive-5-3-3", "keepalive-chosen", "lost-probe",
    "keepalive-user-timeout-4500ms", "keepalive-user-timeout-5s", "server-keepalive", "one-way-out", "syn-count",
    "syn-user-timeout", "syn-user-timeout-short",
]


def harness(root):
    """The process `root` and all below it that run the same program."""
    program = os.readlink(f"/proc/{root}/exe")
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = open(f"/proc/{name}/stat").read().rsplit(")", 1)[1].split()
                children.setdefault(int(fields[1]), []).append(int(name))
            except OSError:
                pass
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, [])
        try:
            if os.readlink(f"/proc/{process}/exe") == program:
                found.append(process)
        except OSError:
            pass
    return found


def memory(process):
    """Its proportional set size in kB: pages that several share are divided among them."""
    for line in open(f"/proc/{process}/smaps_rollup"):
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def processor_seconds(process):
    fields = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def many(halfopen, connections, seconds, folder):
    path = os.path.join(folder, "many.lab")
    text = IDLE_LAB.replace("COUNT", str(connections)).replace("SECONDS", str(seconds + 10))
    open(path, "w").write(text.lstrip())
    run = subprocess.Popen([halfopen, "run", "--format", "jsonl", path], stdout=subprocess.PIPE, text=True)
    beginning = time.monotonic()
    for line in run.stdout:
        event = json.loads(line)
        if event["kind"] == "waiting" and event["text"].startswith("expect"):
            break
    else:
        sys.exit("the lab with many connections ended too soon")
    took = time.monotonic() - beginning
    # What the connecting left behind is taken in first.
    time.sleep(3)
    processes = harness(run.pid)
    kilobytes = sum(memory(process) for process in processes)
    before = sum(processor_seconds(process) for process in processes)
    time.sleep(seconds)
    if run.poll() is not None:
        sys.exit("the lab with many connections ended before the measurement did")
    share = (sum(processor_seconds(process) for process in processes) - before) / seconds
    for _ in run.stdout:
        pass
    if run.wait() != 0:
        print("the lab with many connections did not pass")
    print(f"{connections} idle connections, all seen {took:.1f} s after the start: the harness's {len(processes)} processes "
          f"hold {kilobytes / 1024:.1f} MB and use {100 * share:.2f} % of a core while they wait")
    return kilobytes / 1024 < 64 and share < 0.01


def ends(halfopen, options):
    """How far after the model's moment (or its window's beginning) each predicted call came, in ms, by the lab."""
    command = [halfopen, "run", "-j", "4", "--format", "jsonl"] + options + LABS
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    result, lab = {}, ""
    for line in output.stdout.splitlines():
        event = json.loads(line)
        if event["kind"] == "begin":
            lab = event["lab"]
        if event["kind"] != "verdict" or "after" not in event or " fails " not in event["text"]:
            continue
        if "as predicted" in event["text"] and event.get("earliest") is not None:
            exact = event["earliest"] == event.get("latest")
            result.setdefault(lab, []).append(((event["after"] - event["earliest"]) / 1e6, exact))
    return result


def compare(halfopen, rounds):
    every = {"with": {}, "without": {}}
    for number in range(rounds):
        order = [("with", []), ("without", ["--no-capture"])]
        for name, options in order if number % 2 == 0 else reversed(order):
            for lab, times in ends(halfopen, options).items():
                every[name].setdefault(lab, []).extend(times)
    print(f"{'ms after the predicted moment':32s} {'with':>9s} {'without':>9s}  medians, {rounds} runs each")
    for lab in LABS:
        medians = [statistics.median(time for time, _ in every[name][lab]) for name in every if lab in every[name]]
        print(f"{lab:32s} " + " ".join(f"{median:9.2f}" for median in medians))
    times = {name: [time for ends_ in labs.values() for time, _ in ends_] for name, labs in every.items()}
    if not all(times.values()):
        print("no end was measured")
        return False
    for word, function in (("median of all", statistics.median), ("mean of all", statistics.mean), ("earliest of all", min)):
        print(f"{word:32s} {function(times['with']):9.2f} {function(times['without']):9.2f}")
    if not all(exact for labs in every.values() for ends_ in labs.values() for _, exact in ends_):
        print("the phase of jiffies is not known for all of them: the wheel's spread is in these figures")
    return abs(statistics.median(times["with"]) - statistics.median(times["without"])) < 5


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("halfopen")
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=4)
    settings = parser.parse_args()
    halfopen = os.path.abspath(settings.halfopen)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        cheap = many(halfopen, settings.connections, settings.seconds, folder)
    true_ = compare(halfopen, settings.rounds)
    sys.exit(0 if cheap and true_ else 1)


if __name__ == "__main__":
    main()
