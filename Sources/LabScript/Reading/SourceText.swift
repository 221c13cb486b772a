/// One line of a lab file.
struct SourceLine {
  /// Its number, from 1.
  let number: Int
  /// Its text, without the line's end.
  let characters: [Character]

  /// Whether it holds nothing, blanks, or a comment.
  var isFree: Bool {
    guard let first = characters.first(where: { !$0.isBlank }) else { return true }
    return first == "#"
  }

  /// The characters at `range`, as a string.
  func text(_ range: Range<Int>) -> String { String(characters[range]) }
}

extension Character {
  /// Whether it separates words: a space or a tab.
  var isBlank: Bool { self == " " || self == "\t" }
}

/// A lab file as lines, and what is wrong with it as a text, whatever it says.
struct SourceText {
  /// The largest file that is read, in bytes: a lab is a page or two.
  static let sizeLimit = 64 * 1024
  /// The longest line that is read, in bytes.
  static let lineLimit = 4096

  /// The lines.
  private(set) var lines: [SourceLine] = []
  /// Whether the file can be read at all; if not, the lines are only those that show why.
  private(set) var isReadable = true
  /// What is wrong with the text.
  private(set) var mistakes: [Mistake] = []
  /// The lines whose text is damaged: what they say is not worth examining.
  private(set) var damagedLines: Set<Int> = []

  init(_ bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      let help = "save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8"
      mistakes = [Mistake(Place(line: 1, column: 1, length: 1), "the file is UTF-16", help: help)]
      isReadable = false
      return
    }
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let content = bytes.prefix(SourceText.sizeLimit + 1).dropFirst(hasMark ? 3 : 0)
    let raw = content.split(separator: 0x0A, omittingEmptySubsequences: false)
    if refuses(raw, size: bytes.count) { return }
    if hasMark {
      let help = "save it without: it stands before the first character and is not seen"
      mistakes.append(
        Mistake(Place(line: 1, column: 1, length: 1), "the file begins with a byte order mark", help: help)
      )
    }
    var ends: [Int] = []
    for (index, var line) in raw.enumerated() {
      if index + 1 < raw.count, line.last == 0x0D {
        line.removeLast()
        ends.append(index + 1)
      }
      // The last line's end is no beginning of another.
      if index + 1 == raw.count, line.isEmpty { break }
      read(line, number: index + 1)
    }
    if let first = ends.first { complainOfLineEnds(first, count: ends.count) }
  }

  /// Refuses what is no text, or no lab for its size alone; looks at no more than the size limit.
  private mutating func refuses(_ raw: [ArraySlice<UInt8>], size: Int) -> Bool {
    func refuse(_ line: Int, _ bytes: ArraySlice<UInt8>, column: Int = 1, _ message: String, _ help: String) -> Bool {
      // Enough of the line to show the place.
      let shown = String(decoding: bytes.prefix(column + 60), as: UTF8.self)
      isReadable = false
      lines = (1...line).map { SourceLine(number: $0, characters: $0 == line ? Array(shown) : []) }
      mistakes = [Mistake(Place(line: line, column: column, length: 1), message, help: help)]
      return true
    }
    if let index = raw.firstIndex(where: { $0.count > SourceText.lineLimit }) {
      let line = raw[index]
      return refuse(
        index + 1,
        line,
        column: SourceText.lineLimit + 1,
        "this line is too long: a line may have at most \(SourceText.lineLimit) bytes",
        "a statement goes on in the next line if that begins with blanks"
      )
    }
    if size > SourceText.sizeLimit {
      return refuse(
        raw.count,
        raw.last ?? [],
        "the file has \(size) bytes, and a lab may have at most \(SourceText.sizeLimit)",
        "is this a lab? it is a page or two of text"
      )
    }
    if let index = raw.firstIndex(where: { $0.contains(0) }), let byte = raw[index].firstIndex(of: 0) {
      let before = String(decoding: raw[index][..<byte], as: UTF8.self)
      return refuse(
        index + 1,
        raw[index],
        column: before.count + 1,
        "a NUL byte: the file is not a text",
        "a lab is plain text in UTF-8"
      )
    }
    if raw.allSatisfy({ $0.allSatisfy { [0x20, 0x09, 0x0D].contains($0) } }) {
      return refuse(
        1,
        [],
        "the file is empty",
        "a lab has at least a title, a peer and a step: see docs/lab-language.md"
      )
    }
    return false
  }

  private mutating func complainOfLineEnds(_ first: Int, count: Int) {
    let place = Place(line: first, column: (lines[first - 1].characters.count) + 1, length: 1)
    let lines = count == 1 ? "this line ends" : "\(count) lines end"
    mistakes.append(
      Mistake(place, "\(lines) in CR LF, as on Windows", help: "use LF alone: sed -i 's/\\r$//' FILE")
    )
  }

  private mutating func read(_ bytes: ArraySlice<UInt8>, number: Int) {
    let text = String(decoding: bytes, as: UTF8.self)
    let line = SourceLine(number: number, characters: Array(text))
    lines.append(line)
    // Nearly every line is plain ASCII.
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return }
    if let (before, byte) = SourceText.firstBadByte(bytes) {
      let hexadecimal = String(byte, radix: 16, uppercase: true)
      damagedLines.insert(number)
      mistakes.append(
        Mistake(
          Place(line: number, column: before + 1, length: 1),
          "the byte 0x\(hexadecimal) is not UTF-8 here",
          help: "if the file is in Latin-1, convert it: iconv -f LATIN1 -t UTF-8"
        )
      )
    } else if let index = line.characters.firstIndex(where: { $0.unicodeScalars.contains(where: \.isUnseen) }),
      let scalar = line.characters[index].unicodeScalars.first(where: \.isUnseen)
    {
      damagedLines.insert(number)
      let help =
        scalar == "\r" ? "lines end in LF alone" : "remove it: it would not be seen on the screen, or change what is"
      mistakes.append(
        Mistake(Place(line: number, column: index + 1, length: 1), "the control character \(scalar.code)", help: help)
      )
    }
  }

  /// How many characters come before the first byte that is not UTF-8, and that byte.
  private static func firstBadByte(_ bytes: ArraySlice<UInt8>) -> (charactersBefore: Int, byte: UInt8)? {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var position = bytes.startIndex
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): position += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error:
        guard position < bytes.endIndex else { return nil }
        return (String(decoding: bytes[..<position], as: UTF8.self).count, bytes[position])
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether it is a control character, or one that changes how others look: overrides of the writing direction, the
  /// line and paragraph separators, the byte order mark.
  var isUnseen: Bool {
    switch value {
    case 0x09: false
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// The scalar as Unicode writes it: `U+001B`.
  var code: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
