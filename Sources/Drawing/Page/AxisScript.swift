extension PageScript {
  /// Lays moments out from top to bottom, as `Axis` does for the static picture.
  static let axis = #"""
    // Where moments stand from top to bottom. The folded axis is the one of the static picture (Axis.swift).
    const TEXT_COLUMNS = 28, ARROW_COLUMNS = 35, LINE = 13, SHORTEST_FOLD = 1e9;
    const stepOf = gap => 3 + 5 * Math.log10(1 + gap / 1e5);
    const foldHeight = gap => 22 + 5 * Math.log10(Math.max(1, gap / 1e9));

    // A text in lines of at most so many characters, broken at blanks; what is longer than three lines is cut.
    function wrap(text, columns, most) {
      const lines = [];
      let line = '';
      for (const word of text.split(' ')) {
        let rest = word;
        if (line && line.length + 1 + rest.length <= columns) { line += ' ' + rest; continue; }
        if (line && rest.length > columns && columns - line.length > 2) {
          const room = columns - line.length - 1;
          line += ' ' + rest.slice(0, room);
          rest = rest.slice(room);
        }
        if (line) lines.push(line);
        while (rest.length > columns) { lines.push(rest.slice(0, columns)); rest = rest.slice(columns); }
        line = rest;
        if (lines.length > most) break;
      }
      if (line) lines.push(line);
      return lines.length > most ? [...lines.slice(0, most - 1), lines[most - 1].slice(0, columns - 1) + '…'] : lines;
    }

    class Axis {
      // kind: 'folded' or 'linear'; level: how much is to be seen; kinds: 1 for each kind of item that is.
      constructor(run, kind, level, kinds) {
        this.run = run;
        this.kind = kind;
        const visible = new Int32Array(run.n), levels = run.level, sorts = run.kind;
        let count = 0;
        for (let i = 0; i < run.n; i++) if (levels[i] <= level && kinds[sorts[i]]) visible[count++] = i;
        this.items = visible.slice(0, count);
        // How many lines each text takes, in a lane and over an arrow, as far as it was asked for.
        run.laneCounts ??= new Uint8Array(run.strings.length);
        run.arrowCounts ??= new Uint8Array(run.strings.length);
        this.rows = new Float64Array(count);
        const times = this.stops();
        this.first = times.length ? times[0] : 0;
        this.last = times.length ? times[times.length - 1] : 0;
        this.folds = [];
        if (kind === 'linear') this.scale(times); else this.fold(times);
      }

      // The axis's own moments in order: of items, of arrivals, and of what begins.
      stops() {
        const run = this.run, items = this.items, at = run.time, others = [];
        for (const span of run.spans) if (span.kind !== SPAN.call && span.track >= 0) others.push(span.from);
        for (const window of run.windows) others.push(window.from);
        // Of very many packets nobody can tell the slopes.
        if (items.length < 200000) {
          for (const i of items) if (isArrow(run.kind[i]) && run.until[i] === run.until[i]) others.push(run.until[i]);
        }
        const more = new Float64Array(others).sort(), times = new Float64Array(items.length + more.length);
        let n = 0, m = 0;
        for (let k = 0; k < items.length; k++) {
          const time = at[items[k]];
          while (m < more.length && more[m] < time) times[n++] = more[m++];
          times[n++] = time;
        }
        while (m < more.length) times[n++] = more[m++];
        return times;
      }

      scale(times) {
        const length = Math.max(this.last - this.first, 1e3);
        const height = Math.max(600, this.items.length * 14);
        this.knotTimes = Float64Array.of(this.first, this.first + length);
        this.knotHeights = Float64Array.of(6, 6 + height);
        this.items.forEach((item, k) => { this.rows[k] = this.y(this.run.time[item]); });
        this.bottom = 6 + height + 14;
      }

      fold(times) {
        const run = this.run, lanes = run.lanes.length, columns = new Float64Array(2 * lanes + 2);
        const items = this.items, rows = this.rows, at = run.time, count = items.length;
        // What each item needs, asked for once: its columns, and the room above and below.
        const places = new Uint32Array(count), above = new Uint8Array(count), below = new Uint8Array(count);
        for (let k = 0; k < count; k++) {
          const item = items[k];
          places[k] = this.columnsOf(item);
          above[k] = this.ascent(item);
          below[k] = this.descent(item);
        }
        // Each moment has one knot, and where a fold begins after it a second.
        const knotTimes = new Float64Array(2 * times.length), knotHeights = new Float64Array(2 * times.length);
        let y = 6, previous = times.length ? times[0] : 0, k = 0, lowest = y, knots = 0;
        const knot = (time, height) => { knotTimes[knots] = time; knotHeights[knots++] = height; };
        for (let s = 0; s < times.length; s++) {
          const time = times[s];
          if (s && time === times[s - 1]) continue;
          const gap = time - previous;
          if (gap >= SHORTEST_FOLD) {
            const top = Math.max(y, lowest) + 2;
            if (top > y) knot(previous, top);
            y = top + foldHeight(gap);
            this.folds.push({from: previous, until: time, top, bottom: y});
            columns.fill(y);
            lowest = y;
            y += 2;
          } else if (gap > 0) y += stepOf(gap);
          const start = k;
          for (; k < count && at[items[k]] <= time; k++) {
            const taken = places[k], end = taken & 4095, up = above[k];
            for (let c = taken >> 12; c < end; c++) if (columns[c] + up > y) y = columns[c] + up;
          }
          knot(time, y);
          for (let j = start; j < k; j++) {
            const taken = places[j], first = taken >> 12, end = taken & 4095, up = above[j], down = below[j];
            let row = y;
            for (let c = first; c < end; c++) if (columns[c] + up > row) row = columns[c] + up;
            rows[j] = row;
            for (let c = first; c < end; c++) columns[c] = row + down;
            if (row + down > lowest) lowest = row + down;
          }
          previous = time;
        }
        this.knotTimes = knotTimes.slice(0, knots);
        this.knotHeights = knotHeights.slice(0, knots);
        this.bottom = Math.max(y, lowest) + 14;
      }

      // The columns that an item needs to itself: lanes' texts first, the wires between them after. The first times 4096,
      // and the one after the last.
      columnsOf(i) {
        const run = this.run, lanes = run.lanes.length, kind = run.kind[i];
        if (isAcross(kind)) return 2 * lanes + 1;
        let low = run.lane[i], high = run.target[i];
        if (!isArrow(kind)) return low > 0 ? low * 4097 + 1 : 1;
        if (low < 0) low = high;
        if (high < 0) high = low;
        if (low > high) { const other = low; low = high; high = other; }
        if (low === high) return (lanes + (low > 0 ? low - 1 : 0)) * 4097 + 1;
        return (lanes + low) * 4096 + lanes + high;
      }

      linesOf(i) {
        const run = this.run, arrow = isArrow(run.kind[i]);
        const cache = arrow ? run.arrowLines ??= new Map() : run.laneLines ??= new Map();
        let lines = cache.get(run.text[i]);
        if (!lines) {
          const text = run.strings[run.text[i]];
          lines = arrow ? wrap(text, ARROW_COLUMNS, 2) : wrap(text, TEXT_COLUMNS, 3);
          cache.set(run.text[i], lines);
        }
        return lines;
      }
      lineCount(i) {
        const run = this.run, counts = isArrow(run.kind[i]) ? run.arrowCounts : run.laneCounts, text = run.text[i];
        return counts[text] || (counts[text] = this.linesOf(i).length);
      }
      ascent(i) {
        const kind = this.run.kind[i];
        return isAcross(kind) ? 11 : isArrow(kind) ? 1 + LINE * this.lineCount(i) : 8;
      }
      descent(i) {
        const kind = this.run.kind[i];
        if (isAcross(kind)) return 10;
        if (isArrow(kind)) return this.run.cause[i] < 0 ? 4 : 6;
        return 6 + (this.lineCount(i) - 1) * LINE;
      }

      // The height of a moment before zooming, and the moment of a height.
      y(time) { return between(this.knotTimes, this.knotHeights, time); }
      time(y) { return between(this.knotHeights, this.knotTimes, y); }

      // The place in `items` of the first that is at `time` or later.
      place(time) {
        let low = 0, high = this.items.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (this.run.time[this.items[middle]] < time) low = middle + 1; else high = middle;
        }
        return low;
      }

      // What went on in a fold.
      words(fold) {
        const run = this.run, middle = fold.from + (fold.until - fold.from) / 2;
        const across = run.spans.filter(s => s.from <= middle && s.until >= middle);
        const timers = across.filter(s => s.kind === SPAN.timer && s.lane >= 0)
          .map(s => run.lanes[s.lane].name + "'s " + run.strings[s.text]);
        let names = [...new Set(timers)];
        if (names.length > 2) names = [timers.length + ' timers'];
        let hidden = 0;
        for (let i = lowerBound(run.time, fold.from + 1); i < run.n && run.time[i] < fold.until; i++) {
          if (run.kind[i] !== KIND.script) hidden++;
        }
        const events = hidden ? ' (' + counted(hidden, 'event') + ' not shown)' : '';
        const open = across.some(s => s.kind === SPAN.connection && s.style !== 10);
        const what = names.length ? 'nothing but ' + names.join(' and ')
          : open ? 'nothing at all: no timer is armed' : 'nothing';
        return duration(Math.round((fold.until - fold.from) / 1e6) * 1e6) + ', ' + what + events;
      }
    }

    function lowerBound(values, value) {
      let low = 0, high = values.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (values[middle] < value) low = middle + 1; else high = middle;
      }
      return low;
    }

    // Interpolates in a rising table.
    function between(keys, values, key) {
      const n = keys.length;
      if (!n) return 0;
      if (key <= keys[0]) return values[0];
      if (key >= keys[n - 1]) return values[n - 1];
      let low = 0, high = n - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (keys[middle] < key) low = middle; else high = middle;
      }
      const share = (key - keys[low]) / (keys[high] - keys[low] || 1);
      return values[low] + (values[high] - values[low]) * share;
    }
    """#
}
