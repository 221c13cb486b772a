/// One statement: a line that starts in column 1, and the lines below it that begin with blanks.
struct Statement {
  /// Its lines, without blank lines and comments between them; never empty.
  var lines: [SourceLine]
  /// The first word's text.
  var keyword: String
  /// Where the first word stands.
  var keywordPlace: Place
  /// The word of the language that was meant, if the first word is misspelled.
  var meantKeyword: String?

  /// The first line's number.
  var line: Int { lines[0].number }

  /// The statement that starts with `line`.
  init(_ line: SourceLine) {
    lines = [line]
    // A quote ends the first word too, so that `title"x"` is understood.
    let length = line.characters.firstIndex { $0.isWhitespace || $0 == "\"" } ?? line.characters.count
    keyword = line.text(0..<length)
    keywordPlace = Place(line: line.number, column: 1, length: max(1, length))
  }

  /// The place behind the last character, where something is missing.
  var end: Place {
    let last = lines[lines.count - 1]
    let count = last.characters.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? 0
    return Place(line: last.number, column: count + 1, length: 1)
  }

  /// Puts lines together to statements; lines that continue nothing are mistakes.
  static func all(in lines: [SourceLine]) -> (statements: [Statement], mistakes: [Mistake]) {
    var statements: [Statement] = []
    var mistakes: [Mistake] = []
    for line in lines where !line.isFree {
      let indent = line.characters.prefix { $0.isBlank }.count
      if indent == 0 {
        statements.append(Statement(line))
      } else if statements.isEmpty {
        mistakes.append(
          Mistake(
            Place(line: line.number, column: indent + 1, length: 1),
            "a line that begins with blanks continues the statement above it, and there is none",
            help: "start the statement in column 1"
          )
        )
      } else {
        statements[statements.count - 1].lines.append(line)
      }
    }
    return (statements, mistakes)
  }
}
