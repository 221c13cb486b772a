extension JSON {
  /// The value in one line, without spaces, as a line of JSON Lines holds it.
  public var text: String { String(decoding: utf8, as: UTF8.self) }

  /// The bytes of ``text``.
  public var utf8: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(256)
    write(to: &out)
    return out
  }

  private func write(to out: inout [UInt8]) {
    switch self {
    case .null: out += "null".utf8
    case .bool(let value): out += (value ? "true" : "false").utf8
    case .integer(let value): out += String(value).utf8
    case .number(let value): out += (value.isFinite ? "\(value)" : "null").utf8
    case .string(let value): JSON.write(value, to: &out)
    case .array(let values):
      out.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        value.write(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let object):
      out.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        JSON.write(member.name, to: &out)
        out.append(UInt8(ascii: ":"))
        member.value.write(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ string: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    let isWritten = unsafe string.utf8.withContiguousStorageIfAvailable { bytes in
      guard unsafe bytes.allSatisfy(isPlain) else { return false }
      unsafe out.append(contentsOf: bytes)
      return true
    }
    if isWritten != true {
      for scalar in string.unicodeScalars { write(scalar, to: &out) }
    }
    out.append(UInt8(ascii: "\""))
  }

  /// Whether a byte of UTF-8 stands for itself in a string, whatever stands beside it.
  private static func isPlain(_ byte: UInt8) -> Bool {
    // 0xC2 begins the C1 controls, and others.
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7F && byte != 0xC2
  }

  private static func write(_ scalar: Unicode.Scalar, to out: inout [UInt8]) {
    switch scalar {
    case "\"": out += "\\\"".utf8
    case "\\": out += "\\\\".utf8
    case "\n": out += "\\n".utf8
    case "\r": out += "\\r".utf8
    case "\t": out += "\\t".utf8
    default:
      // C1 controls too: a timeline that is shown on a terminal must not steer it.
      if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
        let digits = String(scalar.value, radix: 16)
        out += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
      } else {
        out += UTF8.encode(scalar).map(Array.init) ?? []
      }
    }
  }
}
