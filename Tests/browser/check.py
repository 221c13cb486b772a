"""Checks of the drawn timeline, of the matrix and of the sweep in a real browser: each function named check_… is one, and is run by its name.

Usage: check.py HALFOPEN CHECK        (the names: check.py HALFOPEN list)
"""

import json
import os
import subprocess
import sys
import tempfile

from chromium import Browser, pixels

HERE = os.path.dirname(os.path.abspath(__file__))
TIMELINES = os.path.join(HERE, '..', '..', 'docs', 'pictures', 'timelines')
HALFOPEN = sys.argv[1]


def timeline(name):
    return os.path.join(TIMELINES, name + '.jsonl')


def draw(source, folder, *options):
    """The page of a timeline; what is said on standard error is returned with it."""
    page = os.path.join(folder, os.path.basename(source) + '.html')
    done = subprocess.run([HALFOPEN, 'report', *options, '--html', page, source], capture_output=True, text=True)
    assert done.returncode in (0, 1), f'{source}: exit {done.returncode}: {done.stderr}'
    return page, done.stderr


class Opened:
    """A page that is open in a browser, and must have nothing to complain of at the end."""

    def __init__(self, source, *options, size=(1280, 900), scheme='light'):
        self.source, self.options, self.size, self.scheme = source, options, size, scheme

    def make(self):
        """Makes the page in the folder, and returns its path and what was said of it."""
        return draw(self.source, self.folder.name, *self.options)

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix='halfopen-page.')
        self.browser = Browser().__enter__()
        page, self.errors = self.make()
        self.browser.size(*self.size)
        self.browser.scheme(self.scheme)
        self.browser.open(page)
        self.settle()
        return self

    def __exit__(self, kind, *_):
        requests = [e for e in self.browser.events if e != 'loaded' and not e.startswith('file://' + self.folder.name)]
        complaints = self.browser.complaints
        self.browser.__exit__()
        self.folder.cleanup()
        if kind is None:
            assert not complaints, f'the page complains: {complaints}'
            assert not requests, f'the page loads {requests}'

    def settle(self):
        """Waits until the page has painted what it was told last."""
        self.run('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))')

    def run(self, script):
        return self.browser.run(script)

    def key(self, *keys):
        for key in keys:
            self.browser.key(key)
        self.settle()

    def place(self, item):
        """Where an item's mark is on the screen: its middle."""
        return self.run(f'''(() => {{
          const box = ladder.scroller.getBoundingClientRect();
          const hit = ladder.ladder.hits.find(h => h.item === {item});
          return hit && [box.left + (hit.x0 + hit.x1) / 2, box.top + (hit.y0 + hit.y1) / 2];
        }})()''')

    def item(self, text):
        """The first visible item with this text."""
        found = self.run(f'''ladder.axis.items.find(i =>
          ladder.state.run.strings[ladder.state.run.text[i]].includes({json.dumps(text)}))''')
        assert found is not None, f'no item says {text}'
        return found


class Ran(Opened):
    """A page that a command writes: its words, in which {} is the page's folder."""

    def make(self):
        page = os.path.join(self.folder.name, 'page.html')
        words = [word.replace('{}', self.folder.name) for word in (*self.source, '--html', page)]
        done = subprocess.run([HALFOPEN, *words], capture_output=True, text=True)
        assert done.returncode in (0, 1), f'{words}: exit {done.returncode}: {done.stderr}'
        return page, done.stderr


def check_every_picture_opens_without_a_complaint():
    for name in sorted(os.listdir(TIMELINES)):
        with Opened(os.path.join(TIMELINES, name)) as page:
            assert page.run('ladder.axis.items.length') > 10
            assert 'marks on the screen' in page.run('document.getElementById("status").textContent')
            # Something is painted: more than a few colours.
            width, height, rows = pixels(page.browser.screenshot())
            assert len({rows[y][x:x + 3] for y in range(0, height, 7) for x in range(0, width * 3, 21)}) > 8


