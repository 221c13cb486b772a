/// Cuts a stream of bytes into lines.
struct LineSplitter {
  /// A longer line is told in pieces of this many bytes.
  static let longestLine = 65536

  private var rest: [UInt8] = []

  /// Takes more of the stream and returns the lines that are complete now, without their ends.
  mutating func take(_ bytes: [UInt8]) -> [String] {
    rest += bytes
    var lines: [String] = []
    var start = 0
    for (index, byte) in rest.enumerated() {
      if byte == UInt8(ascii: "\n") || index - start == LineSplitter.longestLine {
        lines.append(String(decoding: rest[start..<index], as: UTF8.self))
        start = byte == UInt8(ascii: "\n") ? index + 1 : index
      }
    }
    rest.removeFirst(start)
    return lines
  }

  /// The stream has ended: the last line, if it had no end.
  mutating func finish() -> String? {
    defer { rest = [] }
    return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
  }
}
