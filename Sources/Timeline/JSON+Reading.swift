extension JSON {
  /// Why a text is not a JSON value, and where.
  public struct SyntaxError: Error, Hashable, Sendable {
    /// The offset of the offending byte in the UTF-8 text.
    public var offset: Int
    /// What is wrong there.
    public var message: String
  }

  /// Reads one value (RFC 8259); anything but white space after it is an error.
  ///
  /// Nesting deeper than 100 levels is refused, so that hostile input cannot exhaust the stack.
  public init(text: some StringProtocol) throws(SyntaxError) {
    var reader = JSONReader(bytes: Array(text.utf8))
    self = try reader.document()
  }
}

private struct JSONReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ message: String) -> JSON.SyntaxError {
    JSON.SyntaxError(offset: position, message: message)
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  mutating func document() throws(JSON.SyntaxError) -> JSON {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw failure("text after the value") }
    return value
  }

  private mutating func value(depth: Int) throws(JSON.SyntaxError) -> JSON {
    guard depth <= 100 else { throw failure("nested deeper than 100 levels") }
    skipSpace()
    switch next {
    case nil: throw failure("the value is missing")
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws(JSON.SyntaxError) -> JSON {
    guard bytes[position...].starts(with: text.utf8) else { throw failure("not a JSON value") }
    position += text.utf8.count
    return value
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(JSON.SyntaxError) {
    skipSpace()
    guard next == UInt8(ascii: character) else { throw failure("'\(character)' is missing") }
    position += 1
  }

  private mutating func object(depth: Int) throws(JSON.SyntaxError) -> JSON {
    try expect("{")
    var members: [(String, JSON)] = []
    skipSpace()
    if next == UInt8(ascii: "}") {
      position += 1
      return .object(JSONObject())
    }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw failure("a member's name is missing") }
      let name = try string()
      try expect(":")
      members.append((name, try value(depth: depth + 1)))
      skipSpace()
      if next == UInt8(ascii: ",") {
        position += 1
      } else {
        try expect("}")
        return .object(JSONObject(members))
      }
    }
  }

  private mutating func array(depth: Int) throws(JSON.SyntaxError) -> JSON {
    try expect("[")
    var values: [JSON] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if next == UInt8(ascii: ",") {
        position += 1
      } else {
        try expect("]")
        return .array(values)
      }
    }
  }

  private mutating func number() throws(JSON.SyntaxError) -> JSON {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    let firstDigit = position
    try digits()
    if bytes[firstDigit] == UInt8(ascii: "0") && position - firstDigit > 1 {
      throw failure("a number with a leading zero")
    }
    var whole = true
    if next == UInt8(ascii: ".") {
      whole = false
      position += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      whole = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if whole, let integer = Int64(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else { throw failure("a number beyond any range") }
    return .number(number)
  }

  private mutating func digits() throws(JSON.SyntaxError) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw failure("not a JSON value") }
  }

  private mutating func string() throws(JSON.SyntaxError) -> String {
    position += 1
    // Up to the first escape, or the end, it is one piece.
    let start = position
    while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
    var utf8 = Array(bytes[start..<position])
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: utf8, as: UTF8.self)
      case UInt8(ascii: "\\"): utf8.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw failure("a control character in a string")
      default: utf8.append(byte)
      }
    }
    throw failure("the string has no end")
  }

  private mutating func escape() throws(JSON.SyntaxError) -> Unicode.Scalar {
    guard let byte = next else { throw failure("the string has no end") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "u"): return try codePoint()
    default: throw failure("an unknown escape in a string")
    }
  }

  /// The scalar of one `\u` escape or of a surrogate pair of them; half a pair is U+FFFD, as in broken UTF-8.
  private mutating func codePoint() throws(JSON.SyntaxError) -> Unicode.Scalar {
    let high = try hexadecimal()
    if (0xD800..<0xDC00).contains(high), bytes[position...].starts(with: "\\u".utf8) {
      let afterHigh = position
      position += 2
      let low = try hexadecimal()
      if (0xDC00..<0xE000).contains(low) {
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
      }
      position = afterHigh
    }
    return Unicode.Scalar(high) ?? "\u{FFFD}"
  }

  private mutating func hexadecimal() throws(JSON.SyntaxError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("four hexadecimal digits are missing")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
