/// An ICMP or ICMPv6 message as it stands in the bytes (RFC 792, RFC 4443): fields are read and not judged.
public struct ICMPView: Sendable {
  /// The message.
  public let bytes: WireBytes

  /// Looks at `bytes` as an ICMP message.
  public init(_ bytes: WireBytes) {
    self.bytes = bytes
  }

  /// The length of the header before what depends on the type.
  public static let headerLength = 8
  /// Where the checksum stands.
  static let checksumOffset = 2

  /// The kind of message.
  public var type: UInt8? { bytes[0] }
  /// The kind within the type.
  public var code: UInt8? { bytes[1] }
  /// The checksum of the message, with ICMPv6 of a pseudo header too.
  public var checksum: UInt16? { bytes.uint16(at: ICMPView.checksumOffset) }
  /// The four bytes that depend on the type.
  public var rest: UInt32? { bytes.uint32(at: 4) }

  /// Whether the checksum fits; `between` are the addresses of an ICMPv6 message, `nil` for ICMP.
  public func checksumState(between addresses: (source: IPAddress, destination: IPAddress)?, length: Int) -> Checksum {
    guard bytes.count == length else { return .unknown }
    let pseudoHeader = addresses.map {
      Checksum.pseudoHeader($0.source, $0.destination, number: IPProtocol.icmpv6.rawValue, length: length)
    }
    return Checksum.verify(
      bytes,
      fieldAt: ICMPView.checksumOffset,
      pseudoHeader: pseudoHeader ?? 0,
      fieldIfLeft: pseudoHeader.map { [Checksum.fold($0)] } ?? []
    )
  }
}

/// An ICMP or ICMPv6 message.
public struct ICMPMessage: Hashable, Sendable {
  /// Which of the two protocols it is.
  public var version: Version
  /// The kind of message.
  public var type: UInt8
  /// The kind within the type.
  public var code: UInt8
  /// The checksum.
  public var checksum: UInt16
  /// What it says.
  public var meaning: Meaning
  /// The message's bytes behind type, code and checksum.
  public var body: WireBytes

  /// The two protocols.
  public enum Version: Hashable, Sendable {
    /// ICMP, with IPv4.
    case icmp
    /// ICMPv6.
    case icmpv6
  }

  /// What messages say.
  public enum Meaning: Hashable, Sendable {
    /// Are you there?
    case echoRequest(identifier: UInt16, sequence: UInt16)
    /// I am.
    case echoReply(identifier: UInt16, sequence: UInt16)
    /// The quoted packet could not be delivered.
    case unreachable(UnreachableReason, about: QuotedPacket?)
    /// The quoted packet is too large for a link that takes `mtu` bytes; 0 from a router that does not say.
    case packetTooBig(mtu: UInt32, about: QuotedPacket?)
    /// The quoted packet passed too many routers, or (`reassembly`) a fragment of it did not come in time.
    case timeExceeded(reassembly: Bool, about: QuotedPacket?)
    /// The quoted packet's header is wrong at this byte.
    case parameterProblem(at: UInt32, about: QuotedPacket?)
    /// Packets such as the quoted one had better go by this router.
    case redirect(to: IPAddress?, about: QuotedPacket?)
    /// Who has this address? (RFC 4861; ARP's part in IPv6.)
    case neighborSolicitation(target: IPAddress?, link: MACAddress?)
    /// I have this address.
    case neighborAdvertisement(target: IPAddress?, link: MACAddress?, solicited: Bool)
    /// Is there a router?
    case routerSolicitation
    /// I am a router.
    case routerAdvertisement
    /// Anything else.
    case other
  }

  /// Reads a message; `nil` if its header is cut off.
  public init?(_ view: ICMPView, version: Version) {
    guard let type = view.type, let code = view.code, let checksum = view.checksum, let rest = view.rest else {
      return nil
    }
    self.version = version
    self.type = type
    self.code = code
    self.checksum = checksum
    body = view.bytes.dropping(4)
    let data = view.bytes.dropping(ICMPView.headerLength)
    meaning =
      version == .icmp
      ? Meaning(icmp: type, code: code, rest: rest, data: data)
      : Meaning(icmpv6: type, code: code, rest: rest, data: data)
  }

