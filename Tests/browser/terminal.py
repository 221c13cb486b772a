"""What a lab shows while it runs in a terminal: the ladder, its colours and its width; bars where several labs run.

Usage: terminal.py HALFOPEN, in the repository's folder.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unicodedata

HALFOPEN = sys.argv[1]
ESCAPE = re.compile(r'\x1b\[[0-9;]*[A-Za-z]')


def in_terminal(columns, *arguments, **environment):
    """All that halfopen writes to a terminal of this width."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.pop('NO_COLOR', None)
        os.environ.update(TERM='xterm-256color', **environment)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 30, columns, 0, 0))
        os.execv(HALFOPEN, [HALFOPEN, *arguments])
    data = b''
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        data += piece
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    text = data.decode()
    assert os.waitstatus_to_exitcode(status) == 0, text
    return text


def check_width(text, columns):
    for line in re.split(r'[\r\n]+', text):
        plain = ESCAPE.sub('', line)
        width = sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in plain)
        assert width <= columns, f'{width} columns in a terminal of {columns}: {plain!r}'


lab = ['run', 'powercycle', '--set', 'idle=1s']

coloured = in_terminal(100, *lab)
check_width(coloured, 100)
for sign in ('▶', '◀', '┃', '=== power cycle kodos ===', 'read(socket) = -1 ECONNRESET', '\x1b[1;33m', 'PASS'):
    assert sign in coloured, f'{sign!r} is not in {coloured}'

plain = in_terminal(60, *lab, NO_COLOR='1')
check_width(plain, 60)
assert '▶' in plain and not re.search(r'\x1b\[[0-9;]*m', plain), plain

piped = subprocess.run([HALFOPEN, *lab], capture_output=True, text=True, check=True).stdout
assert '▶' not in piped and '\x1b' not in piped and 'client  connect(' in piped, piped

several = in_terminal(80, 'run', '-j', '2', 'powercycle', 'reboot', '--set', 'idle=1s', NO_COLOR='1')
check_width(several, 80)
assert re.search(r'powercycle  [█▏▎▍▌▋▊▉]*·+  \d+s of \d+s', several), several
assert 'PASS  powercycle' in several and '2 of 2 labs passed' in several, several
