extension Unicode.Scalar {
  /// Whether it would steer a terminal or hide what is written: a control, a format character such as the
  /// right-to-left override, a line or paragraph separator, or one without meaning.
  var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }

  /// The columns that a terminal gives it: 0 for a combining mark, 2 for East Asian wide characters and emoji.
  ///
  /// The wide ranges are the blocks that Unicode's EastAsianWidth.txt marks W or F throughout.
  var columns: Int {
    switch value {
    case 0x20...0x7E: 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      2
    default:
      switch properties.generalCategory {
      case .nonspacingMark, .enclosingMark: 0
      default: properties.isEmojiPresentation ? 2 : 1
      }
    }
  }
}

extension String {
  /// The text with everything that could steer a terminal written out: `\n`, `\x1b`, `\u{202e}`.
  package var printable: String {
    if utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return self }
    var out = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.isUnprintable:
        let digits = String(scalar.value, radix: 16)
        out += scalar.value < 0x100 ? "\\x" + (digits.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// The columns that the text takes on a terminal.
  package var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

  /// The text with blanks behind it up to `width` columns.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - columns)) }

  /// The text with blanks before it up to `width` columns.
  func aligned(to width: Int) -> String { String(repeating: " ", count: max(0, width - columns)) + self }

  /// The text cut to `width` columns, an ellipsis showing that something is missing.
  package func cut(to width: Int) -> String {
    if columns <= width { return self }
    var out = ""
    var left = width - 1
    for scalar in unicodeScalars {
      left -= scalar.columns
      if left < 0 { break }
      out.unicodeScalars.append(scalar)
    }
    return out + "…"
  }

  /// The text in lines of at most `width` columns, broken at blanks; a word that is too long is broken anywhere.
  ///
  /// - Parameters:
  ///   - width: The columns of each line; at least 1 is used.
  ///   - first: How many columns less the first line has.
  package func wrapped(to width: Int, first: Int = 0) -> [String] {
    let width = max(1, width)
    var lines: [String] = []
    var (line, room, isFresh) = ("", max(0, width - first), true)
    func breakLine() {
      lines.append(line)
      (line, room, isFresh) = ("", width, true)
    }
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      let columns = String(word).columns
      // A word that fits no line is broken where it stands.
      let fits = columns <= (isFresh ? room : room - 1) || columns > width && room > 1
      if !fits && (!isFresh || room < width) {
        breakLine()
      } else if !isFresh {
        line += " "
        room -= 1
      }
      isFresh = false
      for scalar in word.unicodeScalars {
        // A scalar wider than the whole line stands alone on it: breaking comes to an end.
        if scalar.columns > room && !line.isEmpty { breakLine() }
        isFresh = false
        line.unicodeScalars.append(scalar)
        room -= scalar.columns
      }
    }
    lines.append(line)
    return lines
  }
}
