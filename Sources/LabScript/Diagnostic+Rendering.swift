extension Diagnostic {
  /// The mistake as a person reads it: place and message, the line, carets under what is wrong, and the help.
  ///
  ///     labs/poweroff.lab:12:14: unknown host 'kodo'
  ///       after 1s  power off kodo
  ///                           ^^^^
  ///       did you mean 'kodos'?
  ///
  /// No line's end at the end. Characters that a terminal would obey are shown as pictures.
  public var rendered: String {
    var lines = [line == 0 ? "\(path): \(message)" : "\(path):\(line):\(column): \(message)"]
    let characters = Array(source)
    if !characters.isEmpty {
      lines.append("  " + characters.map(\.picture).joined())
      let start = min(max(0, sourceColumn - 1), characters.count)
      let end = min(characters.count, start + max(1, length))
      let indent = characters[..<start].reduce(0) { $0 + $1.cells }
      let width = start < end ? characters[start..<end].reduce(0) { $0 + $1.cells } : 1
      lines.append("  " + String(repeating: " ", count: indent) + String(repeating: "^", count: max(1, width)))
    }
    if let help { lines.append("  " + help) }
    return lines.map { line in line.map(\.harmless).joined() }.joined(separator: "\n")
  }

  /// The longest piece of a line that is shown, in characters.
  static let shownLength = 120

  /// Which part of a line of `count` characters is shown for a mistake at `column`: all of it, unless it is long.
  static func window(in count: Int, around column: Int) -> (start: Int, end: Int) {
    guard count > shownLength else { return (0, count) }
    let start = max(0, min(column - 1 - shownLength / 2, count - shownLength))
    return (start, start + shownLength)
  }
}

extension Character {
  /// The character as it is shown: a tab as one blank, so that carets stand under their words.
  fileprivate var picture: String { self == "\t" ? " " : harmless }

  /// The character, or U+FFFD if a terminal would obey it.
  fileprivate var harmless: String {
    unicodeScalars.contains { $0.isUnseen || $0 == "\t" } ? "\u{FFFD}" : String(self)
  }

  /// How many cells of a terminal it takes: two for East Asian wide characters and emoji, see Unicode's annex 11.
  fileprivate var cells: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default:
      return 1
    }
  }
}
