/// Takes a statement's text apart into words.
struct Lexer {
  /// How the text is to be understood.
  enum Style {
    /// Words of the language.
    case plain
    /// The same, with `=` a word of its own.
    case assignment
    /// A command, as a shell splits it: quotes may begin within a word, and there are single quotes.
    case command
  }

  private let statement: Statement
  private let style: Style
  private let parameters: [String: String]
  private var line: SourceLine
  private var index = 0
  /// The parameters that were filled in.
  private(set) var used: Set<String> = []

  init(_ statement: Statement, _ style: Style, parameters: [String: String]) {
    self.statement = statement
    self.style = style
    self.parameters = parameters
    line = statement.lines[0]
  }

  /// The words from `start` (a line of the statement and a column from 0) on.
  mutating func words(from start: (line: Int, column: Int)) throws(Mistake) -> [Word] {
    var words: [Word] = []
    for number in statement.lines.indices.dropFirst(start.line) {
      line = statement.lines[number]
      index = number == start.line ? start.column : 0
      var isFirst = number > 0
      while skipBlanks() {
        var word = try word()
        word.continuesStatement = isFirst
        isFirst = false
        words.append(word)
      }
    }
    return words
  }

  /// The statement's text from behind its first word on, as prose: lines joined by blanks, parameters filled in.
  mutating func prose() throws(Mistake) -> String {
    var pieces: [String] = []
    var filled: [String] = []
    for number in statement.lines.indices {
      line = statement.lines[number]
      index = number == 0 ? statement.keywordPlace.length : 0
      while current?.isBlank == true { index += 1 }
      var text = ""
      while let character = current {
        if character == "$" {
          text += try parameter(&filled)
        } else {
          text.append(character)
          index += 1
        }
      }
      while text.last?.isBlank == true { text.removeLast() }
      if !text.isEmpty { pieces.append(text) }
    }
    return pieces.joined(separator: " ")
  }

  private var current: Character? { index < line.characters.count ? line.characters[index] : nil }

  private func place(from start: Int) -> Place {
    Place(line: line.number, column: start + 1, length: max(1, index - start))
  }

  /// Goes to the next word of the line; `false` at its end or at a comment.
  private mutating func skipBlanks() -> Bool {
    while current?.isBlank == true { index += 1 }
    return current != nil && current != "#"
  }

  private mutating func word() throws(Mistake) -> Word {
    let start = index
    var word = Word(text: "", place: place(from: start))
    if style == .assignment, current == "=" {
      word.text = "="
      index += 1
    } else if style != .command, current == "\"" {
      word.text = try quoted(&word.parameters)
      word.isQuoted = true
      if let next = current, !next.isBlank, !(style == .assignment && next == "=") {
        throw Mistake(place(from: index), "a blank is missing behind the closing quote")
      }
    } else {
      while let character = current, !character.isBlank, !(style == .assignment && character == "=") {
        try piece(character, of: &word)
      }
    }
    word.place = place(from: start)
    return word
  }

  /// Appends what comes next in a word that does not stand in quotes as a whole.
  private mutating func piece(_ character: Character, of word: inout Word) throws(Mistake) {
    switch character {
    case "$": word.text += try parameter(&word.parameters)
    case "\"" where style == .command:
      word.text += try quoted(&word.parameters)
      word.isQuoted = true
    case "'" where style == .command:
      word.text += try literal()
      word.isQuoted = true
    case "\"": throw Mistake(place(from: index), "a quote within a word", help: "put a blank before it")
    case "'": throw Mistake(place(from: index), "a single quote", help: "texts stand in double quotes: \"…\"")
    case "\\":
      throw Mistake(place(from: index), "a backslash outside of quotes", help: "put the word in quotes: \"…\\\\…\"")
    case "|", ">", "<", "&", ";", "`", "(", ")", "*":
      guard style == .command else {
        word.text.append(character)
        index += 1
        return
      }
      throw Mistake(
        place(from: index),
        "'\(character)' would mean something to a shell, and no shell reads this command",
        help: "put it in quotes, or name the shell: sh -c '…'"
      )
    default:
      try refuseLookalike(character)
      word.text.append(character)
      index += 1
    }
  }

  /// Refuses characters that look like a blank or a quote and are neither; text copied from a web page has them.
  private func refuseLookalike(_ character: Character) throws(Mistake) {
    guard !character.isASCII else { return }
    let code = character.unicodeScalars.first?.code ?? ""
    if character.isWhitespace {
      throw Mistake(place(from: index), "this blank is the character \(code)", help: "use an ordinary blank")
    }
    if ["“", "”", "„", "‘", "’", "«", "»"].contains(character) {
      let help = style == .command ? "use \" or '" : "use \""
      throw Mistake(place(from: index), "this quote is the character \(code)", help: help)
    }
  }

  /// The text between double quotes.
  private mutating func quoted(_ filled: inout [String]) throws(Mistake) -> String {
    let start = index
    var text = ""
    index += 1
    while let character = current {
      switch character {
      case "\"":
        index += 1
        return text
      case "\\": text.append(try escape())
      case "$": text += try parameter(&filled)
      default:
        text.append(character)
        index += 1
      }
    }
    throw Mistake(
      place(from: start),
      "the quote is not closed in this line",
      help: "a line's end in a text is written \\n"
    )
  }

  /// The text between single quotes, as it stands.
  private mutating func literal() throws(Mistake) -> String {
    let start = index
    index += 1
    guard let end = line.characters[index...].firstIndex(of: "'") else {
      index = line.characters.count
      throw Mistake(place(from: start), "the quote is not closed in this line")
    }
    defer { index = end + 1 }
    return line.text(index..<end)
  }

  private mutating func escape() throws(Mistake) -> Character {
    let start = index
    index += 1
    guard let character = current else {
      throw Mistake(place(from: start), "the quote is not closed in this line")
    }
    index += 1
    switch character {
    case "n": return "\n"
    case "t": return "\t"
    case "\"", "\\": return character
    default:
      throw Mistake(
        place(from: start),
        "unknown escape '\\\(character)'",
        help: "there are \\n, \\t, \\\" and \\\\"
      )
    }
  }

  /// The value of the parameter that is named next, as `$name` or `${name}`; `$$` is a dollar sign.
  private mutating func parameter(_ filled: inout [String]) throws(Mistake) -> String {
    let start = index
    index += 1
    if current == "$" {
      index += 1
      return "$"
    }
    let isBraced = current == "{"
    if isBraced { index += 1 }
    let nameStart = index
    while let character = current, character.isNameCharacter { index += 1 }
    let name = line.text(nameStart..<index)
    guard !name.isEmpty, !isBraced || current == "}" else {
      throw Mistake(
        place(from: start),
        "a parameter's name should follow '\(isBraced ? "${" : "$")'",
        help: "a dollar sign is written $$"
      )
    }
    if isBraced { index += 1 }
    guard let value = parameters[name] else {
      let known = parameters.keys.sorted()
      let other =
        style == .command
        ? "for a variable of the shell's own write $$\(name), or use single quotes"
        : "declare it above: parameter \(name) = …; a dollar sign is written $$"
      let help = Spelling.nearest(to: name, in: known).map { "did you mean $\($0)?" } ?? other
      throw Mistake(place(from: start), "unknown parameter '$\(name)'", help: help)
    }
    filled.append(name)
    used.insert(name)
    return value
  }
}

extension Character {
  /// Whether it may stand in a parameter's name.
  var isNameCharacter: Bool { isASCII && (isLetter || isNumber || self == "_") }
}
