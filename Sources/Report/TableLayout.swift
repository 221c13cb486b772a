/// Cells laid out in columns, each cell broken into lines where it is too wide.
struct TableLayout {
  /// One row: its cells, and what they are for the colours.
  struct Row {
    var cells: [String]
    var tint: Tint
  }

  /// The columns' widths.
  private let widths: [Int]
  /// What stands between two columns.
  private static let gap = "  "

  /// The layout of `rows` in `width` columns.
  ///
  /// A column is as wide as its widest cell if there is room. Where there is not, columns with a share get at most
  /// what is theirs of the room; one that needs less leaves the rest to the others. A column without a share is never
  /// narrowed.
  init(_ rows: [Row], shares: [Int], width: Int) {
    let natural = shares.indices.map { column in rows.map { $0.cells[column].printable.columns }.max() ?? 0 }
    var widths = natural
    var open = shares.indices.filter { shares[$0] > 0 }
    var room = width - TableLayout.gap.count * (shares.count - 1)
    for column in shares.indices where shares[column] == 0 { room -= natural[column] }
    while !open.isEmpty {
      let total = open.reduce(0) { $0 + shares[$1] }
      let satisfied = open.filter { natural[$0] <= room * shares[$0] / total }
      if satisfied.isEmpty {
        for column in open { widths[column] = max(1, room * shares[column] / total) }
        break
      }
      room -= satisfied.reduce(0) { $0 + natural[$1] }
      open.removeAll { satisfied.contains($0) }
    }
    self.widths = widths
  }

  /// The row's lines; only the last cell is painted.
  func lines(of row: Row, _ options: TextOptions) -> [String] {
    let cells = zip(row.cells, widths).map { $0.printable.wrapped(to: $1) }
    let height = cells.map(\.count).max() ?? 0
    return (0..<height).map { line in
      let parts = zip(cells, widths).enumerated().map { column, cell in
        let text = (line < cell.0.count ? cell.0[line] : "").padded(to: cell.1)
        return column == widths.count - 1 ? row.tint.paint(text.trimmedAtEnd, options) : text
      }
      return "  " + parts.joined(separator: TableLayout.gap).trimmedAtEnd
    }
  }
}
