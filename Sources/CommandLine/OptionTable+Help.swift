extension OptionTable {
  /// The usage text, for a terminal of 80 columns; it ends with a newline.
  public var help: String {
    var lines: [String] = []
    for (index, line) in usage.enumerated() {
      lines.append((index == 0 ? "Usage: " : "       ") + program + " " + line)
    }
    for paragraph in about.split(separator: "\n", omittingEmptySubsequences: false) {
      lines += paragraph.isEmpty ? [""] : wrap(String(paragraph), width: 79)
    }
    let standard: [(left: String, help: String)] = [
      ("-h, --help", "print this text"), ("    --version", "print the version"),
    ]
    var sections = groups.map { group in (group.title, group.options.map { (left: $0.left, help: $0.help) }) }
    if sections.isEmpty { sections = [("Options", [])] }
    sections[sections.count - 1].1 += standard
    for (title, rows) in sections {
      lines += ["", title + ":"]
      lines += layOut(rows)
    }
    if !notes.isEmpty { lines += ["", notes] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What to print after a mistake, where the whole usage text would bury the message.
  public var hint: String { "Try '\(program) --help'." }
}

extension Option {
  /// `-p, --port PORT`, with room kept for a short form where there is none.
  fileprivate var left: String {
    (short.map { "-\($0), " } ?? "    ") + "--" + long + (placeholder.map { " " + $0 } ?? "")
  }
}

/// Two columns: names to the left, their meaning wrapped to the right, on a line of its own after a long name.
func layOut(_ rows: [(left: String, help: String)]) -> [String] {
  let margin = 26
  var lines: [String] = []
  for row in rows {
    let help = wrap(row.help, width: 79 - margin)
    var first = "  " + row.left
    var rest = help[...]
    if first.count + 2 <= margin, let line = rest.popFirst() {
      first += String(repeating: " ", count: margin - first.count) + line
    }
    lines.append(first)
    lines += rest.map { String(repeating: " ", count: margin) + $0 }
  }
  return lines
}

/// Breaks `text` at blanks into lines of at most `width` characters, unless a word alone is longer.
func wrap(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if !line.isEmpty, line.count + 1 + word.count > width {
      lines.append(line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  return line.isEmpty ? lines : lines + [line]
}
