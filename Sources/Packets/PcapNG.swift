/// Writes packets as pcapng (draft-ietf-opsawg-pcapng), block by block, for tcpdump, Wireshark and their like.
///
/// The bytes of ``header(hardware:system:application:)`` come first, then those of each ``interface(_:)`` before its
/// packets, then the packets, and ``statistics(of:_:)`` at the end. Numbers are written with the least significant byte
/// first. Times are nanoseconds since 1970.
public struct PcapNG: Sendable {
  /// An interface that packets were captured on.
  public struct Interface: Hashable, Sendable {
    /// Its name: `kang:eth0`.
    public var name: String
    /// What it is, for a reader.
    public var description: String
    /// What its packets begin with.
    public var link: Packet.Link
    /// The most bytes of a packet that are captured; 0 for no limit.
    public var snapLength: UInt32

    /// An interface.
    public init(name: String, description: String, link: Packet.Link = .ethernet, snapLength: UInt32 = 0) {
      self.name = name
      self.description = description
      self.link = link
      self.snapLength = snapLength
    }
  }

  /// Which way a packet went, seen from the interface.
  public enum Direction: UInt32, Hashable, Sendable {
    /// Into the host.
    case inbound = 1
    /// Out of the host.
    case outbound = 2
  }

  /// One captured packet.
  public struct CapturedPacket: Hashable, Sendable {
    /// The number of its interface: 0 for the first.
    public var interface: Int
    /// Nanoseconds since 1970.
    public var time: Int64
    /// What was captured.
    public var bytes: [UInt8]
    /// The length on the wire.
    public var length: Int
    /// Which way it went, if known.
    public var direction: Direction?
    /// What a reader should know of it; empty comments are left out.
    public var comments: [String]

    /// A packet; without `length` it was captured whole.
    public init(
      interface: Int,
      time: Int64,
      bytes: [UInt8],
      length: Int? = nil,
      direction: Direction? = nil,
      comments: [String] = []
    ) {
      self.interface = interface
      self.time = time
      self.bytes = bytes
      self.length = length ?? bytes.count
      self.direction = direction
      self.comments = comments
    }
  }

  /// What is known at the end of a capture on an interface.
  public struct Statistics: Hashable, Sendable {
    /// When the capture began, in nanoseconds since 1970.
    public var start: Int64
    /// When it ended.
    public var end: Int64
    /// How many packets the interface gave to the capture.
    public var received: UInt64
    /// How many the capture missed for want of room.
    public var dropped: UInt64

    /// The figures of a capture.
    public init(start: Int64, end: Int64, received: UInt64, dropped: UInt64) {
      self.start = start
      self.end = end
      self.received = received
      self.dropped = dropped
    }
  }

  private var interfaceCount = 0

  /// A writer that has written nothing.
  public init() {}

  /// The section header block: what the file begins with.
  public func header(hardware: String = "", system: String = "", application: String = "") -> [UInt8] {
    var body = Self.number(UInt32(0x1a2b_3c4d)) + Self.number(UInt16(1)) + Self.number(UInt16(0))
    // The section's length is not known while it is being written.
    body += Self.number(UInt64.max)
    var options = Options()
    options.add(2, text: hardware)
    options.add(3, text: system)
    options.add(4, text: application)
    return Self.block(0x0a0d_0d0a, body + options.finished)
  }

  /// An interface description block, and the number by which packets refer to it.
  public mutating func interface(_ interface: Interface) -> (number: Int, bytes: [UInt8]) {
    // LINKTYPE_ETHERNET and LINKTYPE_RAW.
    let linkType: UInt16 = interface.link == .ethernet ? 1 : 101
    let body = Self.number(linkType) + Self.number(UInt16(0)) + Self.number(interface.snapLength)
    var options = Options()
    options.add(2, text: interface.name)
    options.add(3, text: interface.description)
    // if_tsresol: 10^-9 seconds.
    options.add(9, [9])
    interfaceCount += 1
    return (interfaceCount - 1, Self.block(1, body + options.finished))
  }

  /// An enhanced packet block.
  ///
  /// The interface must have been described before, or readers refuse the file: such a packet gives no bytes.
  public func packet(_ packet: CapturedPacket) -> [UInt8] {
    guard (0..<interfaceCount).contains(packet.interface) else { return [] }
    let length = max(packet.length, packet.bytes.count)
    var body = Self.number(UInt32(packet.interface)) + Self.time(packet.time)
    body += Self.number(UInt32(packet.bytes.count)) + Self.number(UInt32(clamping: length))
    body += Self.padded(packet.bytes)
    var options = Options()
    for comment in packet.comments { options.add(1, text: comment) }
    if let direction = packet.direction { options.add(2, Self.number(direction.rawValue)) }
    return Self.block(6, body + options.finished)
  }

  /// An interface statistics block.
  public func statistics(of interface: Int, _ statistics: Statistics) -> [UInt8] {
    guard (0..<interfaceCount).contains(interface) else { return [] }
    let body = Self.number(UInt32(interface)) + Self.time(statistics.end)
    var options = Options()
    options.add(2, Self.time(statistics.start))
    options.add(3, Self.time(statistics.end))
    options.add(4, Self.number(statistics.received))
    options.add(5, Self.number(statistics.dropped))
    return Self.block(5, body + options.finished)
  }

  // MARK: Bytes

  /// Options of a block: each with its number and length, padded to a multiple of 4.
  private struct Options {
    private var bytes: [UInt8] = []

    /// Adds an option; values longer than its length field can say are cut.
    mutating func add(_ number: UInt16, _ value: [UInt8]) {
      let value = Array(value.prefix(0xfffc))
      bytes += PcapNG.number(number) + PcapNG.number(UInt16(value.count)) + PcapNG.padded(value)
    }

    /// Adds an option of text, unless it is empty; a long one is cut between characters.
    mutating func add(_ number: UInt16, text: String) {
      guard !text.isEmpty else { return }
      var value: [UInt8] = []
      for character in text {
        let bytes = Array(character.utf8)
        guard value.count + bytes.count <= 0x7fff else { break }
        value += bytes
      }
      add(number, value)
    }

    /// The options with their end mark; nothing if there are none.
    var finished: [UInt8] { bytes.isEmpty ? [] : bytes + [0, 0, 0, 0] }
  }

  private static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    let length = number(UInt32(body.count + 12))
    return number(type) + length + body + length
  }

  /// A timestamp: the upper half of the number first.
  private static func time(_ nanoseconds: Int64) -> [UInt8] {
    let value = UInt64(max(0, nanoseconds))
    return number(UInt32(value >> 32)) + number(UInt32(truncatingIfNeeded: value))
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
  }

  private static func number<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    stride(from: 0, to: Number.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