def check_the_page_and_the_picture_fold_alike():
    for name in ('poweroff', 'halfopen', 'powercycle'):
        with Opened(timeline(name)) as page:
            words = page.run('ladder.axis.folds.map(f => ladder.axis.words(f))')
            still = page.run('[...document.querySelectorAll(".still text.i.c.s")].map(t => t.textContent)')
            assert words == still and words, f'{name}: {words} and {still}'
            tops = page.run('ladder.axis.folds.map(f => f.top)')
            drawn = page.run('[...document.querySelectorAll(".still rect.fold")].filter(r => +r.getAttribute("width") > 100)'
                             '.map(r => +r.getAttribute("y"))')
            gaps = [tops[i] - tops[0] - (drawn[i] - drawn[0]) for i in range(len(tops))]
            assert all(abs(gap) < .2 for gap in gaps), f'{name}: folds differ by {gaps}'


def check_hovering_shows_every_member():
    with Opened(timeline('poweroff')) as page:
        x, y = page.place(page.item('write(socket) = 22'))
        page.browser.mouse('mouseMoved', x, y)
        tip = page.run('document.getElementById("tip").hidden ? "" : document.getElementById("tip").innerText')
        for word in ('write(socket) = 22', 'kind\tcall', 'peer\tclient', 'result\t22', 'took\t', 't\t'):
            assert word in tip, f'{word!r} is not in {tip!r}'
        page.browser.mouse('mouseMoved', 2, 2)
        assert page.run('document.getElementById("tip").hidden')


def check_two_clicks_tell_the_time_between():
    with Opened(timeline('poweroff')) as page:
        first, second = page.item('types "kodos'), page.item('write(socket) = 22')
        page.browser.click(*page.place(first))
        page.browser.click(*page.place(second))
        page.settle()
        gap = page.run(f'ladder.state.run.time[{second}] - ladder.state.run.time[{first}]')
        told = page.run('document.getElementById("gap").textContent')
        assert f'{gap / 1e9:.9f} s' in told, told
        page.key('Escape')
        assert page.run('ladder.state.marks.length') == 0


def check_everything_works_by_keyboard():
    with Opened(timeline('poweroff')) as page:
        page.run('document.getElementById("scroll").focus()')
        page.key('Home')
        assert 'starts: dnc' in page.run('document.getElementById("say").textContent')
        page.key('ArrowDown', 'Enter', 'j', 'j', ' ')
        assert page.run('ladder.state.marks.length') == 2
        assert 'Between the two' in page.run('document.getElementById("say").textContent')
        page.key('End')
        assert page.run('ladder.state.chosen === ladder.axis.items[ladder.axis.items.length - 1]')
        before = page.run('ladder.state.zoom')
        page.key('+')
        assert page.run('ladder.state.zoom') > before
        page.key('0')
        assert page.run('ladder.axis.bottom * ladder.state.zoom <= ladder.scroller.clientHeight')
        page.key('1', 'l')
        assert page.run('[ladder.state.axisKind, ladder.axis.folds.length]') == ['linear', 0]
        count = page.run('ladder.axis.items.length')
        page.key('d')
        assert page.run('ladder.axis.items.length') > count
        page.key('m')
        assert page.run('ladder.state.view') == 'map'
        assert 'row' in page.run('document.getElementById("status").textContent')
        # The controls are reached and worked by Tab and the arrows, as the browser does it.
        page.run('document.querySelector("input[value=map]").focus()')
        page.key('ArrowUp')
        assert page.run('ladder.state.view') == 'ladder'
        unreachable = page.run('[...document.querySelectorAll("button, input, select, summary")]'
                               '.filter(e => e.tabIndex < 0).length')
        assert unreachable == 0


