/// An option in the header of a TCP segment.
public enum TCPOption: Hashable, Sendable {
  /// No more options; what follows to the header's end is padding (RFC 9293).
  case end(padding: [UInt8])
  /// Nothing, to align the next option.
  case noOperation
  /// The largest segment that the sender of this SYN accepts, in bytes.
  case maximumSegmentSize(UInt16)
  /// The window is shifted left by so many bits in all segments without SYN (RFC 7323); above 14 it counts as 14.
  case windowScale(UInt8)
  /// The sender of this SYN accepts selective acknowledgments (RFC 2018).
  case sackPermitted
  /// What arrived beyond a hole, and after a duplicate the duplicate itself first (RFC 2018, RFC 2883).
  case sack([SACKBlock])
  /// The sender's clock, and the last reading of the peer's that it has seen (RFC 7323).
  case timestamps(value: UInt32, echo: UInt32)
  /// A cookie of TCP Fast Open, empty in a request for one (RFC 7413).
  case fastOpen(cookie: [UInt8])
  /// Any other option, and one of the above with a length that it cannot have.
  case unknown(kind: UInt8, data: [UInt8])

  /// A part of the stream that was received.
  public struct SACKBlock: Hashable, Sendable {
    /// The place of its first byte.
    public var start: SequenceNumber
    /// The place behind its last byte.
    public var end: SequenceNumber
  }

  /// Reads the options; of malformed ones those before the mistake, and the mistake.
  static func read(_ bytes: WireBytes) -> (options: [TCPOption], defect: Defect?) {
    var options: [TCPOption] = []
    var offset = 0
    while let kind = bytes[offset] {
      if kind == 0 {
        options.append(.end(padding: bytes.dropping(offset + 1).array))
        break
      }
      if kind == 1 {
        options.append(.noOperation)
        offset += 1
        continue
      }
      guard let length = bytes[offset + 1] else {
        return (options, Defect(.tcpOptions, .short(present: offset + 1, needed: offset + 2)))
      }
      guard length >= 2 else {
        return (options, Defect(.tcpOptions, .field(name: "length of option \(kind)", value: Int(length), least: 2)))
      }
      guard let data = bytes.part(at: offset + 2, length: Int(length) - 2) else {
        return (options, Defect(.tcpOptions, .short(present: bytes.count, needed: offset + Int(length))))
      }
      options.append(TCPOption(kind: kind, data: data))
      offset += Int(length)
    }
    return (options, nil)
  }

  private init(kind: UInt8, data: WireBytes) {
    switch (kind, data.count) {
    case (2, 2): self = .maximumSegmentSize(data.uint16(at: 0) ?? 0)
    case (3, 1): self = .windowScale(data[0] ?? 0)
    case (4, 0): self = .sackPermitted
    case (5, 8), (5, 16), (5, 24), (5, 32):
      self = .sack(
        stride(from: 0, to: data.count, by: 8).compactMap { offset in
          guard let start = data.uint32(at: offset), let end = data.uint32(at: offset + 4) else { return nil }
          return SACKBlock(start: SequenceNumber(start), end: SequenceNumber(end))
        }
      )
    case (8, 8): self = .timestamps(value: data.uint32(at: 0) ?? 0, echo: data.uint32(at: 4) ?? 0)
    case (34, 0), (34, 4...16): self = .fastOpen(cookie: data.array)
    default: self = .unknown(kind: kind, data: data.array)
    }
  }

  /// The option as it goes on the wire.
  public var bytes: [UInt8] {
    var data: [UInt8] = []
    switch self {
    case .end(let padding): return [0] + padding
    case .noOperation: return [1]
    case .maximumSegmentSize(let size): data.append(bigEndian: size)
    case .windowScale(let shift): data = [shift]
    case .sackPermitted: break
    case .sack(let blocks):
      for block in blocks {
        data.append(bigEndian: block.start.value)
        data.append(bigEndian: block.end.value)
      }
    case .timestamps(let value, let echo):
      data.append(bigEndian: value)
      data.append(bigEndian: echo)
    case .fastOpen(let cookie): data = cookie
    case .unknown(_, let unknown): data = unknown
    }
    return [kind, UInt8(truncatingIfNeeded: data.count + 2)] + data
  }

  /// The option's number (IANA TCP option kinds).
  public var kind: UInt8 {
    switch self {
    case .end: 0
    case .noOperation: 1
    case .maximumSegmentSize: 2
    case .windowScale: 3
    case .sackPermitted: 4
    case .sack: 5
    case .timestamps: 8
    case .fastOpen: 34
    case .unknown(let kind, _): kind
    }
  }
}
