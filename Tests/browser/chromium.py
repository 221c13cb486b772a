"""A headless Chromium, spoken to over a pipe with the DevTools protocol: nothing but Python's own library.

Messages are JSON, each ended by a zero byte; Chromium reads them from descriptor 3 and writes to descriptor 4
(--remote-debugging-pipe).
"""

import json
import os
import shutil
import struct
import subprocess
import tempfile
import time
import zlib


class Browser:
    """A browser with one page; use it in a with statement."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix='halfopen-browser.')
        to_browser, from_us = os.pipe()
        from_browser, to_us = os.pipe()

        def place():
            # 3 and 4 may be among the pipes themselves: move all four out of the way first.
            reading, writing = os.dup2(to_browser, 20), os.dup2(to_us, 21)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        self.process = subprocess.Popen(
            ['chromium', '--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run',
             '--disable-dev-shm-usage', '--force-color-profile=srgb', '--font-render-hinting=none',
             '--disable-background-networking', '--remote-debugging-pipe', f'--user-data-dir={self.profile}',
             'about:blank'],
            close_fds=False, preexec_fn=place, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(to_us)
        self.writing, self.reading = from_us, from_browser
        self.buffer = b''
        self.number = 0
        self.session = None
        self.complaints = []
        self.events = []
        self.loaded = None
        page = next(t for t in self.call('Target.getTargets')['targetInfos'] if t['type'] == 'page')
        self.session = self.call('Target.attachToTarget', targetId=page['targetId'], flatten=True)['sessionId']
        for domain in ('Page', 'Runtime', 'Log', 'Network'):
            self.call(f'{domain}.enable')
        self.call('Page.setLifecycleEventsEnabled', enabled=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.session = None
            self.call('Browser.close')
        except (OSError, EOFError):
            pass
        self.process.wait()
        os.close(self.writing)
        os.close(self.reading)
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **parameters):
        """Calls a method of the protocol and returns its result."""
        self.number += 1
        message = {'id': self.number, 'method': method, 'params': parameters}
        if self.session:
            message['sessionId'] = self.session
        data = json.dumps(message).encode() + b'\0'
        while data:
            data = data[os.write(self.writing, data):]
        number = self.number
        while True:
            answer = self.read()
            if answer.get('id') == number:
                if 'error' in answer:
                    raise RuntimeError(f'{method}: {answer["error"]}')
                return answer['result']

    def read(self):
        """Reads the next message; what the page complained of is kept in `complaints`."""
        while b'\0' not in self.buffer:
            piece = os.read(self.reading, 1 << 20)
            if not piece:
                raise EOFError('chromium is gone')
            self.buffer += piece
        text, self.buffer = self.buffer.split(b'\0', 1)
        message = json.loads(text)
        method, parameters = message.get('method'), message.get('params', {})
        if method == 'Runtime.consoleAPICalled' and parameters['type'] in ('error', 'warning', 'assert'):
            self.complaints.append(str([a.get('value') for a in parameters['args']]))
        elif method == 'Runtime.exceptionThrown':
            detail = parameters['exceptionDetails']
            self.complaints.append(detail.get('exception', {}).get('description') or detail['text'])
        elif method == 'Log.entryAdded' and parameters['entry']['level'] in ('error', 'warning'):
            self.complaints.append(parameters['entry']['text'])
        elif method == 'Network.requestWillBeSent':
            self.events.append(parameters['request']['url'])
        elif method == 'Page.loadEventFired':
            self.events.append('loaded')
        elif method == 'Page.lifecycleEvent' and parameters['name'] == 'load':
            self.loaded = parameters['loaderId']
        elif method == 'Page.javascriptDialogOpening':
            self.complaints.append(f'a dialog: {parameters["message"]}')
        return message

    def size(self, width, height, scale=1):
        """Sets the size of the page in pixels of CSS."""
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=scale, mobile=False)

    def scheme(self, name, media=''):
        """Prefers `light` or `dark`; with media='print' as a printer would show it."""
        self.call('Emulation.setEmulatedMedia', media=media, features=[{'name': 'prefers-color-scheme', 'value': name}])

    def open(self, path):
        """Opens a file and returns how many seconds it took until the page was loaded."""
        self.events, self.complaints = [], []
        start = time.monotonic()
        url = path if '://' in path else 'file://' + os.path.abspath(path)
        # Which document is loaded: the one before it may still tell of its own end.
        document = self.call('Page.navigate', url=url)['loaderId']
        while self.loaded != document:
            self.read()
        return time.monotonic() - start

    def run(self, script):
        """Evaluates an expression in the page and returns its value."""
        answer = self.call('Runtime.evaluate', expression=script, returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in answer:
            detail = answer['exceptionDetails']
            raise RuntimeError(detail.get('exception', {}).get('description') or detail['text'])
        return answer['result'].get('value')

    def key(self, key, code=None, modifiers=0):
        """Presses a key, as 'ArrowDown' or 'f'."""
        text = {'text': key} if len(key) == 1 else {}
        numbers = {'Enter': 13, 'Escape': 27, 'Tab': 9, 'End': 35, 'Home': 36, 'ArrowLeft': 37, 'ArrowUp': 38,
                   'ArrowRight': 39, 'ArrowDown': 40, 'PageDown': 34, 'PageUp': 33}
        number = {'windowsVirtualKeyCode': numbers.get(key, ord(key[0].upper()))}
        for kind in ('keyDown', 'keyUp'):
            self.call('Input.dispatchKeyEvent', type=kind, key=key, code=code or key, modifiers=modifiers,
                      **(text if kind == 'keyDown' else {}), **number)

    def mouse(self, kind, x, y, **more):
        """Moves, presses, releases or turns the wheel: kind is one of the protocol's mouse events."""
        self.call('Input.dispatchMouseEvent', type=kind, x=x, y=y, **more)

    def click(self, x, y):
        """Clicks with the left button."""
        self.mouse('mouseMoved', x, y)
        self.mouse('mousePressed', x, y, button='left', clickCount=1)
        self.mouse('mouseReleased', x, y, button='left', clickCount=1)

    def screenshot(self, path=None):
        """The page as PNG, also written to `path`."""
        import base64
        data = base64.b64decode(self.call('Page.captureScreenshot', format='png')['data'])
        if path:
            with open(path, 'wb') as file:
                file.write(data)
        return data


