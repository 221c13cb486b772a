#!/usr/bin/env python3
"""How long a browser takes with a large drawn timeline: from the navigation to the first picture, and for each frame
while it scrolls and zooms; and how long halfopen takes to write it. Wall time says what a person waits for, processor
time what of that is the page's own work: a machine that others share makes only the first longer. Headless Chromium
draws without a graphics card, so that a person's browser is faster.

Usage: page.py HALFOPEN [CONNECTIONS] [EVENTS-OF-EACH] [ROUNDS]
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

halfopen = os.path.abspath(sys.argv[1])
connections = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
each = int(sys.argv[3]) if len(sys.argv) > 3 else 98
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'Tests', 'browser'))
sys.argv = [sys.argv[0], halfopen, 'list']
import check  # noqa: E402
from chromium import Browser  # noqa: E402

DRAWN = 'new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))'


def processor_time(root):
    """Seconds of processor time of the page's main thread, and of all the browser's processes."""
    children = {}
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/stat') as file:
                children.setdefault(int(file.read().rsplit(')', 1)[1].split()[1]), []).append(int(pid))
        except OSError:
            pass
    waiting, page, whole = [root], 0, 0
    while waiting:
        pid = waiting.pop()
        waiting += children.get(pid, [])
        try:
            with open(f'/proc/{pid}/cmdline') as file:
                draws = '--type=renderer' in file.read()
            for thread in os.listdir(f'/proc/{pid}/task'):
                with open(f'/proc/{pid}/task/{thread}/schedstat') as file:
                    spent = int(file.read().split()[0]) / 1e9
                whole += spent
                if draws and int(thread) == pid:
                    page += spent
        except OSError:
            pass
    return page, whole


def opened(page):
    """Opens the page in a fresh browser: when it was drawn and when all of it was read, in seconds of wall time; what the
    page's thread and all processes spent until then; and its frames' times."""
    with Browser() as browser:
        browser.size(1280, 900)
        before, start = processor_time(browser.process.pid), time.monotonic()
        browser.open(page)
        browser.run(DRAWN)
        wall, after = time.monotonic() - start, processor_time(browser.process.pid)
        drawn = browser.run('ladder.drawn') / 1000
        frames = []
        for zoom in (2, 8, 40, 200):
            browser.run(f'ladder.fit(); ladder.zoomBy({zoom})')
            browser.run(DRAWN)
            for step in range(10):
                count = browser.run('ladder.frames')
                browser.run(f'ladder.offset = ladder.height * {step} / 10')
                browser.run(DRAWN)
                # What is at the end already does not move, and is not drawn again.
                if browser.run('ladder.frames') > count:
                    frames.append(browser.run('ladder.frame'))
    return drawn, wall, after[0] - before[0], after[1] - before[1], sorted(frames)


with tempfile.TemporaryDirectory() as folder:
    timeline, page = os.path.join(folder, 'many.jsonl'), os.path.join(folder, 'many.html')
    check.many(timeline, connections, each)
    with open(timeline) as file:
        events = sum(1 for _ in file)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([halfopen, 'report', '--html', page, timeline], check=True)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f'drawn timeline: {connections:,} connections, {events:,} events: page of {os.path.getsize(page) / 1e6:.1f} MB, '
          f'written in {wall:.1f} s ({spent:.1f} s of processor)', flush=True)
    times = [opened(page) for _ in range(rounds)]
    drawn, wall, own, whole = (statistics.median(t[n] for t in times) for n in range(4))
    frames = sorted(frame for t in times for frame in t[4])
    print(f'  from navigation to drawn, median of {rounds}: {drawn:.2f} s; until all of it was read {wall:.2f} s, and '
          f"{own:.2f} s of processor in the page's thread, {whole:.2f} s in all the browser's processes")
    print(f'  a frame while scrolling takes {statistics.median(frames):.0f} ms (median), '
          f'{frames[int(len(frames) * .95)]:.0f} ms (95th percentile)')
