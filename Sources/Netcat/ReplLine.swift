import CommandLine

/// A line typed to `--repl`, taken apart.
struct ReplLine {
  /// A word, or a text in quotes.
  struct Word: Hashable {
    var bytes: [UInt8]
    var isQuoted: Bool

    /// The word as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  let words: [Word]

  /// Takes `line` apart at blanks; text in double quotes stays together and knows `\n \r \t \\ \" \xNN`.
  init(_ line: String) throws(UsageError) {
    var words: [Word] = []
    var rest = Substring(line)
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if first == "\"" {
        rest.removeFirst()
        words.append(Word(bytes: try ReplLine.takeQuoted(&rest), isQuoted: true))
      } else if first == "#" {
        break
      } else {
        let word = rest.prefix { !$0.isWhitespace }
        rest.removeFirst(word.count)
        words.append(Word(bytes: Array(word.utf8), isQuoted: false))
      }
    }
    self.words = words
  }

  /// Takes the text up to the closing quote.
  private static func takeQuoted(_ rest: inout Substring) throws(UsageError) -> [UInt8] {
    var bytes: [UInt8] = []
    while let character = rest.popFirst() {
      switch character {
      case "\"": return bytes
      case "\\": bytes += try takeEscape(&rest)
      default: bytes += Array(String(character).utf8)
      }
    }
    throw UsageError("the text has no closing quote")
  }

  private static func takeEscape(_ rest: inout Substring) throws(UsageError) -> [UInt8] {
    let simple: [Character: UInt8] = ["n": 10, "r": 13, "t": 9, "\\": 92, "\"": 34, "0": 0]
    guard let character = rest.popFirst() else { throw UsageError("the text ends in the middle of an escape") }
    if let byte = simple[character] { return [byte] }
    if character == "x", let byte = UInt8(rest.prefix(2), radix: 16), rest.prefix(2).count == 2 {
      rest.removeFirst(2)
      return [byte]
    }
    throw UsageError("'\\\(character)' is no escape: there are \\n \\r \\t \\0 \\\\ \\\" and \\xNN")
  }
}
