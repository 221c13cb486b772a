/// What the matrix's page looks like, and its keys.
///
/// The scale goes from light blue over orange to dark violet: it grows darker all the way (in the dark theme lighter),
/// and keeps apart for those who do not see red and green as two colours. "never" is hatched besides.
enum MatrixStyle {
  static let text = """
    :root { color-scheme: light dark; --paper: #fff; --ink: #1b1b1f; --faint: #5a5a66; --line: #c9c9d2; --link: #0b5394;
      --h0: #eef5fb; --h1: #c5def2; --h2: #efcf6b; --h3: #f6bd66; --h4: #e2803a; --h5: #53265a; --h5ink: #fff;
      --h5line: #6d3d74; --h6: #f3f3f5; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #16161a; --ink: #ececf1; --faint: #a9a9b6; --line: #3c3c46; --link: #8ec5ff;
        --h0: #14222e; --h1: #1d4260; --h2: #54450f; --h3: #80530f; --h4: #a8501a; --h5: #e9cdee; --h5ink: #1b1b1f;
        --h5line: #cda9d4; --h6: #24242a; } }
    * { box-sizing: border-box; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.4 system-ui, sans-serif; }
    main { padding: 1rem 1.5rem 3rem; max-width: 100rem; margin: auto; }
    h1 { font-size: 1.4rem; margin: 0.5rem 0; } h2 { font-size: 1.15rem; }
    p, .notes { max-width: 60rem; }
    a { color: var(--link); }
    .scroll { overflow: auto; max-height: 88vh; border: 1px solid var(--line); }
    table { border-collapse: separate; border-spacing: 0; width: 100%; }
    th, td { border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); text-align: left;
      vertical-align: top; }
    th { padding: 0.3rem 0.5rem; font-weight: 600; background: var(--paper); }
    thead th { position: sticky; top: 0; z-index: 2; }
    tbody th[scope=row] { position: sticky; left: 0; z-index: 1; font-weight: 400; min-width: 11rem; }
    thead th:first-child { left: 0; z-index: 3; }
    tr.group th { background: var(--h6); text-transform: capitalize; }
    small { display: block; font-weight: 400; font-size: 0.85em; opacity: 0.85; white-space: nowrap; }
    td a { display: block; position: relative; scroll-margin: 6rem 0 1rem 12rem;
      padding: 0.3rem 0.5rem 0.5rem; min-width: 8.5rem; height: 100%;
      color: inherit; text-decoration: none; }
    td a span { font-weight: 600; font-variant-numeric: tabular-nums; }
    td a b { display: inline-block; margin-left: 0.4em; padding: 0 0.35em; border-radius: 0.2em; background: var(--ink);
      color: var(--paper); }
    td a i { position: absolute; left: 0; bottom: 0; height: 3px; background: currentColor; opacity: 0.55; }
    td a:hover, td a:focus-visible { outline: 3px solid var(--link); outline-offset: -3px; }
    td.guess { font-style: italic; } td.guess a { outline: 1px dashed currentColor; outline-offset: -4px; }
    .h0 { background: var(--h0); } .h1 { background: var(--h1); } .h2 { background: var(--h2); }
    .h3 { background: var(--h3); } .h4 { background: var(--h4); } .h6 { background: var(--h6); }
    .h5 { color: var(--h5ink); background: repeating-linear-gradient(45deg, var(--h5) 0 9px, var(--h5line) 9px 11px); }
    .scale { list-style: none; display: flex; flex-wrap: wrap; padding: 0; margin: 0.7rem 0; border: 1px solid var(--line);
      width: fit-content; }
    .scale li { padding: 0.15rem 0.7rem; }
    section.cell { display: none; }
    section.cell:target { display: block; position: fixed; inset: 3vh 4vw; z-index: 10; overflow: auto;
      padding: 0.5rem 1.5rem 2rem; background: var(--paper); border: 2px solid var(--ink);
      box-shadow: 0 0 0 100vmax rgb(0 0 0 / 45%); }
    section.cell h2 { padding: 0.3rem 0.6rem; } section.cell .back { font-weight: 600; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; } dt { color: var(--faint); } dd { margin: 0; }
    pre { overflow: auto; padding: 0.7rem; border: 1px solid var(--line); font: 12.5px/1.35 ui-monospace, monospace; }
    summary { cursor: pointer; }
    @media print {
      .scroll { max-height: none; overflow: visible; border: 0; } thead th, tbody th[scope=row] { position: static; }
      thead { display: table-header-group; } tr { break-inside: avoid; } body { font-size: 10px; } section.cell:target { display: none; }
      td a { min-width: 0; } small { white-space: normal; } }
    """

  static let script = """
    'use strict';
    const rows = [...document.querySelectorAll('#matrix tbody tr:not(.group)')].map(row => [...row.querySelectorAll('a')]);
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    document.addEventListener('keydown', event => {
      const open = document.querySelector('section.cell:target');
      if (event.key === 'Escape' && open) {
        location.hash = '#to-' + open.id;
        event.preventDefault();
        return;
      }
      const step = steps[event.key];
      if (open || !step || event.altKey || event.ctrlKey || event.metaKey) return;
      const row = rows.findIndex(row => row.includes(document.activeElement));
      if (row < 0) return;
      const column = rows[row].indexOf(document.activeElement);
      const next = rows[row + step[0]]?.[column + step[1]];
      if (next) {
        next.focus();
        event.preventDefault();
      }
    });
    addEventListener('hashchange', () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target) return;
      if (target.matches('section.cell')) target.querySelector('a.back').focus();
      else if (target.matches('td a')) target.focus();
    });
    """
}
