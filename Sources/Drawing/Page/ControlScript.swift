extension PageScript {
  /// Controls, pointer and keyboard, and the story as text.
  static let page = #"""
    // The page: its controls, the pointer, the keyboard, and the story as text. Texts are only ever set as text.
    const find = id => document.getElementById(id);
    const make = (name, text, className) => {
      const element = document.createElement(name);
      if (text !== undefined) element.textContent = text;
      if (className) element.className = className;
      return element;
    };
    const TALLEST = 8e6;

    class Page {
      constructor() {
        this.runs = [];
        this.scroller = find('scroll');
        this.ladder = new Ladder(find('canvas'));
        this.map = new StateMap(find('canvas'), this.ladder);
        this.state = {run: null, axisKind: document.body.dataset.axis, level: 0, off: new Set(), zoom: 1, chosen: -1,
          marks: [], view: 'ladder', pan: 0, spread: 1, digits: 3};
        this.listen();
        this.choose(0);
      }

      choose(number) {
        const s = this.state;
        s.run = this.runs[number] ??= readRun(number);
        const run = s.run;
        run.outages = run.spans.filter(span => span.kind === SPAN.outage);
        run.bars ??= run.spans.filter(span => span.kind !== SPAN.outage && span.track >= 0 && span.lane >= 0);
        s.level = run.n > 20000 ? 2 : Math.max(0, Number(document.body.dataset.level));
        s.marks = [];
        s.chosen = -1;
        s.zoom = 1;
        this.kinds();
        this.layout();
        if (this.axis.items.length > 3000) this.fit();
        find('level').value = String(s.level);
      }

      // The check boxes: one for each kind that the run has.
      kinds() {
        const box = find('kinds'), counts = new Uint32Array(16), kinds = this.state.run.kind;
        box.replaceChildren();
        for (let i = 0; i < kinds.length; i++) counts[kinds[i]]++;
        for (const [name, kind] of Object.entries(KIND)) {
          if (!counts[kind]) continue;
          const label = make('label'), input = make('input');
          input.type = 'checkbox';
          input.checked = !this.state.off.has(kind);
          input.dataset.kind = name;
          input.addEventListener('change', () => {
            if (input.checked) this.state.off.delete(kind); else this.state.off.add(kind);
            this.keepPlace(() => this.layout());
          });
          label.append(input, ' ' + this.state.run.kinds[kind] + ' (' + counts[kind].toLocaleString('en') + ')');
          box.append(label);
        }
      }

      layout() {
        const s = this.state, run = s.run;
        this.axis = new Axis(run, s.axisKind, s.level, Uint8Array.from({length: 16}, (_, kind) => s.off.has(kind) ? 0 : 1));
        this.geometry = geometryOf(run, this.scroller.clientWidth - 2);
        s.digits = this.axis.last - this.axis.first < 5e7 ? 6 : 3;
        this.faults = [];
        const {items, rows} = this.axis;
        for (let k = 0; k < items.length; k++) if (run.kind[items[k]] === KIND.fault) this.faults.push({item: items[k], y: rows[k]});
        this.resize();
        this.story(0);
      }

      get height() {
        return this.state.view === 'map' ? this.map.height(this.scroller.clientHeight - 2)
          : this.tall * this.state.zoom + HEAD + 30;
      }

      // The ladder's own height before zooming: the cards may reach further down than it.
      get tall() { return Math.max(this.axis.bottom, this.geometry.cards ? (this.cardsBottom ?? 0) / this.state.zoom : 0); }

      resize() {
        const s = this.state, width = this.scroller.clientWidth, height = this.scroller.clientHeight;
        if (s.view === 'map') this.map.prepare(s.run);
        let low = 0;
        if (this.geometry.cards) {
          for (const card of s.run.cards) {
            const lines = wrap(card.statement, 28, 4).length + card.lines.reduce((n, [a, b]) =>
              n + wrap(a + ': ' + b, 32, 6).length, 0);
            low = Math.max(low + 5, this.axis.y(card.time) * s.zoom - 12) + lines * LINE + 8;
          }
        }
        this.cardsBottom = low;
        find('spacer').style.height = Math.min(TALLEST, Math.max(this.height, height)) + 'px';
        find('spacer').style.width = (s.view === 'map' ? width : Math.max(width, this.geometry.width)) + 'px';
        this.redraw();
      }

      // A page can be scrolled only so far: a higher picture moves faster than its scroll bar.
      get stretch() {
        const room = this.scroller.clientHeight;
        return Math.max(1, (this.height - room) / Math.max(1, Math.min(TALLEST, this.height) - room));
      }
      get offset() { return this.scroller.scrollTop * this.stretch; }
      set offset(value) { this.scroller.scrollTop = value / this.stretch; }

      redraw() {
        if (this.waiting) return;
        this.waiting = true;
        requestAnimationFrame(() => { this.waiting = false; this.paint(); });
      }

      paint() {
        const s = this.state, start = performance.now(), canvas = find('canvas');
        const width = Math.max(this.scroller.clientWidth, s.view === 'map' ? 0 : this.geometry.width);
        const height = this.scroller.clientHeight;
        // In print the static picture stands in the canvas's place.
        if (!width || !height) return;
        canvas.style.width = width + 'px';
        canvas.style.height = height + 'px';
        const view = {run: s.run, axis: this.axis, zoom: s.zoom, offset: this.offset, width, height, geometry: this.geometry,
          chosen: s.chosen, marks: s.marks, digits: s.digits, bars: s.run.bars, faults: this.faults, pan: s.pan,
          spread: s.spread};
        let text;
        if (s.view === 'map') {
          const told = this.map.draw(view);
          text = counted(told.rows, 'row');
          if (told.each > 1) text += '; each row of pixels stands for ' + told.each + ' of them and shows the most common state';
        } else {
          const told = this.ladder.draw(view);
          text = counted(told.count, 'mark') + ' on the screen, ' + counted(this.axis.items.length, 'mark') + ' in all';
          if (told.coalesced === told.count && told.count > MOST_MARKS) {
            text += '; drawn as how many there are in each row of pixels: zoom in to see them one by one';
          } else if (told.coalesced) text += '; ' + told.coalesced + ' without their texts: zoom in to read them';
          if (told.bars) text += '; ' + counted(told.bars, 'bar') + ' lower than a pixel drawn as one with those beside them';
        }
        find('status').textContent = text;
        this.frame = performance.now() - start;
        // When the page was there to be seen, in milliseconds since it was asked for: for bench/page.py.
        this.drawn ??= start + this.frame;
        this.frames = (this.frames || 0) + 1;
      }

      keepPlace(change) {
        const time = this.axis.time(this.offset / this.state.zoom);
        change();
        this.offset = this.axis.y(time) * this.state.zoom;
      }

      zoomBy(factor, at = this.scroller.clientHeight / 2) {
        const s = this.state;
        if (s.view === 'map') {
          const centre = s.pan + .5 / s.spread;
          s.spread = Math.min(1e5, Math.max(1, s.spread * factor));
          s.pan = Math.min(1 - 1 / s.spread, Math.max(0, centre - .5 / s.spread));
          this.redraw();
          return;
        }
        const y = (this.offset + at - HEAD) / s.zoom;
        s.zoom = Math.min(1e6, Math.max(Math.min(1, 200 / this.axis.bottom), s.zoom * factor));
        this.resize();
        this.offset = y * s.zoom - at + HEAD;
        this.redraw();
      }

      fit() {
        this.state.zoom = Math.max(1e-7, (this.scroller.clientHeight - HEAD - 34) / this.axis.bottom);
        this.state.pan = 0;
        this.state.spread = 1;
        this.resize();
        this.offset = 0;
      }

      setAxis(kind) {
        this.state.axisKind = kind;
        this.keepPlace(() => this.layout());
        for (const input of document.querySelectorAll('input[name=axis]')) input.checked = input.value === kind;
      }
      setLevel(level) {
        this.state.level = level;
        find('level').value = String(level);
        this.keepPlace(() => this.layout());
      }
      setView(view) {
        this.state.view = view;
        for (const input of document.querySelectorAll('input[name=view]')) input.checked = input.value === view;
        this.scroller.scrollTop = 0;
        this.resize();
      }

      // What an item is, in one sentence.
      sentence(i) {
        const run = this.state.run, lane = run.lanes[run.lane[i]], target = run.lanes[run.target[i]];
        let text = seconds(run.time[i], Math.max(this.state.digits, 3)) + ' s, ';
        if (isArrow(run.kind[i])) text += (lane ? lane.name : run.middle) + ' to ' + (target ? target.name : run.middle) + ': ';
        else if (lane) text += lane.name + ': ';
        text += run.strings[run.text[i]];
        if (run.cause[i] >= 0) text += ', lost: ' + run.strings[run.cause[i]];
        return text;
      }

      // Every member of an item's event; a published or predicted moment has none.
      members(i) {
        const run = this.state.run;
        return run.kind[i] === KIND.published ? [] : membersOf(run, run.event[i], run.time[i]);
      }

      say(text) { find('say').textContent = text; }

      select(i, scroll = true) {
        const s = this.state;
        s.chosen = i;
        if (scroll) {
          const k = this.axis.place(s.run.time[i]);
          let row = k;
          while (this.axis.items[row] !== i && row < this.axis.items.length - 1) row++;
          const y = this.axis.rows[row] * s.zoom, room = this.scroller.clientHeight - HEAD;
          if (y < this.offset + 30 || y > this.offset + room - 40) this.offset = y - room / 2;
        }
        this.say(this.sentence(i));
        this.panel(i);
        this.redraw();
      }

      // The panel: every member of the chosen mark's event, and the time to the mark before.
      panel(i) {
        const s = this.state, box = find('panel');
        box.replaceChildren(make('h2', 'The chosen event'), make('p', this.sentence(i)), this.table(this.members(i)));
        if (s.marks.length === 2) {
          const [a, b] = s.marks, gap = Math.abs(s.run.time[b] - s.run.time[a]);
          const line = make('p', 'Between the two marked: ' + duration(gap) + ' (' + seconds(gap, 9) + ' s)', 'gap');
          line.id = 'gap';
          box.prepend(line);
        } else if (s.marks.length) box.prepend(make('p', 'One event is marked: choose another for the time between.', 'gap'));
      }

      table(pairs) {
        const table = make('table');
        for (const [name, value] of pairs) {
          const row = make('tr');
          row.append(make('th', name), make('td', value));
          table.append(row);
        }
        return table;
      }

      mark(i) {
        const s = this.state;
        if (s.marks.length >= 2 || s.marks.includes(i)) s.marks = [];
        s.marks.push(i);
        this.select(i, false);
        if (s.marks.length === 2) {
          this.say('Between the two: ' + duration(Math.abs(s.run.time[s.marks[1]] - s.run.time[s.marks[0]])));
        }
      }

      // The mark before or after the chosen one, in the order of time.
      step(by) {
        const items = this.axis.items, s = this.state;
        if (!items.length) return;
        let k = s.chosen < 0 ? (by > 0 ? -1 : items.length) : lowerBound(items, s.chosen);
        k = Math.max(0, Math.min(items.length - 1, k + by));
        this.select(items[k]);
      }

      // What is under the pointer: the last thing drawn there, marks before bars and bands.
      at(x, y) {
        const hits = this.ladder.hits || [];
        let best = null, rank = -1;
        for (let k = hits.length - 1; k >= 0; k--) {
          const h = hits[k];
          if (x < h.x0 - 2 || x > h.x1 + 2 || y < h.y0 - 2 || y > h.y1 + 2) continue;
          const own = h.item !== undefined ? 3 : h.card !== undefined ? 2 : h.fold ? 1 : h.span.kind === SPAN.outage ? 0 : 2;
          if (own > rank) { best = h; rank = own; }
        }
        return best;
      }

      tip(event) {
        const tip = find('tip'), box = this.scroller.getBoundingClientRect(), s = this.state, run = s.run;
        const x = event.clientX - box.left + (s.view === 'map' ? 0 : this.scroller.scrollLeft), y = event.clientY - box.top;
        let title, pairs = [];
        if (s.view === 'map') {
          const found = this.map.at(x, y);
          if (found) {
            title = found.row.name;
            pairs = [['at', seconds(found.time, 6) + ' s']];
            if (found.span) pairs.push(['is', run.strings[found.span.text]], ['since', seconds(found.span.from, 6) + ' s'],
              ['for', duration(found.span.until - found.span.from)]);
          }
        } else {
          const hit = this.at(x, y);
          if (hit && hit.item !== undefined) {
            title = this.sentence(hit.item);
            pairs = this.members(hit.item);
          } else if (hit && hit.card !== undefined) {
            const card = run.cards[hit.card];
            title = card.statement;
            pairs = [['verdict', card.outcome], ...card.lines, ['why', card.reason]];
          } else if (hit && hit.fold) {
            title = this.axis.words(hit.fold);
            pairs = [['from', seconds(hit.fold.from, 6) + ' s'], ['until', seconds(hit.fold.until, 6) + ' s']];
          } else if (hit && hit.span) {
            const span = hit.span;
            title = run.strings[span.text] + (span.entity >= 0 ? ' · ' + run.entities[span.entity].name : '');
            pairs = [['from', seconds(span.from, 6) + ' s'], ['until', seconds(span.until, 6) + ' s'],
              ['for', duration(span.until - span.from)]];
            if (span.kind === SPAN.timer) pairs.push(['expires', seconds(span.expiry, 3) + ' s'],
              ['left here', duration(Math.max(0, Math.round((span.expiry - this.axis.time((y - HEAD + this.offset) / s.zoom)) / 1e6) * 1e6))]);
          }
        }
        tip.hidden = !title;
        if (!title) return;
        tip.replaceChildren(make('strong', title.length > 300 ? title.slice(0, 300) + '…' : title),
          this.table(pairs.map(([a, b]) => [a, b.length > 300 ? b.slice(0, 300) + '…' : b])));
        const wide = tip.offsetWidth, tall = tip.offsetHeight;
        tip.style.left = Math.max(4, Math.min(innerWidth - wide - 8, event.clientX + 14)) + 'px';
        tip.style.top = Math.max(4, event.clientY + 14 + tall > innerHeight ? event.clientY - tall - 10 : event.clientY + 14) + 'px';
      }

      // The story as text, some hundred rows at a time: what the filters show. It is made when it is asked for.
      story(page) {
        if (!find('story').open) return;
        const size = 500, s = this.state, items = this.axis.items, pages = Math.max(1, Math.ceil(items.length / size));
        this.storyPage = Math.max(0, Math.min(pages - 1, page));
        const body = find('rows'), rows = [];
        for (let k = this.storyPage * size; k < Math.min(items.length, (this.storyPage + 1) * size); k++) {
          const i = items[k], row = make('tr'), lane = s.run.lanes[s.run.lane[i]], target = s.run.lanes[s.run.target[i]];
          const where = isArrow(s.run.kind[i]) ? (lane ? lane.name : s.run.middle) + ' → ' + (target ? target.name : s.run.middle)
            : lane ? lane.name : '';
          row.append(make('td', seconds(s.run.time[i], Math.max(3, s.digits))), make('td', where),
            make('td', s.run.kinds[s.run.kind[i]]),
            make('td', s.run.strings[s.run.text[i]] + (s.run.cause[i] >= 0 ? ' (lost: ' + s.run.strings[s.run.cause[i]] + ')' : '')));
          rows.push(row);
        }
        body.replaceChildren(...rows);
        find('pages').hidden = pages < 2;
        find('page').textContent = 'rows ' + (this.storyPage * size + 1).toLocaleString('en') + ' to ' +
          Math.min(items.length, (this.storyPage + 1) * size).toLocaleString('en') + ' of ' + items.length.toLocaleString('en');
      }

      listen() {
        const s = this.state, scroller = this.scroller;
        scroller.addEventListener('scroll', () => this.redraw(), {passive: true});
        scroller.addEventListener('wheel', event => {
          if (!event.ctrlKey && !event.metaKey) return;
          event.preventDefault();
          this.zoomBy(Math.exp(-event.deltaY / 300), event.clientY - scroller.getBoundingClientRect().top);
        }, {passive: false});
        let grip = null;
        scroller.addEventListener('pointerdown', event => {
          if (event.button === 0 && event.target.id === 'canvas') {
            grip = {x: event.clientX, y: event.clientY, left: scroller.scrollLeft, top: this.offset, pan: s.pan, moved: false};
          }
        });
        addEventListener('pointermove', event => {
          if (grip && Math.hypot(event.clientX - grip.x, event.clientY - grip.y) > 4) {
            grip.moved = true;
            this.offset = grip.top - (event.clientY - grip.y);
            scroller.scrollLeft = grip.left - (event.clientX - grip.x);
            if (s.view === 'map') s.pan = Math.min(1 - 1 / s.spread, Math.max(0,
              grip.pan - (event.clientX - grip.x) / Math.max(1, scroller.clientWidth * .7) / s.spread));
            find('tip').hidden = true;
            this.redraw();
          } else if (event.target.id === 'canvas') this.tip(event); else find('tip').hidden = true;
        });
        addEventListener('pointerup', event => {
          const wasClick = grip && !grip.moved;
          grip = null;
          if (!wasClick) return;
          const box = scroller.getBoundingClientRect();
          if (s.view === 'map') {
            const found = this.map.at(event.clientX - box.left, event.clientY - box.top);
            if (!found) return;
            this.map.chosen = found.r;
            this.setView('ladder');
            this.offset = this.axis.y(found.time) * s.zoom - scroller.clientHeight / 2;
            return;
          }
          const hit = this.at(event.clientX - box.left + scroller.scrollLeft, event.clientY - box.top);
          if (hit && hit.item !== undefined) this.mark(hit.item);
          scroller.focus({preventScroll: true});
        });
        scroller.addEventListener('keydown', event => this.key(event));
        for (const input of document.querySelectorAll('input[name=axis]')) {
          input.addEventListener('change', () => this.setAxis(input.value));
        }
        for (const input of document.querySelectorAll('input[name=view]')) {
          input.addEventListener('change', () => this.setView(input.value));
        }
        find('level').addEventListener('change', event => this.setLevel(Number(event.target.value)));
        find('in').addEventListener('click', () => this.zoomBy(1.5));
        find('out').addEventListener('click', () => this.zoomBy(1 / 1.5));
        find('fit').addEventListener('click', () => this.fit());
        find('run').addEventListener('change', event => this.choose(Number(event.target.value)));
        find('before').addEventListener('click', () => this.story(this.storyPage - 1));
        find('after').addEventListener('click', () => this.story(this.storyPage + 1));
        find('story').addEventListener('toggle', () => this.story(0));
        matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { this.ladder.colours(); this.redraw(); });
        new ResizeObserver(() => { if (this.axis) { this.geometry = geometryOf(s.run, scroller.clientWidth - 2); this.resize(); } })
          .observe(scroller);
      }

      key(event) {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        const s = this.state, room = this.scroller.clientHeight - HEAD;
        const deeds = {
          ArrowDown: () => this.step(1), j: () => this.step(1), ArrowUp: () => this.step(-1), k: () => this.step(-1),
          ArrowRight: () => { if (s.view === 'map') s.pan = Math.min(1 - 1 / s.spread, s.pan + .1 / s.spread); this.redraw(); },
          ArrowLeft: () => { if (s.view === 'map') s.pan = Math.max(0, s.pan - .1 / s.spread); this.redraw(); },
          PageDown: () => { this.offset += room * .9; }, PageUp: () => { this.offset -= room * .9; },
          Home: () => { s.chosen = -1; this.offset = 0; this.step(1); },
          End: () => { s.chosen = -1; this.step(-1); },
          Enter: () => { if (s.chosen >= 0) this.mark(s.chosen); }, ' ': () => { if (s.chosen >= 0) this.mark(s.chosen); },
          Escape: () => { s.marks = []; s.chosen = -1; find('panel').replaceChildren(); this.say('Nothing is marked'); this.redraw(); },
          '+': () => this.zoomBy(1.5), '=': () => this.zoomBy(1.5), '-': () => this.zoomBy(1 / 1.5), '0': () => this.fit(),
          '1': () => { s.zoom = 1; this.resize(); },
          l: () => this.setAxis(s.axisKind === 'folded' ? 'linear' : 'folded'),
          d: () => this.setLevel((s.level + 1) % 3), m: () => this.setView(s.view === 'map' ? 'ladder' : 'map'),
          '?': () => { find('help').open = !find('help').open; },
        };
        const deed = deeds[event.key];
        if (!deed) return;
        event.preventDefault();
        deed();
      }
    }

    document.body.classList.add('live');
    globalThis.ladder = new Page();
    """#
}