  /// The message as it goes on the wire.
  public var bytes: [UInt8] {
    var bytes = [type, code]
    bytes.append(bigEndian: checksum)
    return bytes + body.array
  }

  /// The packet that the message is about, if it is an error.
  public var quoted: QuotedPacket? {
    switch meaning {
    case .unreachable(_, let quoted), .packetTooBig(_, let quoted), .timeExceeded(_, let quoted),
      .parameterProblem(_, let quoted), .redirect(_, let quoted):
      quoted
    default: nil
    }
  }
}

extension ICMPMessage.Meaning {
  private static func echoNumbers(_ rest: UInt32) -> (identifier: UInt16, sequence: UInt16) {
    (UInt16(rest >> 16), UInt16(truncatingIfNeeded: rest))
  }

  fileprivate init(icmp type: UInt8, code: UInt8, rest: UInt32, data: WireBytes) {
    let quoted = QuotedPacket(data)
    let echo = Self.echoNumbers(rest)
    switch type {
    case 0: self = .echoReply(identifier: echo.identifier, sequence: echo.sequence)
    case 8: self = .echoRequest(identifier: echo.identifier, sequence: echo.sequence)
    case 3 where code == 4: self = .packetTooBig(mtu: rest & 0xffff, about: quoted)
    case 3: self = .unreachable(UnreachableReason(icmp: code), about: quoted)
    case 5: self = .redirect(to: .v4(rest), about: quoted)
    case 11: self = .timeExceeded(reassembly: code == 1, about: quoted)
    case 12: self = .parameterProblem(at: rest >> 24, about: quoted)
    default: self = .other
    }
  }

  fileprivate init(icmpv6 type: UInt8, code: UInt8, rest: UInt32, data: WireBytes) {
    let echo = Self.echoNumbers(rest)
    switch type {
    case 1: self = .unreachable(UnreachableReason(icmpv6: code), about: QuotedPacket(data))
    case 2: self = .packetTooBig(mtu: rest, about: QuotedPacket(data))
    case 3: self = .timeExceeded(reassembly: code == 1, about: QuotedPacket(data))
    case 4: self = .parameterProblem(at: rest, about: QuotedPacket(data))
    case 128: self = .echoRequest(identifier: echo.identifier, sequence: echo.sequence)
    case 129: self = .echoReply(identifier: echo.identifier, sequence: echo.sequence)
    case 133: self = .routerSolicitation
    case 134: self = .routerAdvertisement
    case 135:
      self = .neighborSolicitation(
        target: IPAddress(v6: data, at: 0),
        link: Self.linkAddress(in: data.dropping(16), option: 1)
      )
    case 136:
      self = .neighborAdvertisement(
        target: IPAddress(v6: data, at: 0),
        link: Self.linkAddress(in: data.dropping(16), option: 2),
        solicited: rest & 0x4000_0000 != 0
      )
    case 137:
      let original = Self.option(4, in: data.dropping(32)).map { $0.dropping(8) }
      self = .redirect(to: IPAddress(v6: data, at: 0), about: original.flatMap(QuotedPacket.init))
    default: self = .other
    }
  }

  /// The option of neighbour discovery with this number, with its header (RFC 4861, section 4.6).
  private static func option(_ number: UInt8, in bytes: WireBytes) -> WireBytes? {
    var rest = bytes
    while let kind = rest[0], let units = rest[1], units > 0, let option = rest.part(at: 0, length: Int(units) * 8) {
      if kind == number { return option }
      rest = rest.dropping(option.count)
    }
    return nil
  }

  private static func linkAddress(in options: WireBytes, option number: UInt8) -> MACAddress? {
    option(number, in: options).flatMap { MACAddress($0, at: 2) }
  }
}
