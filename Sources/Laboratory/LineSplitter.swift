/// Cuts a stream of bytes into lines.
public struct LineSplitter {
  /// A longer line is told in pieces of this many bytes.
  private let longestLine: Int
  private var rest: [UInt8] = []
  /// How many bytes of `rest` are known to hold no line's end.
  private var searched = 0

  /// Cuts lines; one of more than `longestLine` bytes is cut into pieces.
  public init(longestLine: Int = 65536) {
    self.longestLine = longestLine
  }

  /// Takes more of the stream and returns the lines that are complete now, without their ends.
  public mutating func take(_ bytes: [UInt8]) -> [String] {
    rest += bytes
    var lines: [String] = []
    var start = 0
    for index in searched..<rest.count {
      let byte = rest[index]
      if byte == UInt8(ascii: "\n") || index - start == longestLine {
        lines.append(String(decoding: rest[start..<index], as: UTF8.self))
        start = byte == UInt8(ascii: "\n") ? index + 1 : index
      }
    }
    rest.removeFirst(start)
    searched = rest.count
    return lines
  }

  /// The stream has ended: the last line, if it had no end.
  public mutating func finish() -> String? {
    defer { (rest, searched) = ([], 0) }
    return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
  }
}
