internal import Timeline

extension MatrixResult {
  /// The matrix as CSV (RFC 4180), a line a cell: what docs/matrix.md calls its columns.
  public func csv(_ comparison: Comparison?) -> String {
    let head = [
      "group", "failure", "title", "settings", "set", "outcome", "after_s", "call", "errno", "watched_s",
      "predicted_outcome", "predicted_earliest_s", "predicted_latest_s", "predicted_errno", "limit", "agrees",
      "changed",
      "world", "kernel", "hz", "remark",
    ]
    var lines = [head]
    for row in rows {
      for column in columns {
        guard let cell = self[row.name, column.name] else { continue }
        lines.append(
          [row.group, row.name, row.title, column.name, column.settings.joined(separator: ", ")]
            + MatrixResult.measured(cell) + MatrixResult.predicted(cell)
            + [
              cell.agrees.map { $0 ? "yes" : "no" } ?? "", comparison?.changes[cell.name] ?? "", world, kernel, "\(hz)",
              cell.remark,
            ]
        )
      }
    }
    return lines.map { $0.map(csvField).joined(separator: ",") + "\r\n" }.joined()
  }

  private static func measured(_ cell: CellResult) -> [String] {
    switch cell.measured {
    case .told(let told): ["told", told.after.seconds(digits: 6), told.call, told.errorName ?? "", ""]
    case .before(let told): ["before", told.after.seconds(digits: 6), told.call, told.errorName ?? "", ""]
    case .nothing(let watched): ["never", "", "", "", watched.seconds(digits: 3)]
    case .broken: ["broken", "", "", "", ""]
    case nil: ["not-run", "", "", "", ""]
    }
  }

  private static func predicted(_ cell: CellResult) -> [String] {
    switch cell.predicted {
    case .ends(let end):
      [
        "told", end.earliest.seconds(digits: 6), end.latest?.seconds(digits: 6) ?? "", end.errorName ?? "", end.limit,
      ]
    case .never: ["never", "", "", "", ""]
    case .unknown: ["unknown", "", "", "", ""]
    }
  }
}

/// A field of CSV: quoted where it has to be, and without a formula's beginning for those who open it in a spreadsheet.
func csvField(_ text: String) -> String {
  var text = text
  if let first = text.first, "=+@".contains(first) || (first == "-" && Double(text) == nil) { text = "'" + text }
  let special: Set<Character> = [",", "\"", "\n", "\r", "\r\n"]
  guard text.contains(where: { special.contains($0) }) else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
