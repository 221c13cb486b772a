/// The control bits of a TCP segment (RFC 9293, RFC 3168).
public struct TCPFlags: OptionSet, Hashable, Sendable, CustomStringConvertible {
  /// The bits, `FIN` the lowest; the upper four are the header's reserved bits.
  public let rawValue: UInt16

  /// The flags of these bits.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// No more data from the sender.
  public static let fin = TCPFlags(rawValue: 1)
  /// The sequence number is the first one.
  public static let syn = TCPFlags(rawValue: 2)
  /// The connection is reset.
  public static let rst = TCPFlags(rawValue: 4)
  /// Data to be given to the program at once.
  public static let psh = TCPFlags(rawValue: 8)
  /// The acknowledgment number counts.
  public static let ack = TCPFlags(rawValue: 16)
  /// The urgent pointer counts.
  public static let urg = TCPFlags(rawValue: 32)
  /// Congestion was experienced.
  public static let ece = TCPFlags(rawValue: 64)
  /// The congestion window was reduced.
  public static let cwr = TCPFlags(rawValue: 128)

  /// The names of those that are set, the telling ones first: `SYN ACK`; `-` if none is.
  public var description: String {
    let names: [(TCPFlags, String)] = [
      (.syn, "SYN"), (.fin, "FIN"), (.rst, "RST"), (.psh, "PSH"), (.urg, "URG"), (.ece, "ECE"), (.cwr, "CWR"),
      (.ack, "ACK"),
    ]
    let set = names.filter { contains($0.0) }.map(\.1)
    return set.isEmpty ? "-" : set.joined(separator: " ")
  }
}

/// A TCP segment as it stands in the bytes (RFC 9293, section 3.1): fields are read and not judged.
public struct TCPView: Sendable {
  /// The segment.
  public let bytes: WireBytes

  /// Looks at `bytes` as a TCP segment.
  public init(_ bytes: WireBytes) {
    self.bytes = bytes
  }

  /// The length of a header without options.
  public static let shortestHeader = 20
  /// Where the checksum stands.
  static let checksumOffset = 16

  /// The sender's port.
  public var sourcePort: UInt16? { bytes.uint16(at: 0) }
  /// The receiver's port.
  public var destinationPort: UInt16? { bytes.uint16(at: 2) }
  /// The place of the first byte, or of the SYN.
  public var sequence: SequenceNumber? { bytes.uint32(at: 4).map(SequenceNumber.init) }
  /// The place that the sender expects next from its peer.
  public var acknowledgment: SequenceNumber? { bytes.uint32(at: 8).map(SequenceNumber.init) }
  /// The length of the header in bytes, by its own statement.
  public var headerLength: Int? { bytes[12].map { Int($0 >> 4) * 4 } }
  /// The control bits and the reserved bits.
  public var flags: TCPFlags? { bytes.uint16(at: 12).map { TCPFlags(rawValue: $0 & 0xfff) } }
  /// The window as it stands there, before scaling.
  public var window: UInt16? { bytes.uint16(at: 14) }
  /// The checksum of pseudo header, header and data.
  public var checksum: UInt16? { bytes.uint16(at: TCPView.checksumOffset) }
  /// Where the urgent data end.
  public var urgentPointer: UInt16? { bytes.uint16(at: 18) }

  /// Whether the checksum fits a segment between these addresses that is `length` bytes long.
  public func checksumState(source: IPAddress, destination: IPAddress, length: Int) -> Checksum {
    guard bytes.count == length else { return .unknown }
    func sum(_ length: Int) -> UInt64 {
      Checksum.pseudoHeader(source, destination, number: IPProtocol.tcp.rawValue, length: length)
    }
    // Linux leaves the pseudo header's sum in the field (tcp_v4_send_check); a segment that the card shall cut may be
    // summed without a length.
    return Checksum.verify(
      bytes,
      fieldAt: TCPView.checksumOffset,
      pseudoHeader: sum(length),
      fieldIfLeft: [Checksum.fold(sum(length)), Checksum.fold(sum(0))]
    )
  }
}

