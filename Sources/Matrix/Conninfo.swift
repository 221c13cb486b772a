/// libpq's two ways of writing where to connect and how (libpq, "Connection Strings").
enum Conninfo {
  typealias Values = [(key: String, value: String)]

  /// Reads `key = value` pairs; a value with blanks stands in single quotes, and a backslash takes the next character
  /// as it is.
  static func words(_ text: String) throws(Mistake) -> Values {
    var values: Values = []
    var rest = Array(text)[...]
    func skipBlanks() { rest = rest.drop { $0.isWhitespace } }
    skipBlanks()
    while !rest.isEmpty {
      let key = String(rest.prefix { !$0.isWhitespace && $0 != "=" })
      rest = rest.dropFirst(key.count)
      skipBlanks()
      guard !key.isEmpty, rest.popFirst() == "=" else {
        throw Mistake("'\(key)' has no value: a connection string is made of pairs such as keepalives_idle=10")
      }
      skipBlanks()
      values.append((key, try value(of: key, &rest)))
      skipBlanks()
    }
    return values
  }

  private static func value(of key: String, _ rest: inout ArraySlice<Character>) throws(Mistake) -> String {
    let isQuoted = rest.first == "'"
    if isQuoted { rest.removeFirst() }
    var value = ""
    while let character = rest.first {
      if isQuoted ? character == "'" : character.isWhitespace { break }
      rest.removeFirst()
      if character == "\\" {
        if let next = rest.popFirst() { value.append(next) }
      } else {
        value.append(character)
      }
    }
    guard !isQuoted || rest.popFirst() == "'" else {
      throw Mistake("the value of '\(key)' has no closing quote")
    }
    return value
  }

  /// Reads the parameters behind the `?` of a URI; what stands before it says where to connect, and is passed over.
  static func uri(_ text: String) throws(Mistake) -> Values {
    guard let mark = text.firstIndex(of: "?") else { return [] }
    var values: Values = []
    for pair in text[text.index(after: mark)...].split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw Mistake("'\(pair)' has no value: a URI's parameters are pairs such as keepalives_idle=10")
      }
      values.append((try decoded(parts[0]), try decoded(parts[1])))
    }
    return values
  }

  /// Undoes percent-encoding (RFC 3986, 2.1).
  private static func decoded(_ text: Substring) throws(Mistake) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else {
        throw Mistake("'\(text)' has a '%' that two hexadecimal digits do not follow")
      }
      rest = rest.dropFirst(2)
      bytes.append(value)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