def check_kinds_can_be_left_out():
    with Opened(timeline('poweroff')) as page:
        count = page.run('ladder.axis.items.length')
        packets = page.run('[...ladder.axis.items].filter(i => ladder.state.run.kind[i] === 5).length')
        page.run('document.querySelector("input[data-kind=packet]").click()')
        page.settle()
        assert packets > 5 and page.run('ladder.axis.items.length') == count - packets


def check_the_story_is_there_as_text():
    with Opened(timeline('poweroff')) as page:
        page.run('document.getElementById("story").open = true')
        page.settle()
        text = page.run('document.getElementById("rows").innerText')
        for word in ('read(socket) = -1 ETIMEDOUT', 'power off kodos', 'retransmission 5', 'kang → kodos', 'lost: kodos has no power'):
            assert word in text, f'{word!r} is not in the story'
        assert page.run('document.querySelectorAll("#rows tr").length') == page.run('ladder.axis.items.length')
        assert page.run('document.querySelector("#scroll").getAttribute("aria-label").length') > 20
        verdicts = page.run('document.querySelector(".verdicts").textContent')
        assert 'ETIMEDOUT, 13.' in verdicts and '5m11s' in verdicts
    # And without any script.
    with Opened(timeline('poweroff')) as page:
        page.browser.call('Emulation.setScriptExecutionDisabled', value=True)
        page.browser.call('Page.reload')
        page.browser.events = []
        while 'loaded' not in page.browser.events:
            page.browser.read()
        text = page.run('document.body.innerText')
        assert 'read(socket) = -1 ETIMEDOUT' in text and 'power off kodos' in text
        assert page.run('getComputedStyle(document.querySelector(".still svg")).display') != 'none'


def check_print_shows_the_picture():
    with Opened(timeline('powercycle')) as page:
        page.browser.scheme('dark', media='print')
        page.settle()
        assert page.run('getComputedStyle(document.querySelector(".still")).display') == 'block'
        assert page.run('getComputedStyle(document.querySelector(".stage")).display') == 'none'
        assert page.run('getComputedStyle(document.documentElement).getPropertyValue("--bg").trim()') == '#ffffff'


