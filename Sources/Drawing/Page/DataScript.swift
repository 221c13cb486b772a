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
      const raw = atob(text);
      const bytes = new Uint8Array(raw.length);
      for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
      return bytes;
    }

    // Numbers of 7 bits a byte, the lowest first; those with a sign are folded: 0, -1, 1, -2, …
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
    }

    function readRun(number) {
      const head = JSON.parse(document.getElementById('head' + number).textContent);
      const n = head.items;
      const run = {...head, number, n,
        time: new Float64Array(n), until: new Float64Array(n), kind: new Uint8Array(n), tone: new Uint8Array(n),
        level: new Uint8Array(n), lane: new Int8Array(n), target: new Int8Array(n), reach: new Float32Array(n),
        text: new Uint32Array(n), cause: new Int32Array(n), event: new Uint32Array(n)};
      const items = new Reader(bytesOf('items' + number));
      let time = 0, event = 0;
      for (let i = 0; i < n; i++) {
        run.time[i] = time += items.signed();
        const sort = items.number();
        run.kind[i] = sort & 15;
        run.level[i] = sort >> 4 & 3;
        run.tone[i] = sort >> 6;
        run.lane[i] = items.number() - 1;
        run.target[i] = items.number() - 1;
        const flight = items.number();
        run.until[i] = flight ? time + flight - 1 : NaN;
        run.reach[i] = (items.number() - 1) / 100;
        run.text[i] = items.number();
        run.cause[i] = items.number() - 1;
        run.event[i] = event += items.signed();
      }
      const spans = new Reader(bytesOf('spans' + number));
      run.spans = new Array(head.spans);
      time = 0;
      for (let i = 0; i < head.spans; i++) {
        const from = time += spans.signed();
        const until = from + spans.number();
        const kind = spans.number(), lane = spans.number() - 1, track = spans.number() - 1, style = spans.number();
        const text = spans.number(), left = spans.number(), entity = spans.number() - 1;
        run.spans[i] = {from, until, kind, lane, track, style, text, expiry: left ? from + left - 1 : until, entity};
      }
      // The events' members are unpacked when the first of them is asked for.
      return run;
    }

    // Every member of an event, as pairs of name and text. Where an event begins is found when it is first asked for.
    function membersOf(run, event, time) {
      if (!run.places) {
        run.records = bytesOf('events' + run.number);
        const reader = new Reader(run.records);
        run.places = new Uint32Array(run.events);
        for (let i = 0; i < run.events; i++) {
          const length = reader.number();
          run.places[i] = reader.at;
          reader.at += length;
        }
      }
      if (!(event < run.events)) return [];
      const reader = new Reader(run.records, run.places[event]);
      return run.shapes[reader.number()].map(member => {
        const type = member[0], name = member.slice(1), cut = name.indexOf('=');
        switch (type) {
          case 't': return ['t', String(time)];
          case 'c': return [name.slice(0, cut), name.slice(cut + 1)];
          case 'i': return [name, String(reader.signed())];
          case 'b': return [name, reader.number() ? 'true' : 'false'];
          default: return [name, run.strings[reader.number()]];
        }
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
