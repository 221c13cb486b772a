/// A word of a statement.
struct Word {
  /// What it says: escapes resolved, parameters filled in, without its quotes.
  var text: String
  /// Where it stands.
  var place: Place
  /// Whether it stands in quotes, and so is never a word of the language.
  var isQuoted = false
  /// The parameters that were filled in.
  var parameters: [String] = []
  /// Whether it is the first of a line that continues the statement.
  var continuesStatement = false

  /// Whether this is the language's word `text`.
  func isWord(_ text: String) -> Bool { !isQuoted && self.text == text }

  /// The word as a person would write it, with its quotes.
  var written: String {
    guard isQuoted else { return text }
    let escaped = text.map { character in
      switch character {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\t": "\\t"
      default: String(character)
      }
    }
    return "\"" + escaped.joined() + "\""
  }

  /// The word in a message: in quotes, shortened, and with the parameter that it comes from.
  var quoted: String {
    let shown = text.count > 40 ? text.prefix(39) + "…" : text[...]
    let origin = parameters.map { "$" + $0 }.joined(separator: " and ")
    return "'\(shown)'" + (origin.isEmpty ? "" : " (from \(origin))")
  }
}

/// The words of a statement, taken one after the other.
struct Words {
  private let words: [Word]
  private var next = 0
  /// The place behind the last word, where something is missing.
  let end: Place

  init(_ words: [Word], end: Place) {
    self.words = words
    self.end = end
  }

  /// Every word, taken or not.
  var all: [Word] { words }

  /// The words that have not been taken.
  var rest: ArraySlice<Word> { words[next...] }

  /// The next word, left where it is.
  var peek: Word? { next < words.count ? words[next] : nil }

  /// The word behind the next one.
  var second: Word? { next + 1 < words.count ? words[next + 1] : nil }

  /// The place of the next word, or of the end.
  var place: Place { peek?.place ?? end }

  /// Takes the next word.
  mutating func take() -> Word? {
    guard let word = peek else { return nil }
    next += 1
    return word
  }

  /// Takes the next word if it is this word of the language.
  mutating func accept(_ text: String) -> Bool {
    guard let word = peek, word.isWord(text) else { return false }
    next += 1
    return true
  }

  /// Takes all of these words of the language if they come next.
  mutating func accept(_ texts: [String]) -> Bool {
    guard rest.count >= texts.count, zip(rest, texts).allSatisfy({ $0.isWord($1) }) else { return false }
    next += texts.count
    return true
  }

  /// Takes the next word; there has to be one, and `what` says which.
  mutating func require(_ what: String, help: String? = nil) throws(Mistake) -> Word {
    guard let word = take() else { throw Mistake(end, "\(what) is missing", help: help) }
    return word
  }

  /// Takes the next word, which has to be this word of the language.
  mutating func require(word text: String, help: String? = nil) throws(Mistake) {
    guard !accept(text) else { return }
    guard let word = peek else { throw Mistake(end, "'\(text)' is missing", help: help) }
    throw Mistake(word.place, "\(word.quoted) stands where '\(text)' should", help: help)
  }
}
