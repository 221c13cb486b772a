extension PageScript {
  /// Draws what lies behind the marks of the ladder.
  static let ground = #"""
    // What lies behind the marks: lifelines, what is out of order, predicted windows, and folds.
    class Ground extends Brush {
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
        for (const fold of this.folds) {
          const top = this.high(fold.top), low = this.high(fold.bottom);
          pen.fillStyle = this.colour.fold;
          pen.globalAlpha = .75;
          pen.fillRect(x0, top, x1 - x0, low - top);
          pen.globalAlpha = 1;
          if (low - top > 4) { this.zigzag(x0, x1, top); this.zigzag(x0, x1, low); }
        }
      }

      foldTexts() {
        for (const fold of this.folds) {
          const top = this.high(fold.top), low = this.high(fold.bottom);
          if (low - top < 11) continue;
          const text = fold.text ??= this.view.axis.words(fold);
          this.words(text, this.g.centre, (top + low) / 2 + 3.5, this.colour.soft, 'center', 'italic ' + SANS);
          this.hits.push({x0: TIME_RIGHT, y0: top, x1: this.g.edge, y1: low, fold});
        }
      }
    }
    """#
}
