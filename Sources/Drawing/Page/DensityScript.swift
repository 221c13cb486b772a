extension PageScript {
  /// Draws more marks than can be told apart.
  static let density = #"""
    // Marks that are smaller than a pixel.
    class Density extends Marks {
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
    }
    """#
}
