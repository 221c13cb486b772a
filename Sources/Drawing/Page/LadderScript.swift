extension PageScript {
  /// Draws the ladder.
  static let ladder = #"""
    // Draws the part of the ladder that is on the screen. Every mark leaves its box in `hits`, for the pointer.
    const BAR = 14, TIMER = 16, PROGRAM = 7, TIME_RIGHT = 58, HEAD = 26, MOST_MARKS = 3000;
    const MONO = '11px ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace';
    const SANS = '11px ui-sans-serif, system-ui, "Segoe UI", "DejaVu Sans", sans-serif';

    // Where things stand from left to right, as in the static picture; what room there is goes to texts and wires.
    function geometryOf(run, room) {
      const lanes = [], taken = [];
      const count = run.lanes.length, wires = Math.max(count - 1, 0);
      const bars = run.lanes.reduce((sum, l) => sum + l.programs * (PROGRAM + 2) + l.timers * (TIMER + 2) +
        Math.max(1, l.slots) * (BAR + 2) + 7, 0);
      const cards = run.cards.length && room >= 860 ? 240 : 0;
      const fixed = TIME_RIGHT + 8 + bars + cards + 20;
      const spare = Math.max(0, room - fixed - 190 * count - (wires ? 262 : 0) - 40 * Math.max(0, wires - 1));
      const text = 190 + Math.min(spare * .5 / Math.max(count, 1), 90), wire = 262 + Math.min(spare * .4, 160);
      let x = TIME_RIGHT + 8;
      run.lanes.forEach((lane, index) => {
        const place = {start: x, programs: [], timers: [], slots: [], ends: index === 0};
        const take = (list, width) => { list.push(x); x += width + 2; };
        const bar = () => {
          const slots = Math.max(1, lane.slots);
          if (index === 0) {
            for (let i = 0; i < lane.programs; i++) take(place.programs, PROGRAM);
            for (let i = 0; i < lane.timers; i++) take(place.timers, TIMER);
            for (let i = 0; i < slots; i++) take(place.slots, BAR);
            place.slots.reverse();
          } else {
            for (let i = 0; i < slots; i++) take(place.slots, BAR);
            for (let i = 0; i < lane.timers; i++) take(place.timers, TIMER);
            for (let i = 0; i < lane.programs; i++) take(place.programs, PROGRAM);
          }
        };
        if (index === 0) {
          place.text = x + text;
          x = place.left = place.text + 7;
          bar();
          place.right = x;
        } else {
          place.left = x;
          bar();
          place.right = x;
          place.text = x + 6;
          x = place.text + text;
        }
        place.end = x;
        lanes.push(place);
        if (index === 0 && count > 1) x += wire; else if (index + 1 < count) x += 40;
      });
      const middle = count > 1 ? (lanes[0].right + lanes[1].left) / 2 : (lanes[0] ? lanes[0].right : x) + 110;
      return {lanes, middle, cards: cards ? x + 14 : 0, edge: x + 4, width: x + (cards || 10) + 10,
        centre: count > 1 ? middle : (TIME_RIGHT + x) / 2};
    }

    class Ladder {
      constructor(canvas) {
        this.canvas = canvas;
        this.pen = canvas.getContext('2d');
        this.colours();
      }

      // The colours of the style sheet, for the scheme that is preferred now.
      colours() {
        const style = getComputedStyle(document.documentElement);
        this.colour = new Proxy({}, {get: (known, name) =>
          name in known ? known[name] : known[name] = style.getPropertyValue('--' + name).trim()});
        this.patterns = {};
        this.colourOfTone = [this.colour.ink, this.colour.faint, this.colour.deed, this.colour.bad, this.colour.good,
          this.colour.state, this.colour.tm, this.colour.wn];
      }

      // The filling of a state's bar: its colour and its pattern, as in the static picture.
      filling(style, patterns) {
        if (this.patterns[style]) return this.patterns[style];
        const tile = new OffscreenCanvas(6, 6), pen = tile.getContext('2d');
        pen.fillStyle = this.colour['s' + style] || '#888';
        pen.fillRect(0, 0, 6, 6);
        pen.strokeStyle = 'rgba(0,0,0,.45)';
        pen.lineWidth = 1.2;
        pen.beginPath();
        const lines = {slashes: [[-1, 7, 7, -1], [-1, 1, 1, -1], [5, 7, 7, 5]],
          backslashes: [[-1, -1, 7, 7], [5, -1, 7, 1], [-1, 5, 1, 7]], lines: [[0, 3, 6, 3]]}[patterns[style]];
        for (const [a, b, c, d] of lines || []) { pen.moveTo(a, b); pen.lineTo(c, d); }
        pen.stroke();
        if (patterns[style] === 'dots') {
          pen.fillStyle = 'rgba(0,0,0,.5)';
          pen.beginPath();
          pen.arc(3, 3, 1.1, 0, 7);
          pen.fill();
        }
        if (patterns[style] === 'outline') {
          pen.globalAlpha = .6;
          pen.fillStyle = this.colour.bg;
          pen.fillRect(0, 0, 6, 6);
        }
        return this.patterns[style] = this.pen.createPattern(tile, 'repeat');
      }

      // view: {run, axis, zoom, offset, width, height, chosen, marks}. Heights on the screen are height * zoom - offset.
      draw(view) {
        const {run, axis, width, height} = view, pen = this.pen, ratio = devicePixelRatio || 1;
        if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
          this.canvas.width = Math.round(width * ratio);
          this.canvas.height = Math.round(height * ratio);
        }
        pen.setTransform(ratio, 0, 0, ratio, 0, 0);
        pen.fillStyle = this.colour.bg;
        pen.fillRect(0, 0, width, height);
        this.view = view;
        this.hits = [];
        const g = this.g = view.geometry;
        this.top = view.offset;
        const high = y => HEAD + y * view.zoom - view.offset;
        this.high = high;
        this.from = axis.time(Math.max(0, (view.offset - 60) / view.zoom));
        this.to = axis.time((view.offset + height + 60) / view.zoom);
        const first = axis.place(axis.time(Math.max(0, (view.offset - 160) / view.zoom)));
        const last = axis.place(this.to + 1);
        this.ground();
        this.foldBands();
        this.bars();
        const count = last - first;
        this.coalesced = 0;
        if (count > MOST_MARKS) this.density(first, last); else this.marks(first, last);
        this.foldTexts();
        this.cards();
        this.measure();
        this.head();
        pen.setTransform(1, 0, 0, 1, 0, 0);
        return {count, coalesced: this.coalesced};
      }

      line(x0, y0, x1, y1, colour, dash = [], width = 1) {
        const pen = this.pen;
        pen.strokeStyle = colour;
        pen.lineWidth = width;
        pen.setLineDash(dash);
        pen.beginPath();
        pen.moveTo(x0, y0);
        pen.lineTo(x1, y1);
        pen.stroke();
        pen.setLineDash([]);
      }

      // A text with the page's colour around it, so that it can be read on anything.
      words(text, x, y, colour, align = 'left', font = SANS, halo = true) {
        const pen = this.pen;
        pen.font = font;
        pen.textAlign = align;
        if (halo) {
          pen.strokeStyle = this.colour.bg;
          pen.lineWidth = 3;
          pen.lineJoin = 'round';
          pen.strokeText(text, x, y);
        }
        pen.fillStyle = colour;
        pen.fillText(text, x, y);
      }

      spanHeights(span) {
        const {axis} = this.view;
        return [this.high(axis.y(span.from)), this.high(axis.y(span.until))];
      }

      isOff(top, low) { return low < -40 || top > this.view.height + 40; }

      ground() {
        const {run, axis, height} = this.view, pen = this.pen, g = this.g;
        const end = Math.min(height, this.high(axis.bottom));
        for (const lane of g.lanes) {
          this.line(lane.left - 3, 0, lane.left - 3, end, this.colour.rule);
          this.line(lane.right + 3, 0, lane.right + 3, end, this.colour.rule);
        }
        if (g.lanes.length > 1) this.line(g.middle, 0, g.middle, end, this.colour.rule, [2, 4]);
        for (const span of run.outages) {
          const [top, low] = this.spanHeights(span);
          if (this.isOff(top, low)) continue;
          const lane = g.lanes[span.lane];
          const [x0, x1] = lane ? [lane.start, lane.end] : [g.middle - 24, g.middle + 24];
          pen.save();
          pen.beginPath();
          pen.rect(x0, top, x1 - x0, Math.max(2, low - top));
          pen.clip();
          pen.globalAlpha = .28;
          pen.strokeStyle = this.colour.out;
          pen.lineWidth = 1;
          pen.beginPath();
          const a = Math.max(top, -10), b = Math.min(low, height + 10), start = a - ((a + this.top) % 8 + 8) % 8;
          for (let y = start; y < b + (x1 - x0); y += 8) { pen.moveTo(x0, y); pen.lineTo(x1, y - (x1 - x0)); }
          pen.stroke();
          pen.restore();
          this.hits.push({x0, y0: top, x1, y1: Math.max(low, top + 2), span});
        }
        for (const window of run.windows) {
          const top = this.high(axis.y(window.from));
          const open = window.until === null || window.until > axis.last;
          const low = open ? this.high(axis.bottom) : Math.max(top + 2, this.high(axis.y(window.until)));
          if (this.isOff(top, low)) continue;
          pen.globalAlpha = .16;
          pen.fillStyle = this.colour.window;
          pen.fillRect(TIME_RIGHT + 4, top, g.edge - TIME_RIGHT - 4, low - top);
          pen.globalAlpha = 1;
          this.line(TIME_RIGHT + 4, top, g.edge, top, this.colour.window, [4, 3]);
          if (!open) this.line(TIME_RIGHT + 4, low, g.edge, low, this.colour.window, [4, 3]);
        }
      }

      zigzag(x0, x1, y) {
        const pen = this.pen;
        pen.strokeStyle = this.colour.faint;
        pen.lineWidth = .8;
        pen.beginPath();
        pen.moveTo(x0, y);
        for (let x = x0 + 5, up = true; x < x1 + 5; x += 5, up = !up) pen.lineTo(Math.min(x, x1), up ? y - 2 : y + 2);
        pen.stroke();
      }

      visibleFolds() {
        const {axis} = this.view;
        if (!axis.folds.length) return [];
        let low = 0, high = axis.folds.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (axis.folds[middle].until < this.from) low = middle + 1; else high = middle;
        }
        let end = low;
        while (end < axis.folds.length && axis.folds[end].from <= this.to && end - low < 2000) end++;
        return axis.folds.slice(low, end);
      }

      foldBands() {
        const pen = this.pen, x0 = TIME_RIGHT + 4, x1 = this.g.edge;
        for (const fold of this.visibleFolds()) {
          const top = this.high(fold.top), low = this.high(fold.bottom);
          pen.fillStyle = this.colour.fold;
          pen.globalAlpha = .75;
          pen.fillRect(x0, top, x1 - x0, low - top);
          pen.globalAlpha = 1;
          if (low - top > 4) { this.zigzag(x0, x1, top); this.zigzag(x0, x1, low); }
        }
      }

      foldTexts() {
        for (const fold of this.visibleFolds()) {
          const top = this.high(fold.top), low = this.high(fold.bottom);
          if (low - top < 11) continue;
          const text = fold.text ??= this.view.axis.words(fold);
          this.words(text, this.g.centre, (top + low) / 2 + 3.5, this.colour.soft, 'center', 'italic ' + SANS);
          this.hits.push({x0: TIME_RIGHT, y0: top, x1: this.g.edge, y1: low, fold});
        }
      }

      bars() {
        const {run} = this.view, pen = this.pen, view = this.view;
        for (const span of view.bars) {
          if (span.until < this.from || span.from > this.to) continue;
          const [top, low] = this.spanHeights(span), lane = this.g.lanes[span.lane];
          if (span.kind === SPAN.call) {
            const x = lane.programs[span.track];
            pen.fillStyle = this.colour.call;
            pen.fillRect(x, top, PROGRAM, Math.max(1, low - top - .5));
            this.hits.push({x0: x, y0: top, x1: x + PROGRAM, y1: low, span});
          } else if (span.kind === SPAN.timer) this.timer(span, lane, top, low);
          else this.state(span, lane, top, low);
        }
      }

      state(span, lane, top, low) {
        const pen = this.pen, x = lane.slots[span.track], {run, height} = this.view;
        const tall = Math.max(1.5, low - top);
        pen.fillStyle = this.filling(span.style, run.patterns);
        pen.fillRect(x, top, BAR, tall);
        if (tall > 3) {
          pen.strokeStyle = this.colour.ink;
          pen.globalAlpha = .35;
          pen.lineWidth = 1;
          pen.strokeRect(x + .5, top + .5, BAR - 1, tall - 1);
          pen.globalAlpha = 1;
        }
        this.hits.push({x0: x, y0: top, x1: x + BAR, y1: top + Math.max(3, tall), span});
        const text = run.strings[span.text], need = text.length * 6.3 + 10;
        // The name is written where it can be seen: between folds, and within the screen.
        let start = Math.max(top, HEAD);
        for (const fold of [...this.visibleFolds().map(f => [this.high(f.top), this.high(f.bottom)]),
          [Math.min(low, height), Infinity]]) {
          if (fold[1] < start) continue;
          if (Math.min(fold[0], low) - start >= need) {
            pen.save();
            pen.translate(x + BAR / 2 - 3, start + 6);
            pen.rotate(Math.PI / 2);
            pen.font = '650 9px ui-sans-serif, system-ui, "DejaVu Sans", sans-serif';
            pen.textAlign = 'left';
            pen.fillStyle = span.style === 7 ? '#fff' : span.style === 10 ? this.colour.ink : '#101010';
            pen.fillText(text, 0, 0);
            pen.restore();
            break;
          }
          start = Math.max(start, fold[1]);
          if (start > low) break;
        }
      }

      timer(span, lane, top, low) {
        const pen = this.pen, {axis} = this.view, first = lane.ends;
        const x = lane.timers[span.track], width = TIMER - 2, base = first ? x + width : x, grows = first ? -1 : 1;
        const whole = Math.max(span.expiry - span.from, 1), stop = Math.min(span.expiry, span.until);
        const bends = [span.from];
        for (let k = lowerBound(axis.knotTimes, span.from); k < axis.knotTimes.length && axis.knotTimes[k] < stop; k++) {
          bends.push(axis.knotTimes[k]);
          if (bends.length > 500) break;
        }
        bends.push(stop);
        pen.fillStyle = this.colour.timer;
        pen.beginPath();
        pen.moveTo(base, top);
        for (const time of bends) {
          pen.lineTo(base + grows * width * Math.max(0, (span.expiry - time) / whole), this.high(axis.y(time)));
        }
        const end = this.high(axis.y(stop));
        pen.lineTo(base, end);
        pen.fill();
        if (low > end + 1) this.line(base, end, base, low, this.colour.timer, [], 1.5);
        this.hits.push({x0: x, y0: top, x1: x + width, y1: Math.max(low, top + 3), span});
      }

      // Marks one by one; a label that has no room is left out and counted at the next one that has.
      marks(first, last) {
        const {run, axis, zoom} = this.view, free = new Map();
        let lastTime = -Infinity, left = 0;
        const room = (columns, top, low) => {
          for (const c of columns) if ((free.get(c) ?? -Infinity) > top) return false;
          for (const c of columns) free.set(c, low);
          return true;
        };
        // Faults and what failed take their room first.
        const order = [];
        for (let k = first; k < last; k++) order.push(k);
        const weighty = k => { const i = axis.items[k]; return isAcross(run.kind[i]) || run.tone[i] === 3; };
        const crowded = zoom < 1 || axis.kind === 'linear';
        const shown = new Set();
        if (crowded) {
          const bins = new Map();
          const claim = k => {
            const i = axis.items[k], y = axis.rows[k] * zoom, columns = [];
            axis.eachColumn(i, c => columns.push(c));
            const a = Math.floor((y - axis.ascent(i)) / 4), b = Math.floor((y + axis.descent(i) - 1) / 4);
            for (const c of columns) for (let r = a; r <= b; r++) if (bins.has(c * 1e9 + r)) return;
            for (const c of columns) for (let r = a; r <= b; r++) bins.set(c * 1e9 + r, true);
            shown.add(k);
          };
          order.filter(weighty).forEach(claim);
          order.filter(k => !weighty(k)).forEach(claim);
        }
        for (const k of order) {
          const i = axis.items[k], y = this.high(axis.rows[k]), labelled = !crowded || shown.has(k);
          if (!labelled) left++;
          if (isAcross(run.kind[i])) this.across(i, y, labelled);
          else if (isArrow(run.kind[i])) this.arrow(i, y, labelled);
          else this.row(i, y, labelled);
          const at = this.high(axis.y(run.time[i]));
          const text = seconds(run.time[i], this.view.digits);
          if (labelled && at > lastTime + 12 && text !== this.lastText) {
            this.words(text, TIME_RIGHT, at + 4, this.colour.faint, 'right', MONO);
            lastTime = at;
            this.lastText = text;
          }
        }
        this.lastText = '';
        this.coalesced = left;
      }

      // A box around the item that is chosen with the keyboard or the pointer.
      hit(i, x0, y0, x1, y1) {
        this.hits.push({x0, y0, x1, y1, item: i});
        if (this.view.chosen === i || this.view.marks.includes(i)) {
          const pen = this.pen;
          pen.strokeStyle = this.colour.focus;
          pen.lineWidth = this.view.chosen === i ? 2 : 1.2;
          pen.setLineDash(this.view.chosen === i ? [] : [3, 2]);
          pen.strokeRect(x0 - 3, y0 - 1, x1 - x0 + 6, y1 - y0 + 2);
          pen.setLineDash([]);
        }
      }

      across(i, y, labelled) {
        const {run} = this.view, g = this.g, pen = this.pen, x0 = TIME_RIGHT + 4, kind = run.kind[i];
        const text = run.strings[run.text[i]], tone = run.tone[i];
        if (kind === KIND.fault) {
          pen.fillStyle = this.colour.deedbg;
          const tall = labelled ? 18 : 2;
          pen.fillRect(x0, y - tall / 2, g.edge - x0, tall);
          this.line(x0, y - tall / 2, g.edge, y - tall / 2, this.colour.deed);
          this.line(x0, y + tall / 2, g.edge, y + tall / 2, this.colour.deed);
          if (labelled) this.words('⚡ ' + text, g.centre, y + 4, this.colour.deed, 'center', '650 ' + SANS, false);
        } else {
          if (kind === KIND.published && tone !== 7) this.line(x0, y, g.edge, y, this.colour.pub, [1, 3], 1.4);
          const colour = kind === KIND.published && tone !== 7 ? this.colour.pub : this.colourOfTone[tone];
          const most = Math.floor((g.edge - x0) / 6.2);
          if (labelled) {
            const cut = text.length > most ? text.slice(0, most - 1) + '…' : text;
            this.words(cut, g.centre, y + 4, colour, 'center', kind === KIND.published ? SANS : 'italic ' + SANS);
          }
        }
        this.hit(i, x0, y - 9, g.edge, y + 9);
      }

      row(i, y, labelled) {
        const {run, axis} = this.view, place = this.g.lanes[Math.max(0, run.lane[i])], tone = run.tone[i];
        if (!place) return;
        if (!labelled) {
          this.pen.fillStyle = this.colourOfTone[tone];
          const x = place.ends ? place.text - 3 : place.text;
          this.pen.fillRect(x, y - .5, 3, 1);
          this.hit(i, x - 2, y - 2, x + 5, y + 2);
          return;
        }
        const bold = tone === 2 || tone === 3 || tone === 5 ? '650 ' : '', lines = axis.linesOf(i);
        let width = 0;
        lines.forEach((text, n) => {
          this.words(text, place.text, y + 4 + n * LINE, this.colourOfTone[tone], place.ends ? 'right' : 'left', bold + MONO);
          width = Math.max(width, this.pen.measureText(text).width);
        });
        const [x0, x1] = place.ends ? [place.text - width, place.text] : [place.text, place.text + width];
        if (place.ends) this.line(place.text + 2, y, place.left - 4, y, this.colour.rule);
        else this.line(place.right + 4, y, place.text - 2, y, this.colour.rule);
        this.hit(i, x0, y - 7, x1, y + 6 + (lines.length - 1) * LINE);
      }

      ends(i) {
        const {run} = this.view, g = this.g, from = g.lanes[run.lane[i]], to = g.lanes[run.target[i]];
        if (from && to) return run.lane[i] < run.target[i] ? [from.right, to.left] : [from.left, to.right];
        if (from) return [from.ends ? from.right : from.left, g.middle];
        if (to) return [g.middle, to.ends ? to.right : to.left];
        return [g.middle, g.middle];
      }

      arrow(i, y, labelled) {
        const {run, axis, zoom} = this.view, pen = this.pen, [start, end] = this.ends(i), sign = end >= start ? 1 : -1;
        const x0 = start + 4 * sign, x1 = end - 4 * sign, reach = run.reach[i], tone = run.tone[i];
        const flight = run.until[i] === run.until[i] ? (axis.y(run.until[i]) - axis.y(run.time[i])) * zoom : 3;
        const fall = axis.kind === 'linear' ? Math.max(1, flight) : Math.min(10 * Math.max(1, zoom), Math.max(3, flight));
        const lines = labelled ? axis.linesOf(i) : [];
        if (reach < 0) {
          this.line(x0, y, x1 - 6 * sign, y + fall, this.colour.arrow, [], 1.2);
          pen.fillStyle = this.colour.arrow;
          pen.beginPath();
          pen.moveTo(x1, y + fall);
          pen.lineTo(x1 - 8 * sign, y + fall - 3.6);
          pen.lineTo(x1 - 8 * sign, y + fall + 3.6);
          pen.fill();
          const font = (tone === 2 ? '650 ' : '') + SANS;
          lines.forEach((text, n) => this.words(text, (x0 + x1) / 2, y - 3 - (lines.length - 1 - n) * LINE,
            this.colourOfTone[tone], 'center', font));
        } else {
          const dead = x0 + (x1 - x0) * reach;
          this.line(x0, y, dead, y + 2, this.colour.bad, [], 1.4);
          this.line(dead - 4, y - 2, dead + 4, y + 6, this.colour.bad, [], 2);
          this.line(dead + 4, y - 2, dead - 4, y + 6, this.colour.bad, [], 2);
          lines.forEach((text, n) => this.words(text, x0 + 3 * sign, y - 4 - (lines.length - 1 - n) * LINE,
            this.colour.bad, sign > 0 ? 'left' : 'right'));
          if (labelled && run.cause[i] >= 0) {
            const far = reach > .6, cause = run.strings[run.cause[i]].split(':')[0];
            const most = Math.max(6, Math.floor(((far ? Math.abs(dead - x0) : Math.abs(x1 - dead)) - 12) / 5.6));
            this.words(cause.length > most ? cause.slice(0, most - 1) + '…' : cause, far ? dead - 8 * sign : dead + 8 * sign,
              far ? y + 12 : y + 5, this.colour.bad, far === sign > 0 ? 'right' : 'left', 'italic ' + SANS);
          }
        }
        this.hit(i, Math.min(x0, x1), y - (labelled ? 12 : 1), Math.max(x0, x1), y + fall + 2);
      }

      // More marks than can be told apart: how many there are in each row of pixels, of each kind, in its own column.
      density(first, last) {
        const {run, axis, zoom, height} = this.view, pen = this.pen, g = this.g, rows = height;
        const lanes = g.lanes.length, columns = 2 * lanes, counts = new Uint32Array(rows * columns);
        const bad = new Uint32Array(rows * columns), across = new Uint8Array(rows);
        const shift = HEAD - this.view.offset;
        for (let k = first; k < last; k++) {
          const i = axis.items[k], row = Math.floor(axis.rows[k] * zoom + shift);
          if (row < 0 || row >= rows) continue;
          const kind = run.kind[i];
          if (kind >= 7) { if (kind === KIND.fault) across[row] = 1; continue; }
          let column;
          if (kind === 5 || kind === 6) {
            const a = run.lane[i], b = run.target[i];
            column = lanes + Math.max(0, (a < 0 ? b : b < 0 ? a : Math.min(a, b)) - (a < 0 || b < 0 ? 1 : 0));
          } else column = run.lane[i] < 0 ? 0 : run.lane[i];
          const at = row * columns + column;
          counts[at]++;
          if (run.tone[i] === 3) bad[at]++;
        }
        let most = 1;
        for (const count of counts) if (count > most) most = count;
        const scale = 1 / Math.log2(1 + most);
        for (let column = 0; column < columns; column++) {
          const lane = g.lanes[column % lanes], wire = column >= lanes;
          const next = wire && g.lanes[column - lanes + 1];
          if (wire && !next) continue;
          const room = wire ? next.left - lane.right - 12 : 180, x = wire ? lane.right + 6 : lane.ends ? lane.text : lane.text;
          for (let row = 0; row < rows; row++) {
            const count = counts[row * columns + column];
            if (!count) continue;
            const length = Math.max(2, room * Math.log2(1 + count) * scale), part = bad[row * columns + column] / count;
            const left = wire ? x + (room - length) / 2 : lane.ends ? x - length : x;
            pen.fillStyle = wire ? this.colour.arrow : this.colour.state;
            pen.fillRect(left, row, length, 1);
            if (part) {
              pen.fillStyle = this.colour.bad;
              const worn = Math.max(2, length * part);
              pen.fillRect(wire ? left + (length - worn) / 2 : lane.ends ? x - worn : x, row, worn, 1);
            }
          }
        }
        pen.fillStyle = this.colour.deed;
        for (let row = 0; row < rows; row++) if (across[row]) pen.fillRect(TIME_RIGHT + 4, row, g.edge - TIME_RIGHT - 4, 1);
        for (let y = 40; y < rows; y += 60) {
          const time = axis.time((y - shift) / zoom);
          this.words(seconds(time, this.view.digits), TIME_RIGHT, y + 4, this.colour.faint, 'right', MONO);
        }
        this.coalesced = last - first;
      }

      cards() {
        const {run, axis, height, zoom} = this.view, g = this.g, pen = this.pen;
        if (!g.cards) return;
        let free = HEAD + 2 - this.view.offset;
        for (const [index, card] of run.cards.entries()) {
          const anchor = this.high(axis.y(card.time)), top = Math.max(free, anchor - 12);
          const lines = card.wrapped ??= [...wrap(card.statement, 28, 4).map(text => [text, 'ink', '650 ']),
            ...card.lines.flatMap(([name, text]) => wrap(card.lines.length === 1 && name === 'measured' ? text
              : name + ': ' + text, 32, 6).map(line => [line, name === 'published' ? 'pub' : name === 'predicted' ? 'deed'
              : card.outcome === 'held' ? 'good' : 'bad', '']))];
          const tall = lines.length * LINE + 8;
          free = top + tall + 5;
          if (this.isOff(top, free)) continue;
          this.line(g.cards - 10, anchor, g.cards, top + 12, this.colour.rule);
          pen.fillStyle = this.colour.lane;
          pen.strokeStyle = this.colour.rule;
          pen.lineWidth = 1;
          pen.beginPath();
          pen.roundRect(g.cards, top, 228, tall, 4);
          pen.fill();
          pen.stroke();
          const sign = {held: '✓', failed: '✗'}[card.outcome] || '?';
          this.words(sign, g.cards + 5, top + 14, card.outcome === 'held' ? this.colour.good : this.colour.bad, 'left',
            '650 ' + SANS, false);
          lines.forEach(([text, colour, bold], n) =>
            this.words(text, g.cards + 18, top + 14 + n * LINE, this.colour[colour], 'left', bold + SANS, false));
          this.hits.push({x0: g.cards, y0: top, x1: g.cards + 228, y1: top + tall, card: index});
        }
      }

      // The time between two marks: a bracket in the column of times.
      measure() {
        const {run, axis, marks, height} = this.view;
        if (!marks.length) return;
        const heights = marks.map(i => this.high(axis.y(run.time[i])));
        for (const y of heights) this.line(2, y, TIME_RIGHT, y, this.colour.focus, [], 1.5);
        if (marks.length < 2) return;
        this.line(5, heights[0], 5, heights[1], this.colour.focus, [], 2);
        const text = duration(Math.abs(run.time[marks[1]] - run.time[marks[0]]));
        const y = Math.max(HEAD + 14, Math.min(height - 8, (heights[0] + heights[1]) / 2));
        this.words(text, 9, y + 4, this.colour.focus, 'left', '650 ' + MONO);
      }

      // The hosts' names stay at the top while the rest scrolls.
      head() {
        const {run, width} = this.view, pen = this.pen;
        pen.fillStyle = this.colour.bg;
        pen.fillRect(0, 0, width, HEAD - 2);
        this.words('seconds', TIME_RIGHT, 16, this.colour.faint, 'right', SANS, false);
        run.lanes.forEach((lane, n) => {
          const place = this.g.lanes[n];
          pen.fillStyle = this.colour.lane;
          pen.beginPath();
          pen.roundRect(place.start, 2, place.end - place.start, 20, 4);
          pen.fill();
          const bold = '650 13px ui-sans-serif, system-ui, "DejaVu Sans", sans-serif';
          this.words(lane.name, place.text, 16, this.colour.ink, place.ends ? 'right' : 'left', bold, false);
          const shift = pen.measureText(lane.name).width + 8;
          this.words(lane.address, place.text + (place.ends ? -shift : shift), 16, this.colour.faint,
            place.ends ? 'right' : 'left', MONO, false);
        });
        if (run.lanes.length > 1) this.words(run.middle, this.g.middle, 16, this.colour.faint, 'center', SANS, false);
        if (this.g.cards) this.words('expected', this.g.cards, 16, this.colour.ink, 'left', '650 13px ' + SANS.slice(5), false);
      }
    }
    """#
}
