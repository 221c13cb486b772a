extension PageScript {
  /// Draws the bars of the ladder.
  static let bars = #"""
    // What lasts: states, timers, blocking calls.
    class Bars extends Ground {
      bars() {
        const {view, pen} = this;
        // Where a bar's name has no room: in folds, and under the bands of faults.
        this.obstacles = this.folds.map(fold => [this.high(fold.top), this.high(fold.bottom)]);
        for (const fault of view.faults) {
          const y = this.high(fault.y);
          if (!this.isOff(y, y)) this.obstacles.push([y - 10, y + 10]);
        }
        this.obstacles.sort((a, b) => a[0] - b[0]);
        // How far down each column of bars is painted: a bar that ends in the same row of pixels cannot be seen beside it.
        const painted = new Map();
        this.hidden = 0;
        for (const span of view.bars) {
          if (span.until < this.from || span.from > this.to) continue;
          const [top, low] = this.spanHeights(span), lane = this.g.lanes[span.lane];
          const x = (span.kind === SPAN.call ? lane.programs : span.kind === SPAN.timer ? lane.timers : lane.slots)[span.track];
          if (Math.ceil(low) <= painted.get(x)) { this.hidden++; continue; }
          painted.set(x, Math.ceil(low));
          if (span.kind === SPAN.call) {
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
        // The name is written where it can be seen: between folds and faults, and within the screen.
        let start = Math.max(top, HEAD);
        if (tall < need) return;
        for (const [from, until] of [...this.obstacles, [Math.min(low, height), Infinity]]) {
          if (until < start) continue;
          if (Math.min(from, low) - start >= need) {
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
          start = Math.max(start, until);
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
    }
    """#
}
