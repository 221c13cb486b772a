#!/usr/bin/env python3
"""How long a browser takes with a large drawn timeline: from the navigation to the first picture, and for each frame
while it scrolls and zooms. Headless Chromium draws without a graphics card, so that a person's browser is faster.

Usage: page.py HALFOPEN [CONNECTIONS] [EVENTS-OF-EACH]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

halfopen = sys.argv[1]
connections = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
each = int(sys.argv[3]) if len(sys.argv) > 3 else 98
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'Tests', 'browser'))
sys.argv = [sys.argv[0], halfopen, 'list']
import check  # noqa: E402
from chromium import Browser  # noqa: E402

with tempfile.TemporaryDirectory() as folder, Browser() as browser:
    timeline, page = os.path.join(folder, 'many.jsonl'), os.path.join(folder, 'many.html')
    check.many(timeline, connections, each)
    with open(timeline) as file:
        events = sum(1 for _ in file)
    start = time.monotonic()
    subprocess.run([halfopen, 'report', '--html', page, timeline], check=True)
    drawn = time.monotonic() - start
    browser.size(1280, 900)
    browser.call('Page.navigate', url='about:blank')
    start = time.monotonic()
    browser.open(page)
    browser.run('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))')
    opened = time.monotonic() - start
    frames = []

    def frame(script):
        browser.run(script)
        browser.run('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))')
        frames.append(browser.run('ladder.frame'))

    for zoom in (2, 8, 40, 200):
        browser.run(f'ladder.fit(); ladder.zoomBy({zoom})')
        for step in range(10):
            frame(f'ladder.offset = ladder.height * {step} / 10')
    frames.sort()
    print(f'drawn timeline: {connections:,} connections, {events:,} events: page of {os.path.getsize(page) / 1e6:.0f} MB '
          f'made in {drawn:.1f} s; opened in {opened:.2f} s; a frame while scrolling takes {statistics.median(frames):.0f} ms '
          f'(median), {frames[int(len(frames) * .95)]:.0f} ms (95th percentile)')
