/// The bytes as a string literal: text as it is, everything else escaped, so that a line of the log stays one line.
func quoted(_ bytes: some Sequence<UInt8>) -> String {
  var text = "\""
  // A byte that is no part of valid UTF-8 is shown by its number, so that nothing that came is lost.
  var decoder = UTF8Reader(bytes: Array(bytes))
  while let part = decoder.next() {
    switch part {
    case .scalar("\n"): text += "\\n"
    case .scalar("\r"): text += "\\r"
    case .scalar("\t"): text += "\\t"
    case .scalar("\""): text += "\\\""
    case .scalar("\\"): text += "\\\\"
    case .scalar(let scalar) where scalar.properties.generalCategory == .control: text += hexadecimal(scalar.utf8)
    case .scalar(let scalar): text.unicodeScalars.append(scalar)
    case .byte(let byte): text += hexadecimal([byte])
    }
  }
  return text + "\""
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

extension Unicode.Scalar {
  fileprivate var utf8: [UInt8] { Array(String(self).utf8) }
}

/// Takes bytes apart into Unicode scalars and bytes that are none.
private struct UTF8Reader {
  enum Part {
    case scalar(Unicode.Scalar)
    case byte(UInt8)
  }

  let bytes: [UInt8]
  var position = 0

  mutating func next() -> Part? {
    guard position < bytes.count else { return nil }
    for length in 1...4 where position + length <= bytes.count {
      let piece = bytes[position..<position + length]
      if let string = String(validating: piece, as: UTF8.self), let scalar = string.unicodeScalars.first {
        position += length
        return .scalar(scalar)
      }
    }
    position += 1
    return .byte(bytes[position - 1])
  }
}
