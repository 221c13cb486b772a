extension PageScript {
  /// Draws what stands beside the ladder and above it.
  static let margins = #"""
    // What stands beside the ladder and above it: cards, the time between two marks, the hosts.
    class Margins extends Density {
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