def grid(png, columns=40, rows=30):
    """The mean colours of a picture's parts: two renderings of one picture differ little in them."""
    width, height, lines = pixels(png)
    cells = []
    for row in range(rows):
        band = lines[row * height // rows:(row + 1) * height // rows]
        for column in range(columns):
            left, right = column * width // columns * 3, (column + 1) * width // columns * 3
            part = b''.join(line[left:right] for line in band)
            cells.append([sum(part[c::3]) // (len(part) // 3) for c in range(3)])
    return cells


def check_screenshots_are_as_they_were():
    """Compares with the saved ones; HALFOPEN_GOLDEN=write saves them anew, to be looked at before they are committed.

    Their timelines lie beside them: the documentation's are recorded anew now and then, and each run's times are its own.
    """
    for name, scheme, size in (('poweroff', 'light', (1280, 900)), ('poweroff', 'dark', (1280, 900)),
                               ('powercycle', 'light', (760, 900)), ('halfopen', 'dark', (1600, 1000))):
        with Opened(os.path.join(HERE, 'golden', name + '.jsonl'), size=size, scheme=scheme) as page:
            cells = grid(page.browser.screenshot())
        saved = os.path.join(HERE, 'golden', f'{name}-{scheme}-{size[0]}.json')
        if os.environ.get('HALFOPEN_GOLDEN') == 'write':
            with open(saved, 'w') as file:
                json.dump(cells, file)
            continue
        with open(saved) as file:
            golden = json.load(file)
        gaps = [max(abs(a - b) for a, b in zip(x, y)) for x, y in zip(cells, golden)]
        far = sum(gap > 40 for gap in gaps)
        # Fonts and their smoothing move texts a little; a missing lane, band or colour moves many cells far.
        assert sum(gaps) / len(gaps) < 5 and far < len(gaps) * .02, \
            f'{name} {scheme} {size}: mean {sum(gaps) / len(gaps):.1f}, {far} of {len(gaps)} parts differ by more than 40'


def event(t, kind, **members):
    return json.dumps({'t': t, 'kind': kind, **members})


BEGIN = event(0, 'begin', version=1, lab='hostile', clock='CLOCK_MONOTONIC', kernel='6.18.0', hz=250)
ATTACK = '</script><script>globalThis.pwned=1</script><img src=x onerror="globalThis.pwned=1">\'"><svg onload=pwned=1>-->]]>'


def check_nothing_in_a_timeline_is_executed():
    lines = [event(0, 'begin', version=1, lab=ATTACK, path=ATTACK, script='title ' + ATTACK, clock=ATTACK, kernel=ATTACK,
                   hz=250, parameters={ATTACK: ATTACK})]
    for n, kind in enumerate(('command', 'note', 'step', 'fault', 'waiting', 'output', 'input', 'started', ATTACK)):
        lines.append(event(n * 10 ** 6, kind, host=ATTACK, peer=ATTACK, text=ATTACK, command=ATTACK, pid=1, line=1,
                           limit=1, stream='stderr', **{ATTACK: ATTACK}))
    lines.append(event(10 ** 7, 'call', host='kang', peer=ATTACK, call=ATTACK, detail=ATTACK, errno=ATTACK, result=-1))
    lines.append(event(10 ** 7, 'socket', host='kang', cookie=1, local=ATTACK, remote=ATTACK, state='ESTABLISHED'))
    lines.append(event(10 ** 7, 'packet', host='kang', direction='out', **{'from': ATTACK, 'to': ATTACK}, carries='TCP',
                       flags=ATTACK, text=ATTACK, **{'is': ATTACK}, seen=[ATTACK], fate='lost', cause=ATTACK))
    lines.append(event(10 ** 7, 'end', reason=ATTACK))
    lines.append(event(10 ** 7, 'verdict', line=1, text=ATTACK, outcome='failed', measured=ATTACK, published=[ATTACK],
                       reason=ATTACK, predicted=True, errno=ATTACK, limit=ATTACK, explanation=ATTACK))
    lines.append(event(10 ** 7, 'judgement', passed=False, problems=[ATTACK], attributions=[ATTACK]))
    with tempfile.NamedTemporaryFile('w', suffix='.jsonl') as file:
        file.write('\n'.join(lines) + '\n')
        file.flush()
        with Opened(file.name) as page:
            page.run('document.getElementById("scroll").focus()')
            page.key('d', 'd', 'Home', 'Enter')
            for _ in range(12):
                page.key('j', 'Enter')
            for hit in page.run('ladder.ladder.hits.map(h => [h.x0 + 1, h.y0 + 1])')[:60]:
                box = page.run('(b => [b.left, b.top])(ladder.scroller.getBoundingClientRect())')
                page.browser.mouse('mouseMoved', box[0] + hit[0], box[1] + hit[1])
            page.run('document.getElementById("story").open = true')
            page.settle()
            assert page.run('globalThis.pwned') is None
            assert page.run('document.images.length + document.querySelectorAll("iframe, object, embed").length') == 0
            assert page.run('document.scripts.length') == 5
            policy = page.run('document.querySelector("meta[http-equiv]").content')
            assert "default-src 'none'" in policy and "script-src 'sha256-" in policy and 'unsafe' not in policy
            # The policy is in force: a script that came in some other way would not run.
            page.run('document.body.append(Object.assign(document.createElement("script"), {textContent: "pwned = 1"}))')
            assert page.run('globalThis.pwned') is None
            assert any('Content Security Policy' in text for text in page.browser.complaints)
            page.browser.complaints = []
        picture = subprocess.run([HALFOPEN, 'report', '--format', 'svg', file.name], capture_output=True, text=True).stdout
        import xml.dom.minidom
        document = xml.dom.minidom.parseString(picture)
        names = {element.tagName for element in document.getElementsByTagName('*')}
        assert names <= {'svg', 'title', 'desc', 'style', 'defs', 'pattern', 'rect', 'path', 'circle', 'text', 'g'}, names
        for element in document.getElementsByTagName('*'):
            for name in element.attributes.keys():
                assert not name.startswith('on') and 'href' not in name, name


def check_bad_timelines_are_drawn_as_far_as_they_go():
    packet = dict(host='kang', direction='out', carries='TCP', flags='SYN', **{'from': '10.88.88.139:1', 'to': '10.88.88.140:2'})
    cases = {
        'torn': ([BEGIN, event(1, 'note', text='hello'), '{"t":5,"kind":"no'], 'torn'),
        'a newer version': ([BEGIN.replace('"version": 1', '"version": 9'), event(1, 'marvel', wonder=[1])], 'newer'),
        'a megabyte in a field': ([BEGIN, event(1, 'output', host='kang', peer='client', stream='stdout', text='x' * 1_000_000)], None),
        'times that run backwards': ([BEGIN] + [event(t, 'packet', **packet) for t in (9, -5, 10 ** 9, 3, -2 ** 63, 2 ** 63 - 1)], None),
        'no beginning': ([event(1, 'note', text='hello')], 'no beginning'),
        'no event but the beginning': ([BEGIN], 'no end'),
        'numbers at their limits': ([BEGIN, event(2 ** 63 - 1, 'socket', host='kang', cookie=-2 ** 63, local='a', remote='b',
                                     state='ESTABLISHED', timer='on', expires_ms=2 ** 63 - 1, count=2 ** 62, rto_us=-2 ** 63),
                                     event(1, 'packet', took=-2 ** 63, len=2 ** 63 - 1, **packet),
                                     event(2, 'call', host='kang', peer='p', call='poll', took=2 ** 63 - 1)], None),
        'a hundred hosts': ([BEGIN] + [event(n, 'note', host=f'host{n}', text='x') for n in range(100)], None),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, (lines, note) in cases.items():
            path = os.path.join(folder, 'bad.jsonl')
            with open(path, 'wb') as file:
                file.write('\n'.join(lines).encode() + (b'' if name == 'torn' else b'\n'))
            with Opened(path) as page:
                page.key('d')
                text = page.run('document.querySelector(".about").innerText')
                assert note is None or note in text, f'{name}: no word of it in {text!r}'
                for keys in ('l', 'm', 'm', '0', 'l'):
                    page.run('document.getElementById("scroll").focus()')
                    page.key(keys)
                heights = page.run('[...ladder.axis.rows, ladder.height]')
                assert all(isinstance(h, (int, float)) for h in heights), f'{name}: heights are no numbers'
        path = os.path.join(folder, 'utf8.jsonl')
        with open(path, 'wb') as file:
            file.write(BEGIN.encode() + b'\n{"t":1,"kind":"note","text":"bad \xff\xfe bytes"}\n')
        with Opened(path) as page:
            assert 'bad ' in page.run('document.querySelector(".still").textContent')
        path = os.path.join(folder, 'empty.jsonl')
        open(path, 'w').close()
        done = subprocess.run([HALFOPEN, 'report', '--html', os.path.join(folder, 'x.html'), path], capture_output=True, text=True)
        assert done.returncode == 2 and 'holds no event' in done.stderr and not os.path.exists(os.path.join(folder, 'x.html'))


def many(path, connections, packets):
    """A timeline of many connections, each with so many packets and an end."""
    script = 'title Many\nquestion How many?\nanswer Many.\nnetwork lan\npeer server on kodos: dnc -l -p 8080\nstart server\n'
    with open(path, 'w') as file:
        file.write(event(0, 'begin', version=1, lab='many', path='many.lab', script=script, clock='CLOCK_MONOTONIC',
                         kernel='6.18.0', hz=250) + '\n')
        t = 0
        for n in range(connections):
            ends = {'local': f'10.88.88.139:{1024 + n % 60000}', 'remote': f'10.88.88.140:{8000 + n // 60000}'}
            t += 1_000_000
            file.write(event(t, 'socket', host='kang', cookie=n, state='ESTABLISHED', **ends) + '\n')
            for p in range(packets):
                t += 100_000
                lost = {'fate': 'lost', 'cause': 'on the wire: cut kodos', 'seen': ['kang:eth0', 'switch:kang']} if (n * packets + p) % 9 == 8 else {
                    'fate': 'arrived', 'took': 40_000, 'seen': []}
                file.write(event(t, 'packet', host='kang', direction='out', carries='TCP', flags='PSH ACK', seq=p, ack=1, len=100,
                                 win=64240, **{'from': ends['local'], 'to': ends['remote'], 'is': 'data'}, **lost) + '\n')
            if n >= 100:
                old = {'local': f'10.88.88.139:{1024 + (n - 100) % 60000}', 'remote': ends['remote']}
                file.write(event(t, 'gone', host='kang', cookie=n - 100, state='ESTABLISHED', **old) + '\n')
        file.write(event(t, 'end') + '\n')
        # It is judged already, so that only the drawing is at work.
        file.write(event(t, 'judgement', passed=True, problems=[], attributions=[]) + '\n')


def check_what_is_smaller_than_a_pixel_is_coalesced_and_said_so():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'many.jsonl')
        many(path, 1200, 4)
        with Opened(path) as page:
            status = page.run('document.getElementById("status").textContent')
            assert 'how many there are in each row of pixels' in status, status
            assert 'the state map has a row for each' in page.run('document.querySelector(".notes").innerText')
            page.run('document.getElementById("scroll").focus()')
            page.key('m')
            status = page.run('document.getElementById("status").textContent')
            assert 'each row of pixels stands for' in status and 'most common' in status, status
            # Zoomed in far enough every mark stands by itself, with its text.
            page.key('m', '1')
            status = page.run('document.getElementById("status").textContent')
            assert 'row of pixels' not in status and 'without their texts' not in status, status
            assert page.run('document.querySelectorAll("#rows tr").length') <= 500
            page.run('document.getElementById("story").open = true')
            page.run('document.getElementById("after").click()')
            assert '501 to' in page.run('document.getElementById("page").textContent').replace(',', '')


def check_a_large_page_unpacks_only_what_is_asked_for():
    """Every member of events here and there is what the timeline's line says, and nothing is unpacked beforehand."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'many.jsonl')
        many(path, 300, 80)
        with open(path) as file:
            lines = [json.loads(line) for line in file if '"judgement"' not in line]
        with Opened(path) as page:
            assert page.run('ladder.state.run.n') > 20000
            assert page.run('ladder.state.run.members === undefined && document.querySelectorAll("#rows tr").length === 0')
            # Events of several shapes, in several blocks of their columns; the marks tell the moment.
            for number in (1, 2, 9, 127, 128, 129, 9999, len(lines) // 2, len(lines) - 3, len(lines) - 2):
                members = page.run(f'ladder.state.run.event.indexOf({number}) < 0 ? null : '
                                   f'ladder.members(ladder.state.run.event.indexOf({number}))')
                told = {name: value for name, value in lines[number].items()}
                for name, value in members:
                    wanted = told.pop(name)
                    wanted = json.dumps(wanted, separators=(',', ':')) if isinstance(wanted, list) else str(wanted)
                    assert value == wanted, f'event {number}: {name} is {value!r} in the page and {wanted!r} in the timeline'
                assert not told, f'event {number}: the page has no {told}'
            # Scrolled through at every zoom, something is drawn; at the usual size each mark has its text.
            for zoom in (1, 10, 100):
                page.run(f'ladder.fit(); ladder.zoomBy({zoom})')
                for part in (0, .3, .7, .99):
                    page.run(f'ladder.offset = ladder.height * {part}')
                    page.settle()
                    assert 'marks on the screen' in page.run('document.getElementById("status").textContent')
            page.run('document.getElementById("scroll").focus()')
            page.key('1', 'End')
            assert 'lower than a pixel' not in page.run('document.getElementById("status").textContent')
            rows = page.run('[...ladder.axis.rows]')
            times = page.run('[...ladder.axis.items].map(i => ladder.state.run.time[i])')
            assert times == sorted(times) and rows[0] < rows[len(rows) // 2] < rows[-1]
            # The story is made when it is opened, and follows the filters.
            page.run('document.getElementById("story").open = true')
            page.settle()
            assert page.run('document.querySelectorAll("#rows tr").length') == 500
            page.run('document.querySelector("input[data-kind=packet]").click()')
            page.settle()
            shown = page.run('document.getElementById("page").textContent')
            assert shown.endswith(' of ' + page.run('ladder.axis.items.length.toLocaleString("en")')), shown


MATRIX = ('matrix', '--real', '--failures', 'connecting-refused,idle-frozen,idle-closed,sending-reset,sending-drop',
          '--only-mine', '--settings', 'mine: user-timeout=1s', '--settings', 'slow: tcp_retries2=15', '--watch', '1s',
          '--timelines', '{}/timelines')


def luminance(colour):
    """The relative luminance of rgb(r, g, b), as WCAG 2 defines it."""
    parts = [int(part) / 255 for part in colour[colour.index('(') + 1:-1].split(',')[:3]]
    r, g, b = [part / 12.92 if part <= .04045 else ((part + .055) / 1.055) ** 2.4 for part in parts]
    return .2126 * r + .7152 * g + .0722 * b


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + .05) / (low + .05)


# Of each element: what stands in it, its colour, and what is behind it; a hatched one has the colours of its gradient.
COLOURS = """(selector => [...document.querySelectorAll(selector)].map(e => {
  const style = getComputedStyle(e), hatch = style.backgroundImage.match(/rgb\\([^)]*\\)/g);
  return [e.textContent, style.color, ...(hatch || [style.backgroundColor])];
}))"""


def heat_scale(page):
    """Every colour of the matrix is explained, grows with the time, and can be read in light and dark."""
    for scheme, order in (('light', 1), ('dark', -1)):
        page.browser.scheme(scheme)
        page.settle()
        legend = page.run(COLOURS + '(".scale li")')
        assert len(legend) == 7 and len({entry[0] for entry in legend}) == 7, legend
        heats = [luminance(entry[2]) * order for entry in legend[:6]]
        assert heats == sorted(heats, reverse=True) and len(set(heats)) == 6, f'{scheme}: {legend}'
        # "never" is hatched besides its colour.
        assert [len(entry) > 3 for entry in legend] == [False] * 5 + [True, False], legend
        behind = {tuple(entry[2:]) for entry in legend}
        cells = page.run(COLOURS + '("#matrix td")')
        for text, colour, *grounds in legend + cells:
            assert tuple(grounds) in behind, f'{scheme}: the scale does not explain {text!r}: {grounds}'
            assert all(contrast(colour, ground) >= 4.5 for ground in grounds), f'{scheme}: {text!r}: {colour} on {grounds}'
        body = page.run(COLOURS + '("body")')[0]
        assert contrast(body[1], body[2]) > 10 and (luminance(body[2]) > .5) == (scheme == 'light')
    heat = lambda cell: page.run(f'document.getElementById("to-{cell}").parentElement.className')
    assert heat('idle-frozen--mine') == 'h5' and heat('connecting-refused--mine') == 'h0', 'never, at once'
    assert 'guess' in heat('sending-drop--slow'), 'a cell that was not run is told from one that was'
    page.browser.scheme('dark', media='print')
    page.settle()
    assert page.run('getComputedStyle(document.querySelector(".scroll")).overflow') == 'visible'


def check_the_matrix_is_read_by_pointer_keyboard_and_colour():
    with Ran(MATRIX) as page:
        heat_scale(page)
        page.browser.scheme('light')
        assert page.run('document.querySelectorAll("#matrix td a").length') == 10
        active = 'document.activeElement.id'
        # Arrow keys go from cell to cell, and stay in the table.
        page.run('document.querySelector("#matrix td a").focus()')
        assert page.run(active) == 'to-connecting-refused--mine'
        page.key('ArrowLeft', 'ArrowUp')
        assert page.run(active) == 'to-connecting-refused--mine'
        page.key('ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowLeft')
        assert page.run(active) == 'to-idle-closed--mine'
        # Enter opens a cell's story, Escape goes back to where one was.
        page.browser.key('Enter')
        page.run("new Promise(done => location.hash ? done(1) : addEventListener('hashchange', () => done(1)))")
        page.settle()
        assert page.run('getComputedStyle(document.getElementById("idle-closed--mine")).display') == 'block'
        assert page.run('document.activeElement.className') == 'back'
        page.key('Escape')
        page.run("new Promise(done => setTimeout(done))")
        assert page.run(active) == 'to-idle-closed--mine'
        assert page.run('document.querySelector("section.cell:target")') is None
        # One click on a cell shows its run; its timeline is behind a link that works.
        box = page.run("""(() => { const a = document.getElementById('to-sending-reset--mine'); a.scrollIntoView();
          const b = a.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()""")
        page.browser.click(*box)
        page.settle()
        story = page.run('document.querySelector("section.cell:target").innerText')
        for word in ('sending-reset/mine', 'ECONNRESET', 'reject from kang to kodos with tcp-reset', 'predicted', 'the lab'):
            assert word in story, f'{word!r} is not in {story!r}'
        address = page.run("""[...document.querySelectorAll('section.cell:target a')]
          .find(a => a.textContent === 'the drawn timeline').href""")
        saved = page.run("""[...document.querySelectorAll('section.cell:target a')]
          .find(a => a.textContent.includes('JSON Lines')).href""")
        assert os.path.exists(saved[len('file://'):])
        # What was not run has no timeline to lead to.
        assert page.run('document.querySelectorAll("#sending-drop--slow p a").length') == 1
        complaints = page.browser.complaints
        page.browser.open(address)
        assert page.run('ladder.state.run.strings.some(text => text.includes("ECONNRESET"))')
        page.browser.complaints += complaints


def check_the_sweep_shows_every_value():
    words = ('sweep', 'syn-user-timeout', '--real', '--set', 'user_timeout=500ms,1s,1500ms')
    with Ran(words) as page:
        assert page.run('document.querySelectorAll("tbody tr").length') == 3
        rows = page.run('document.querySelector("tbody").innerText')
        for word in ('500ms', '1s', '1500ms', 'ETIMEDOUT', 'user timeout'):
            assert word in rows, f'{word!r} is not in {rows!r}'
        # The picture has a point for each value, with its figures to hover over, and the window as a band.
        assert page.run('document.querySelectorAll("main svg").length') == 1
        titles = page.run('[...document.querySelectorAll("main svg title")].map(t => t.textContent)')
        assert sum('s; predicted 1' in title for title in titles) == 3, titles
        seen = set()
        for scheme in ('light', 'dark'):
            page.browser.scheme(scheme)
            page.settle()
            body = page.run(COLOURS + '("body")')[0]
            assert contrast(body[1], body[2]) > 10
            seen.add(body[2])
        assert len(seen) == 2, 'light and dark are the same'


def main():
    checks = {name[len('check_'):]: function for name, function in globals().items() if name.startswith('check_')}
    if sys.argv[2] == 'list':
        print('\n'.join(checks))
        return
    checks[sys.argv[2]]()


if __name__ == '__main__':
    main()
