extension PageScript {
  /// Reads what the page holds of a run.
  static let data = #"""
    // What the page holds of a run: a head in JSON, and columns of numbers as bytes in base64. Docs: drawn-timeline.md.
    const KIND = {call: 0, output: 1, program: 2, state: 3, timer: 4, packet: 5, arp: 6, fault: 7, published: 8, note: 9,
      script: 10};
    const TONES = ['plain', 'faint', 'deed', 'failure', 'success', 'state', 'timer', 'window'];
    const SPAN = {connection: 0, timer: 1, call: 2, outage: 3};
    const isAcross = kind => kind >= KIND.fault;
    const isArrow = kind => kind === KIND.packet || kind === KIND.arp;

    function bytesOf(id) {
      const text = document.getElementById(id).textContent;
      if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
      // Older browsers: so many characters at a time, since a text of all of them would be a second copy.
      const bytes = new Uint8Array(text.length / 4 * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0));
      for (let from = 0, at = 0; from < text.length; from += 1 << 16) {
        const raw = atob(text.slice(from, from + (1 << 16)));
        for (let i = 0; i < raw.length; i++) bytes[at++] = raw.charCodeAt(i);
      }
      return bytes;
    }

    // Numbers of 7 bits a byte, the lowest first; those with a sign are folded: 0, -1, 1, -2, …
    // Columns are as PackedColumn.swift says: blocks of 128, each the least value, the width, and the distances from it.
    const BLOCK = 128;
    class Reader {
      constructor(bytes, at = 0) { this.bytes = bytes; this.at = at; }
      number() {
        let value = 0, scale = 1, byte;
        do {
          byte = this.bytes[this.at++];
          value += (byte & 127) * scale;
          scale *= 128;
        } while (byte > 127);
        return value;
      }
      signed() {
        const value = this.number();
        return value % 2 ? -(value + 1) / 2 : value / 2;
      }

      // A column as numbers. They are kept in smaller ones by whoever needs them so: a loop that fills arrays of one type
      // alone is several times as fast, and copying into another type costs next to nothing.
      column(count) {
        const values = new Float64Array(count);
        this.number();
        for (let start = 0; start < count; start += BLOCK) this.block(values, start, Math.min(count, start + BLOCK));
        return values;
      }

      block(values, start, end) {
        const bytes = this.bytes, base = this.signed(), width = bytes[this.at++];
        let at = this.at;
        if (!width) values.fill(base, start, end);
        else if (width <= 24) {
          const mask = (1 << width) - 1;
          let held = 0, count = 0;
          for (let i = start; i < end; i++) {
            while (count < width) { held |= bytes[at++] << count; count += 8; }
            values[i] = base + (held & mask);
            held >>>= width;
            count -= width;
          }
        } else {
          for (let i = start; i < end; i++) {
            let value = 0, scale = 1;
            for (let b = 0; b < width; b += 8) { value += bytes[at++] * scale; scale *= 256; }
            values[i] = base + value;
          }
        }
        this.at = at;
      }

      // Passes over a column, or over its blocks before the one of the value `index` and returns that value.
      skip() { const length = this.number(); this.at += length; }
      valueAt(index, count) {
        this.number();
        let start = 0;
        for (; start + BLOCK <= index; start += BLOCK) {
          this.number();
          const width = this.bytes[this.at++];
          this.at += Math.ceil(BLOCK * width / 8);
        }
        const values = new Float64Array(Math.min(BLOCK, count - start));
        this.block(values, 0, values.length);
        return values[index - start];
      }
    }

    function sums(differences) {
      for (let i = 1; i < differences.length; i++) differences[i] += differences[i - 1];
      return differences;
    }

    function readRun(number) {
      const head = JSON.parse(document.getElementById('head' + number).textContent);
      const n = head.items, items = new Reader(bytesOf('items' + number));
      const time = sums(items.column(n)), kind = new Uint16Array(items.column(n));
      const level = new Uint8Array(n), tone = new Uint8Array(n);
      for (let i = 0; i < n; i++) {
        const sort = kind[i];
        level[i] = sort >> 4 & 3;
        tone[i] = sort >> 6;
        kind[i] = sort & 15;
      }
      const lane = new Int8Array(items.column(n)), target = new Int8Array(items.column(n)), until = items.column(n);
      for (let i = 0; i < n; i++) until[i] = until[i] < 0 ? NaN : until[i] + time[i];
      const reach = new Float32Array(items.column(n)), text = new Uint32Array(items.column(n));
      for (let i = 0; i < n; i++) reach[i] /= 100;
      const cause = new Int32Array(items.column(n)), event = new Uint32Array(sums(items.column(n)));
      const run = {...head, number, n, time, kind, level, tone, lane, target, until, reach, text, cause, event};
      const m = head.spans, spans = new Reader(bytesOf('spans' + number));
      const column = () => spans.column(m), from = sums(column());
      const [length, sort, lanes, track, style, words, left, entity] = Array.from({length: 8}, column);
      run.spans = Array.from({length: m}, (_, i) => ({from: from[i], until: from[i] + length[i], kind: sort[i], lane: lanes[i],
        track: track[i], style: style[i], text: words[i], expiry: from[i] + (left[i] < 0 ? length[i] : left[i]),
        entity: entity[i]}));
      // The events' members are unpacked when one of them is asked for.
      return run;
    }

    // Every member of an event, as pairs of name and text. The columns' places are found when the first is asked for.
    function membersOf(run, event, time) {
      if (!(event < run.events)) return [];
      // The members stand behind the script: a browser may not have read them all yet.
      if (document.readyState === 'loading') return [['members', 'the page is still being read']];
      if (!run.members) {
        const reader = new Reader(bytesOf('events' + run.number)), shape = new Uint32Array(reader.column(run.events));
        const counts = new Uint32Array(run.shapes.length);
        for (const number of shape) counts[number]++;
        const columns = run.shapes.map(members => members.map(member => {
          const at = reader.at;
          if (!'tc'.includes(member[0])) reader.skip();
          return at;
        }));
        run.members = {bytes: reader.bytes, shape, counts, columns};
      }
      const {bytes, shape, counts, columns} = run.members, number = shape[event];
      let place = 0;
      for (let i = 0; i < event; i++) if (shape[i] === number) place++;
      return run.shapes[number].map((member, m) => {
        const type = member[0], name = member.slice(1), cut = name.indexOf('=');
        if (type === 't') return ['t', String(time)];
        if (type === 'c') return [name.slice(0, cut), name.slice(cut + 1)];
        const value = new Reader(bytes, columns[number][m]).valueAt(place, counts[number]);
        return [name, type === 'i' ? String(value) : type === 'b' ? (value ? 'true' : 'false') : run.strings[value]];
      });
    }

    function duration(nanoseconds) {
      const sign = nanoseconds < 0 ? '-' : '', n = Math.abs(nanoseconds);
      if (n < 1e3) return sign + n + 'ns';
      if (n < 1e6) return sign + (n / 1e3).toFixed(n < 1e5 ? 1 : 0) + 'us';
      if (n < 1e9) return sign + (n / 1e6).toFixed(n < 1e8 ? 2 : 0) + 'ms';
      const ms = Math.round(n / 1e6), h = Math.floor(ms / 3600000), m = Math.floor(ms / 60000) % 60;
      const rest = (ms % 60000) / 1000;
      const s = rest || !(h || m) ? (Number.isInteger(rest) ? rest : rest.toFixed(3)) + 's' : '';
      return sign + (h ? h + 'h' : '') + (m ? m + 'm' : '') + s;
    }
    const seconds = (nanoseconds, digits = 3) => (nanoseconds / 1e9).toFixed(digits);
    const counted = (count, noun) => count.toLocaleString('en') + ' ' + noun + (count === 1 ? '' : 's');
    """#
}
