extension PageScript {
  /// Draws the state map.
  static let map = #"""
    // The state map: each socket, its timer and each program a row, colour over time from left to right, on the same axis.
    // Where a row of pixels stands for several of them it shows the state that most of them are in at that place.
    class StateMap {
      constructor(canvas, ladder) {
        this.canvas = canvas;
        this.pen = canvas.getContext('2d');
        this.ladder = ladder;
      }

      prepare(run) {
        if (this.run === run) return;
        this.run = run;
        const rows = new Map();
        for (const span of run.spans) {
          if (span.entity < 0) continue;
          const key = span.entity * 2 + (span.kind === SPAN.timer ? 1 : 0);
          if (!rows.has(key)) rows.set(key, []);
          rows.get(key).push(span);
        }
        this.rows = [...rows].sort((a, b) => a[0] - b[0]).map(([key, spans]) => ({
          name: run.entities[key >> 1].name + (key & 1 ? ', timer' : ''), spans, entity: key >> 1}));
      }

      colourOf(span) {
        const c = this.ladder.colour;
        return span.kind === SPAN.timer ? [c.timer, c.state, c.s6, c.s8][span.style] || c.timer
          : span.kind === SPAN.call ? c.call : c['s' + span.style];
      }

      // How high the whole map is when its rows can be told apart.
      height(room) { return Math.max(room, HEAD + 10 + this.rows.length * (this.rows.length > 400 ? 0 : 16)); }

      draw(view) {
        const {width, height, axis, run} = view, pen = this.pen, ratio = devicePixelRatio || 1;
        this.prepare(run);
        if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
          this.canvas.width = Math.round(width * ratio);
          this.canvas.height = Math.round(height * ratio);
        }
        pen.setTransform(ratio, 0, 0, ratio, 0, 0);
        pen.fillStyle = this.ladder.colour.bg;
        pen.fillRect(0, 0, width, height);
        this.view = view;
        this.left = Math.min(330, width * .35);
        const room = width - this.left - 12, tall = axis.y(axis.last) || 1;
        // The map's own zoom: the part of the axis that is to be seen.
        this.x = time => this.left + (axis.y(time) / tall - view.pan) * room * view.spread;
        this.timeAt = x => axis.time(((x - this.left) / room / view.spread + view.pan) * tall);
        const space = height - HEAD - 6, one = this.rows.length > 400 ? Math.max(1, space / this.rows.length) : 16;
        this.one = one;
        this.folded = this.rows.length > space && this.rows.length > 400;
        pen.save();
        pen.beginPath();
        pen.rect(this.left, HEAD, room, space);
        pen.clip();
        for (const fold of axis.folds.slice(0, 2000)) {
          pen.fillStyle = this.ladder.colour.fold;
          pen.fillRect(this.x(fold.from), HEAD, this.x(fold.until) - this.x(fold.from), space);
        }
        if (this.folded) this.condensed(room, space); else this.full(view.offset, space);
        for (const fault of view.faults) {
          const x = this.x(run.time[fault.item]);
          pen.fillStyle = this.ladder.colour.deed;
          pen.fillRect(x - .5, HEAD, 1, space);
        }
        pen.restore();
        this.head(width, room);
        pen.setTransform(1, 0, 0, 1, 0, 0);
        return {rows: this.rows.length, each: this.folded ? Math.ceil(this.rows.length / space) : 1};
      }

      full(offset, space) {
        const pen = this.pen;
        const first = Math.max(0, Math.floor(offset / this.one));
        for (let r = first; r < this.rows.length && r * this.one - offset < space; r++) {
          const y = HEAD + r * this.one - offset, row = this.rows[r];
          for (const span of row.spans) {
            const x0 = this.x(span.from), x1 = this.x(span.until);
            pen.fillStyle = span.kind === SPAN.connection ? this.ladder.filling(span.style, this.run.patterns)
              : this.colourOf(span);
            const thin = span.kind === SPAN.connection ? 0 : this.one / 4;
            pen.fillRect(x0, y + 1 + thin / 2, Math.max(1, x1 - x0 - .5), Math.max(1, this.one - 2 - thin));
          }
          if (r === this.chosen) {
            pen.strokeStyle = this.ladder.colour.focus;
            pen.strokeRect(this.left + 1, y + .5, this.view.width - this.left - 16, this.one - 1);
          }
        }
      }

      // Many rows a pixel: at each place the state of most.
      condensed(room, space) {
        const pen = this.pen, wide = Math.ceil(room), each = this.rows.length / space;
        const colours = [], numbers = new Map();
        const numberOf = span => {
          const key = span.kind * 16 + span.style;
          if (!numbers.has(key)) { numbers.set(key, colours.length); colours.push(this.colourOf(span)); }
          return numbers.get(key);
        };
        for (const row of this.rows) for (const span of row.spans) numberOf(span);
        const counts = new Uint16Array(wide * colours.length);
        for (let y = 0; y < space; y++) {
          counts.fill(0);
          for (let r = Math.floor(y * each); r < Math.floor((y + 1) * each); r++) {
            for (const span of this.rows[r].spans) {
              const n = numberOf(span), a = Math.max(0, Math.floor(this.x(span.from) - this.left));
              const b = Math.min(wide, Math.max(a + 1, Math.ceil(this.x(span.until) - this.left)));
              for (let x = a; x < b; x++) counts[n * wide + x]++;
            }
          }
          let start = 0, current = -1;
          for (let x = 0; x <= wide; x++) {
            let best = -1, most = 0;
            if (x < wide) for (let n = 0; n < colours.length; n++) {
              if (counts[n * wide + x] > most) { most = counts[n * wide + x]; best = n; }
            }
            if (best === current && x < wide) continue;
            if (current >= 0) {
              pen.fillStyle = colours[current];
              pen.fillRect(this.left + start, HEAD + y, x - start, 1);
            }
            start = x;
            current = best;
          }
        }
      }

      head(width, room) {
        const {axis, digits, offset} = this.view, pen = this.pen, ladder = this.ladder;
        const words = (text, x, y, colour, align, font) => {
          pen.font = font;
          pen.textAlign = align;
          pen.fillStyle = colour;
          pen.fillText(text, x, y);
        };
        for (let x = 0, last = ''; x <= room; x += 90) {
          const text = seconds(this.timeAt(this.left + x), digits);
          if (text !== last) words(text, this.left + x, 16, ladder.colour.faint, 'left', MONO);
          last = text;
        }
        if (this.folded) {
          words(counted(this.rows.length, 'row'), 8, HEAD + 14, ladder.colour.soft, 'left', SANS);
          return;
        }
        const first = Math.max(0, Math.floor(offset / this.one));
        for (let r = first; r < this.rows.length; r++) {
          const y = HEAD + r * this.one - offset;
          if (y > this.view.height) break;
          if (y < HEAD - 8) continue;
          const name = this.rows[r].name, most = Math.floor(this.left / 6.4);
          words(name.length > most ? name.slice(0, most - 1) + '…' : name, this.left - 8, y + 12,
            r === this.chosen ? ladder.colour.focus : ladder.colour.soft, 'right', SANS);
        }
      }

      // What is at a place of the screen.
      at(x, y) {
        if (y < HEAD || x < this.left) return null;
        const r = Math.floor((y - HEAD + (this.folded ? 0 : this.view.offset)) * (this.folded ? this.rows.length /
          (this.view.height - HEAD - 6) : 1 / this.one));
        const row = this.rows[r];
        if (!row) return null;
        const time = this.timeAt(x), span = row.spans.find(s => s.from <= time && s.until >= time);
        return {row, r, span, time};
      }
    }
    """#
}