/// A TCP segment.
public struct TCPSegment: Hashable, Sendable {
  /// The sender's port.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// The place of the first byte, or of the SYN.
  public var sequence: SequenceNumber
  /// The place that the sender expects next from its peer; meaningful with ACK.
  public var acknowledgment: SequenceNumber
  /// The control bits and the reserved bits.
  public var flags: TCPFlags
  /// The window as it stands there, before scaling.
  public var window: UInt16
  /// The checksum of pseudo header, header and data.
  public var checksum: UInt16 = 0
  /// Where the urgent data end, counted from the sequence number; meaningful with URG.
  public var urgentPointer: UInt16 = 0
  /// The options in order.
  public var options: [TCPOption] = []
  /// How many bytes of data it carries, whether they were captured or not.
  public var length: Int
  /// The data that were captured.
  public var payload: WireBytes

  /// A segment.
  public init(
    from sourcePort: UInt16,
    to destinationPort: UInt16,
    sequence: SequenceNumber,
    acknowledgment: SequenceNumber,
    flags: TCPFlags,
    window: UInt16,
    options: [TCPOption] = [],
    payload: [UInt8] = []
  ) {
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.sequence = sequence
    self.acknowledgment = acknowledgment
    self.flags = flags
    self.window = window
    self.options = options
    self.length = payload.count
    self.payload = WireBytes(payload)
  }

  /// Reads a segment that is `length` bytes long by its packet's statement.
  ///
  /// `nil` if the header is cut off or its length impossible. Options that cannot be read are left out, and the mistake
  /// is returned.
  static func read(_ view: TCPView, length: Int) -> (segment: TCPSegment, defect: Defect?)? {
    guard let headerLength = view.headerLength, headerLength >= TCPView.shortestHeader,
      let optionBytes = view.bytes.part(at: 20, length: headerLength - 20), let sourcePort = view.sourcePort,
      let destinationPort = view.destinationPort, let sequence = view.sequence,
      let acknowledgment = view.acknowledgment, let flags = view.flags, let window = view.window,
      let checksum = view.checksum, let urgentPointer = view.urgentPointer
    else { return nil }
    let (options, defect) = TCPOption.read(optionBytes)
    var segment = TCPSegment(
      from: sourcePort,
      to: destinationPort,
      sequence: sequence,
      acknowledgment: acknowledgment,
      flags: flags,
      window: window,
      options: options
    )
    segment.checksum = checksum
    segment.urgentPointer = urgentPointer
    segment.length = max(0, length - headerLength)
    segment.payload = view.bytes.dropping(headerLength).prefix(segment.length)
    return (segment, defect)
  }

  /// How far the segment moves the sender's place: its data, and one each for SYN and FIN.
  public var sequenceLength: Int {
    length + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
  }

  /// The place behind the segment.
  public var end: SequenceNumber { sequence + sequenceLength }

  /// The shift of the windows that the sender of this SYN will announce; `nil` without the option.
  public var windowScale: UInt8? {
    for case .windowScale(let shift) in options { return min(shift, 14) }
    return nil
  }

  /// The parts that the receiver of a stream says it has beyond a hole, or has twice.
  public var sackBlocks: [TCPOption.SACKBlock] {
    for case .sack(let blocks) in options { return blocks }
    return []
  }

  /// The segment as it goes on the wire, with its checksum as it is.
  public var bytes: [UInt8] {
    var optionBytes = options.flatMap(\.bytes)
    // The header's length is counted in words of four bytes: what is missing is filled with "end of options".
    optionBytes += [UInt8](repeating: 0, count: (4 - optionBytes.count % 4) % 4)
    var bytes: [UInt8] = []
    bytes.append(bigEndian: sourcePort)
    bytes.append(bigEndian: destinationPort)
    bytes.append(bigEndian: sequence.value)
    bytes.append(bigEndian: acknowledgment.value)
    let headerWords = UInt16(truncatingIfNeeded: (TCPView.shortestHeader + optionBytes.count) / 4)
    bytes.append(bigEndian: headerWords << 12 | flags.rawValue & 0xfff)
    bytes.append(bigEndian: window)
    bytes.append(bigEndian: checksum)
    bytes.append(bigEndian: urgentPointer)
    return bytes + optionBytes + payload.array
  }

  /// The segment with the checksum that it must have between these addresses.
  public func sealed(source: IPAddress, destination: IPAddress) -> TCPSegment {
    var sealed = self
    sealed.checksum = 0
    let bytes = sealed.bytes
    let pseudoHeader = Checksum.pseudoHeader(
      source,
      destination,
      number: IPProtocol.tcp.rawValue,
      length: bytes.count
    )
    sealed.checksum = ~Checksum.fold(Checksum.sum(bytes, adding: pseudoHeader))
    return sealed
  }
}
