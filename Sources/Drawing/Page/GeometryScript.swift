extension PageScript {
  /// Where things stand from left to right.
  static let geometry = #"""
    const BAR = 14, TIMER = 16, PROGRAM = 7, TIME_RIGHT = 58, HEAD = 26, MOST_MARKS = 3000;
    const MONO = '11px ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace';
    const SANS = '11px ui-sans-serif, system-ui, "Segoe UI", "DejaVu Sans", sans-serif';

    // Where things stand from left to right, as in the static picture; what room there is goes to texts and wires.
    function geometryOf(run, room) {
      const lanes = [], taken = [];
      const count = run.lanes.length, wires = Math.max(count - 1, 0);
      const bars = run.lanes.reduce((sum, l) => sum + l.programs * (PROGRAM + 2) + l.timers * (TIMER + 2) +
        Math.max(1, l.slots) * (BAR + 2) + 7, 0);
      const cards = run.cards.length && room >= 860 ? 240 : 0;
      const fixed = TIME_RIGHT + 8 + bars + cards + 20;
      const spare = Math.max(0, room - fixed - 190 * count - (wires ? 262 : 0) - 40 * Math.max(0, wires - 1));
      const text = 190 + Math.min(spare * .5 / Math.max(count, 1), 90), wire = 262 + Math.min(spare * .4, 160);
      let x = TIME_RIGHT + 8;
      run.lanes.forEach((lane, index) => {
        const place = {start: x, programs: [], timers: [], slots: [], ends: index === 0};
        const take = (list, width) => { list.push(x); x += width + 2; };
        const bar = () => {
          const slots = Math.max(1, lane.slots);
          if (index === 0) {
            for (let i = 0; i < lane.programs; i++) take(place.programs, PROGRAM);
            for (let i = 0; i < lane.timers; i++) take(place.timers, TIMER);
            for (let i = 0; i < slots; i++) take(place.slots, BAR);
            place.slots.reverse();
          } else {
            for (let i = 0; i < slots; i++) take(place.slots, BAR);
            for (let i = 0; i < lane.timers; i++) take(place.timers, TIMER);
            for (let i = 0; i < lane.programs; i++) take(place.programs, PROGRAM);
          }
        };
        if (index === 0) {
          place.text = x + text;
          x = place.left = place.text + 7;
          bar();
          place.right = x;
        } else {
          place.left = x;
          bar();
          place.right = x;
          place.text = x + 6;
          x = place.text + text;
        }
        place.end = x;
        lanes.push(place);
        if (index === 0 && count > 1) x += wire; else if (index + 1 < count) x += 40;
      });
      const middle = count > 1 ? (lanes[0].right + lanes[1].left) / 2 : (lanes[0] ? lanes[0].right : x) + 110;
      return {lanes, middle, cards: cards ? x + 14 : 0, edge: x + 4, width: x + (cards || 10) + 10,
        centre: count > 1 ? middle : (TIME_RIGHT + x) / 2};
    }
    """#
}
