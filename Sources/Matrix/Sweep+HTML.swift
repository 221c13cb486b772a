internal import Timeline

extension Sweep {
  /// The sweep as one HTML page that needs nothing else: the picture, and every figure in a table.
  public var html: String {
    let head = (axes.map(\.name) + ["end", "predicted", "by", "measured"]).map {
      "<th scope=\"col\">\(escaped($0))</th>"
    }
    let rows = points.map { point in
      let texts = [
        point.after?.text ?? "-", point.windowWords, point.limit ?? "-",
        point.outcome == .held ? point.measured : "\(point.measured): \(point.reason)",
      ]
      let style = point.outcome == .held ? "" : " class=\"failed-row\""
      let cells = (point.values + texts).map { "<td>\(escaped($0))</td>" }.joined()
      return "<tr\(style)>\(cells)</tr>\n"
    }
    let notes = notes.map { "<li>\(escaped($0))</li>\n" }.joined()
    return page(
      title: "halfopen: \(title)",
      style: """
        :root { color-scheme: light dark; --line: #c9c9d2; }
        body { margin: 0 auto; max-width: 62rem; padding: 1rem; font: 15px/1.4 system-ui, sans-serif; background: Canvas;
          color: CanvasText; }
        svg { width: 100%; height: auto; } table { border-collapse: collapse; } .scroll { overflow: auto; }
        th, td { border: 1px solid var(--line); padding: 0.2rem 0.6rem; text-align: left; font-variant-numeric: tabular-nums; }
        .failed-row td { font-weight: 600; }
        @media (prefers-color-scheme: dark) { :root { --line: #3c3c46; } }
        """,
      script: "",
      body: """
        <main>
        <h1>\(escaped(lab))</h1>
        <p>\(escaped(statement))</p>
        \(svg)
        <ul>
        \(notes)</ul>
        <div class="scroll" role="region" aria-label="The figures" tabindex="0">
        <table>
        <thead><tr>\(head.joined())</tr></thead>
        <tbody>
        \(rows.joined())</tbody>
        </table>
        </div>
        </main>
        """
    )
  }
}
