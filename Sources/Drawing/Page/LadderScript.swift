extension PageScript {
  /// Draws the ladder.
  static let ladder = #"""
    // Draws the part of the ladder that is on the screen. Every mark leaves its box in `hits`, for the pointer.
    class Ladder extends Margins {
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
        this.folds = this.visibleFolds();
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
        return {count, coalesced: this.coalesced, bars: this.hidden};
      }
    }
    """#
}
