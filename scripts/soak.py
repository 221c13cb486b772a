#!/usr/bin/env python3
"""The catalogue's quick variants, all in parallel, again and again, while every processor is loaded: is a verdict ever wrong?

usage: soak.py HALFOPEN [--rounds N] [--jobs N] [--folder FOLDER] [--failures FOLDER] [--no-load]

Every lab has expectations that hold on a machine that does what Linux does, so one that fails is a wrong verdict, of the
lab, of the model or of the laboratory. The timeline of a lab that fails is kept. The load processes are its own: one for
each processor, ended by it, and by themselves after two hours. Exit status 1 if a verdict was wrong.
"""

import argparse
import collections
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

LONGEST_LOAD = 7200


class Load:
    """A busy process for each processor, for as long as the block lasts."""

    def __init__(self, count):
        self.count = count

    def __enter__(self):
        busy = f"import time\nend = time.time() + {LONGEST_LOAD}\nwhile time.time() < end: pass"
        self.processes = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(self.count)]

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()


class Round:
    """One run of all labs: what each said."""

    def __init__(self, text):
        self.labs = []
        events = []
        for line in text.splitlines():
            event = json.loads(line)
            if event["kind"] == "begin":
                events = []
                self.labs.append((event["lab"], events))
            events.append((event, line))

    def verdicts(self):
        for name, events in self.labs:
            for event, _ in events:
                if event["kind"] == "verdict":
                    yield name, event

    def failed(self):
        """The labs that did not pass, each with its whole timeline."""
        for name, events in self.labs:
            judgements = [event for event, _ in events if event["kind"] == "judgement"]
            if not judgements or not judgements[-1]["passed"]:
                problems = judgements[-1]["problems"] if judgements else ["the timeline ends without a judgement"]
                wrong = [event for event, _ in events if event["kind"] == "verdict" and event["outcome"] != "held"]
                yield name, wrong, problems, "".join(line + "\n" for _, line in events)


def run(arguments):
    command = [arguments.halfopen, "run", "--format", "jsonl", "-j", str(arguments.jobs), "--variant", "short"]
    result = subprocess.run(command + [arguments.folder], capture_output=True, text=True)
    if result.returncode not in (0, 1):
        sys.exit(f"soak: halfopen ended with {result.returncode}\n{result.stderr}")
    if result.stderr:
        print(result.stderr, end="")
    return Round(result.stdout)


def soak(arguments):
    runs = verdicts = 0
    wrong = collections.Counter()
    failures = pathlib.Path(arguments.failures)
    started = time.monotonic()
    for number in range(1, arguments.rounds + 1):
        began = time.monotonic()
        one = run(arguments)
        runs += len(one.labs)
        count = sum(1 for _ in one.verdicts())
        verdicts += count
        for name, verdicts_wrong, problems, text in one.failed():
            failures.mkdir(parents=True, exist_ok=True)
            path = failures / f"{name.replace(':', '-')}-{number}.jsonl"
            path.write_text(text)
            for verdict in verdicts_wrong:
                print(f"  {name} line {verdict['line']}: {verdict['text']}: {verdict['reason']}")
            for problem in problems:
                print(f"  {name}: {problem}")
            print(f"  its timeline: {path}")
            wrong[name] += 1
        print(
            f"round {number} of {arguments.rounds}: {len(one.labs)} labs, {count} verdicts, "
            f"{sum(wrong.values())} wrong labs so far; {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
    minutes = (time.monotonic() - started) / 60
    print(f"{runs} runs of labs, {verdicts} verdicts in {arguments.rounds} rounds ({minutes:.0f} minutes): ", end="")
    print("none wrong" if not wrong else ", ".join(f"{name} wrong {count} times" for name, count in wrong.most_common()))
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("halfopen", help="the program under test")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=16, help="how many labs run side by side")
    parser.add_argument("--folder", default="labs", help="the labs")
    parser.add_argument("--failures", default="soak-failures", help="where timelines of failures are kept")
    parser.add_argument("--no-load", action="store_true", help="leave the processors to the labs")
    arguments = parser.parse_args()
    # A signal ends the load too.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(128))
    with Load(0 if arguments.no_load else os.cpu_count()):
        return soak(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
