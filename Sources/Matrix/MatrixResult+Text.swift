internal import Timeline

/// How the table is drawn in a terminal.
public struct TableOptions: Hashable, Sendable {
  /// The columns of the terminal, 60 or more.
  public var width: Int
  /// Whether ANSI colours are used (ECMA-48, SGR).
  public var colour: Bool

  /// Options; a width under 60 becomes 60.
  public init(width: Int = 100, colour: Bool = false) {
    self.width = max(60, width)
    self.colour = colour
  }
}

extension MatrixResult {
  /// The matrix as a table for the terminal, with what the marks mean below it.
  ///
  /// Where not all columns fit side by side, the rows come again for the rest.
  public func text(_ options: TableOptions, _ comparison: Comparison? = nil) -> String {
    let rowWidth = min(30, max(18, options.width / 5))
    let room = options.width - rowWidth - 2
    let perPage = max(1, room / 16)
    // What is left over makes the columns wider.
    let cellWidth = min(24, room / max(1, min(perPage, columns.count)) - 1)
    var lines: [String] = []
    for start in stride(from: 0, to: columns.count, by: perPage) {
      let page = Array(columns[start..<min(start + perPage, columns.count)])
      lines += head(page, rowWidth, cellWidth, options)
      var group = ""
      for row in rows {
        if row.group != group {
          group = row.group
          lines += ["", paint(group, "1", options)]
        }
        lines += table(row, page, rowWidth, cellWidth, options, comparison)
      }
      lines.append("")
    }
    lines += legend(comparison).flatMap { wrapped(printable($0), options.width) }
    return lines.map { $0 + "\n" }.joined()
  }

  private func head(_ page: [Column], _ rowWidth: Int, _ cellWidth: Int, _ options: TableOptions) -> [String] {
    let names = page.map { wrapped($0.name, cellWidth) }
    let settings = page.map { column in
      (column.settings.isEmpty ? ["nothing set"] : column.settings).flatMap { wrapped($0, cellWidth) }
    }
    func block(_ cells: [[String]], _ code: String) -> [String] {
      (0..<(cells.map(\.count).max() ?? 0)).map { line in
        let texts = cells.map { line < $0.count ? $0[line] : "" }
        let cells = texts.map { " " + paint(padded($0, cellWidth), code, options) }
        return trimmed(padded("", rowWidth + 2) + cells.joined())
      }
    }
    return block(names, "1") + block(settings, "2")
  }

  private func table(
    _ row: Row,
    _ page: [Column],
    _ rowWidth: Int,
    _ cellWidth: Int,
    _ options: TableOptions,
    _ comparison: Comparison?
  ) -> [String] {
    let title = wrapped(row.title, rowWidth)
    let cells = page.map { column -> [(text: String, code: String)] in
      guard let cell = self[row.name, column.name] else { return [] }
      let words = CellWords(cell)
      var mark = cell.agrees == false ? " !" : ""
      if comparison?.changes[cell.name] != nil { mark += " *" }
      if comparison?.added.contains(cell.name) == true { mark += " +" }
      let code = words.heat.terminalCode
      let lines: [(String, String)] = [(words.head + mark, code), (words.news, code), (words.predicted, "2")]
      return lines.filter { !$0.0.isEmpty }.flatMap { line in
        wrapped(line.0, cellWidth).map { (text: $0, code: line.1) }
      }
    }
    let height = max(title.count, cells.map(\.count).max() ?? 0)
    return (0..<height).map { line in
      let first = "  " + padded(line < title.count ? title[line] : "", rowWidth)
      let rest = cells.map { cell in
        line < cell.count ? paint(padded(cell[line].text, cellWidth), cell[line].code, options) : padded("", cellWidth)
      }
      return trimmed(first + rest.map { " " + $0 }.joined())
    }
  }

  /// What stands below the table, a paragraph each.
  func legend(_ comparison: Comparison?) -> [String] {
    var lines = [
      "Each cell: how long after the failure the program is told, what it is told, and what the timer model predicts. "
        + "\(measuredCount) of \(cells.count) cells \(origin)."
    ]
    if measuredCount < cells.count {
      let reasons = Set(cells.filter { $0.measured == nil }.map(\.remark)).subtracting([""]).sorted()
      let why = reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; ")
      lines.append("In parentheses: predicted only, not measured\(why).")
    }
    let again = cells.filter { $0.attempts > 1 }
    if !again.isEmpty {
      lines.append(
        "Run a second time, alone, since the first run did not agree: \(again.map(\.name).joined(separator: ", "))."
      )
    }
    for cell in disagreeing { lines.append("! \(cell.name): \(cell.remark)") }
    if let comparison {
      lines += comparison.circumstances.map { "Against the earlier matrix, \($0)." }
      for name in cells.map(\.name) {
        if let change = comparison.changes[name] { lines.append("* \(name): \(change)") }
      }
      if !comparison.added.isEmpty { lines.append("+ \(comparison.added.count) cells are new") }
      if !comparison.missing.isEmpty {
        lines.append("No longer there: \(comparison.missing.joined(separator: ", "))")
      }
      if comparison.changes.isEmpty { lines.append("No cell has changed.") }
    }
    for column in columns {
      for remark in column.remarks { lines.append("\(column.name): \(remark)") }
    }
    return lines
  }
}

extension CellWords.Heat {
  /// The parameters of SGR: the words tell the same without colour.
  fileprivate var terminalCode: String {
    switch self {
    case .atOnce: "32"
    case .seconds: "36"
    case .tens: "33"
    case .minutes: "35"
    case .quarters: "31"
    case .never: "1;31"
    case .unknown: "2"
    }
  }
}
