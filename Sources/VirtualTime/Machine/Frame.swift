/// One piece of the stream that comes out of a guest: its kind, its length and that many bytes.
struct Frame: Hashable {
  /// What a frame holds.
  enum Kind: UInt8, Hashable, CaseIterable {
    /// A piece of the timeline's text.
    case events = 1
    /// A piece of the capture file.
    case capture = 2
    /// A sentence of the guest's process 1, for a person.
    case remark = 3
    /// The laboratory has ended with this status, four bytes: the last frame of a whole stream.
    case end = 4
  }

  var kind: Kind
  var bytes: [UInt8]

  /// The longest piece; more is cut into several frames.
  static let longest = 1 << 20

  /// The frame as it goes through the stream.
  var encoded: [UInt8] { [kind.rawValue] + Frame.littleEndian(UInt32(bytes.count)) + bytes }

  /// The frame that ends a stream.
  static func end(status: Int32) -> Frame {
    Frame(kind: .end, bytes: littleEndian(UInt32(bitPattern: status)))
  }

  /// The status that an end frame carries.
  var status: Int32? {
    guard kind == .end, bytes.count == 4 else { return nil }
    return Int32(bitPattern: Frame.word(bytes[...]))
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }

  fileprivate static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// Cuts the stream back into frames.
struct FrameReader {
  private var rest: [UInt8] = []
  /// Whether something came that no guest of ours writes; nothing is read after it.
  private(set) var isBroken = false

  /// Whether a frame has begun that has not ended.
  var isTorn: Bool { isBroken || !rest.isEmpty }

  /// Takes more of the stream and returns the frames that are whole now.
  mutating func take(_ bytes: [UInt8]) -> [Frame] {
    rest += bytes
    var frames: [Frame] = []
    var start = 0
    while !isBroken, rest.count - start >= 5 {
      let length = Int(Frame.word(rest[(start + 1)...]))
      guard let kind = Frame.Kind(rawValue: rest[start]), length <= Frame.longest else {
        isBroken = true
        break
      }
      guard rest.count - start - 5 >= length else { break }
      frames.append(Frame(kind: kind, bytes: Array(rest[(start + 5)..<(start + 5 + length)])))
      start += 5 + length
    }
    rest.removeFirst(start)
    return frames
  }
}
