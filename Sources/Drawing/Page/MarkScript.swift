extension PageScript {
  /// Draws the marks of the ladder one by one.
  static let marks = #"""
    // Marks with their texts: bands across, rows in a lane, arrows.
    class Marks extends Bars {
      // Marks one by one; a label that has no room is left out and counted at the next one that has.
      marks(first, last) {
        const {run, axis, zoom} = this.view;
        let lastTime = -Infinity, left = 0;
        // Faults and what failed take their room first.
        const order = [];
        for (let k = first; k < last; k++) order.push(k);
        const weighty = k => { const i = axis.items[k]; return isAcross(run.kind[i]) || run.tone[i] === 3; };
        const crowded = zoom < 1 || axis.kind === 'linear';
        const shown = new Set();
        if (crowded) {
          const bins = new Set();
          const claim = k => {
            const i = axis.items[k], y = axis.rows[k] * zoom, taken = axis.columnsOf(i), first = taken >> 12, end = taken & 4095;
            const a = Math.floor((y - axis.ascent(i)) / 4), b = Math.floor((y + axis.descent(i) - 1) / 4);
            for (let c = first; c < end; c++) for (let r = a; r <= b; r++) if (bins.has(c * 1e9 + r)) return;
            for (let c = first; c < end; c++) for (let r = a; r <= b; r++) bins.add(c * 1e9 + r);
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
    }
    """#
}
