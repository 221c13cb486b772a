// Laying out short ASCII texts in columns. What comes from outside (a column's name, a remark) is checked or made
// printable where it comes in.

/// The text with blanks behind it up to `width`.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// The text without blanks at its end.
func trimmed(_ text: String) -> String {
  var rest = Substring(text)
  while rest.last == " " { rest.removeLast() }
  return String(rest)
}

/// The text in a colour of the terminal, if colours are wanted; blanks at its end stay plain.
func paint(_ text: String, _ code: String, _ options: TableOptions) -> String {
  let visible = trimmed(text)
  guard options.colour, !visible.isEmpty else { return text }
  return "\u{1B}[\(code)m\(visible)\u{1B}[0m" + String(repeating: " ", count: text.count - visible.count)
}

/// The text in lines of at most `width` characters, broken at blanks; a word that is too long is cut where it stands.
func wrapped(_ text: String, _ width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    var word = Substring(word)
    if !line.isEmpty, line.count + 1 + word.count > width {
      lines.append(line)
      line = ""
    }
    while word.count > width, line.isEmpty {
      lines.append(String(word.prefix(width)))
      word = word.dropFirst(width)
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  return line.isEmpty ? lines : lines + [line]
}

/// The text with everything written out that could steer a terminal.
func printable(_ text: String) -> String {
  String(
    String.UnicodeScalarView(
      text.unicodeScalars.map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: "?"
        default: scalar
        }
      }
    )
  )
}