def pixels(png):
    """Width, height and the rows of a PNG as Chromium writes it: 8 bits, RGB or RGBA; each row is bytes of RGB."""
    assert png[:8] == b'\x89PNG\r\n\x1a\n'
    place, data = 8, b''
    while place < len(png):
        length, kind = struct.unpack('>I4s', png[place:place + 8])
        chunk = png[place + 8:place + 8 + length]
        if kind == b'IHDR':
            width, height, depth, colour = struct.unpack('>IIBB', chunk[:10])
            assert depth == 8 and colour in (2, 6)
        elif kind == b'IDAT':
            data += chunk
        place += 12 + length
    data = zlib.decompress(data)
    size = 3 if colour == 2 else 4
    stride = width * size
    rows, previous = [], bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        kind, row = data[start], bytearray(data[start + 1:start + 1 + stride])
        if kind == 1:
            for i in range(size, stride):
                row[i] = (row[i] + row[i - size]) & 255
        elif kind == 2:
            for i in range(stride):
                row[i] = (row[i] + previous[i]) & 255
        elif kind == 3:
            for i in range(stride):
                row[i] = (row[i] + ((row[i - size] if i >= size else 0) + previous[i]) // 2) & 255
        elif kind == 4:
            for i in range(stride):
                a, b = (row[i - size], previous[i - size]) if i >= size else (0, 0)
                b, c = previous[i], b
                p = a + b - c
                pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
                row[i] = (row[i] + (a if pa <= pb and pa <= pc else b if pb <= pc else c)) & 255
        rows.append(bytes(row) if size == 3 else bytes(x for i, x in enumerate(row) if i % 4 != 3))
        previous = row
    return width, height, rows
