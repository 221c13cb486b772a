/// Cells laid out in columns, each cell broken into lines where it is too wide.
struct TableLayout {
  /// One row: its cells, and what they are for the colours.
  struct Row {
    var cells: [String]
    var tint: Tint
  }

  /// The columns' widths.
  var widths: [Int]
  /// What stands between two columns.
  static let gap = "  "

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
