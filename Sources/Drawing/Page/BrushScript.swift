extension PageScript {
  /// Colours, lines and texts on the canvas.
  static let brush = #"""
    // What everything on the canvas is drawn with: colours, patterns, lines, texts.
    class Brush {
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

      zigzag(x0, x1, y) {
        const pen = this.pen;
        pen.strokeStyle = this.colour.faint;
        pen.lineWidth = .8;
        pen.beginPath();
        pen.moveTo(x0, y);
        for (let x = x0 + 5, up = true; x < x1 + 5; x += 5, up = !up) pen.lineTo(Math.min(x, x1), up ? y - 2 : y + 2);
        pen.stroke();
      }

      spanHeights(span) {
        const {axis} = this.view;
        return [this.high(axis.y(span.from)), this.high(axis.y(span.until))];
      }

      isOff(top, low) { return low < -40 || top > this.view.height + 40; }
    }
    """#
}
