/// An IPv6 packet as it stands in the bytes (RFC 8200): fields are read and not judged.
public struct IPv6View: Sendable {
  /// The packet.
  public let bytes: WireBytes

  /// Looks at `bytes` as an IPv6 packet.
  public init(_ bytes: WireBytes) {
    self.bytes = bytes
  }

  /// The length of the header before all extensions.
  public static let headerLength = 40

  /// 6, if this is IPv6.
  public var version: UInt8? { bytes[0].map { $0 >> 4 } }
  /// The differentiated services and ECN bits.
  public var trafficClass: UInt8? { bytes.uint16(at: 0).map { UInt8(truncatingIfNeeded: $0 >> 4) } }
  /// What the packets of a flow have in common: 20 bits.
  public var flowLabel: UInt32? { bytes.uint32(at: 0).map { $0 & 0xf_ffff } }
  /// The length of what follows the header, extensions included, by its own statement.
  public var payloadLength: UInt16? { bytes.uint16(at: 4) }
  /// What follows the header.
  public var nextHeader: IPProtocol? { bytes[6].map(IPProtocol.init(rawValue:)) }
  /// How many routers the packet may pass yet.
  public var hopLimit: UInt8? { bytes[7] }
  /// From whom.
  public var source: IPAddress? { IPAddress(v6: bytes, at: 8) }
  /// To whom.
  public var destination: IPAddress? { IPAddress(v6: bytes, at: 24) }
}

/// One IPv6 extension header (RFC 8200, section 4).
public struct IPv6Extension: Hashable, Sendable {
  /// Which one it is.
  public var kind: IPProtocol
  /// The whole header as it came; its first byte tells what follows.
  public var bytes: [UInt8]

  /// Of a fragment header: where the fragment belongs in the packet, in bytes, and whether more follow.
  public var fragment: (offset: Int, more: Bool)? {
    guard kind == .fragment, let field = WireBytes(bytes).uint16(at: 2) else { return nil }
    return (Int(field & 0xfff8), field & 1 == 1)
  }

  /// The length of the extension of this kind that `bytes` begin with; `nil` if it is none that can be passed over,
  /// or it is cut off.
  static func length(of kind: IPProtocol, in bytes: WireBytes) -> Int? {
    guard let field = bytes[1] else { return nil }
    switch kind {
    case .hopByHop, .routing, .destinationOptions, .mobility, .hostIdentity, .shim6: return (Int(field) + 1) * 8
    case .fragment: return 8
    case .authentication: return (Int(field) + 2) * 4
    default: return nil
    }
  }

  /// Whether a header of this kind can be passed over to what it precedes.
  static func canPassOver(_ kind: IPProtocol) -> Bool {
    switch kind {
    case .hopByHop, .routing, .destinationOptions, .mobility, .hostIdentity, .shim6, .fragment, .authentication: true
    default: false
    }
  }
}

/// The header of an IPv6 packet with its extensions.
public struct IPv6Header: Hashable, Sendable {
  /// The differentiated services and ECN bits.
  public var trafficClass: UInt8 = 0
  /// What the packets of a flow have in common: 20 bits.
  public var flowLabel: UInt32 = 0
  /// The length of what follows the first header; 0 in a jumbogram, which says its length in an extension (RFC 2675).
  public var payloadLength: UInt16
  /// What follows the first header: the kind of the first extension, or what the packet carries.
  public var nextHeader: IPProtocol
  /// How many routers the packet may pass yet.
  public var hopLimit: UInt8 = 64
  /// From whom.
  public var source: IPAddress
  /// To whom.
  public var destination: IPAddress
  /// The extensions that could be read, in order; at most ``mostExtensions``.
  public var extensions: [IPv6Extension] = []

  /// No honest packet has more extensions; a chain that goes on is taken for something unknown.
  public static let mostExtensions = 16

  /// The header of a packet that carries `payloadLength` bytes.
  public init(source: IPAddress, destination: IPAddress, carried: IPProtocol, payloadLength: Int) {
    self.source = source
    self.destination = destination
    self.payloadLength = UInt16(truncatingIfNeeded: payloadLength)
    nextHeader = carried
  }

  /// Reads the header and as many extensions as there are whole; `nil` if it is not IPv6 or cut off.
  public init?(_ view: IPv6View) {
    guard view.version == 6, let trafficClass = view.trafficClass, let flowLabel = view.flowLabel,
      let payloadLength = view.payloadLength, let nextHeader = view.nextHeader, let hopLimit = view.hopLimit,
      let source = view.source, let destination = view.destination
    else { return nil }
    self.trafficClass = trafficClass
    self.flowLabel = flowLabel
    self.payloadLength = payloadLength
    self.nextHeader = nextHeader
    self.hopLimit = hopLimit
    self.source = source
    self.destination = destination
    var kind = nextHeader
    var rest = view.bytes.dropping(IPv6View.headerLength)
    while extensions.count < IPv6Header.mostExtensions, let length = IPv6Extension.length(of: kind, in: rest),
      let bytes = rest.part(at: 0, length: length), !isLaterFragment, let next = bytes[0]
    {
      extensions.append(IPv6Extension(kind: kind, bytes: bytes.array))
      kind = IPProtocol(rawValue: next)
      rest = rest.dropping(length)
    }
  }

  /// The length of the header with its extensions.
  public var length: Int { extensions.reduce(IPv6View.headerLength) { $0 + $1.bytes.count } }

  /// What follows the last extension that was read.
  public var carried: IPProtocol {
    extensions.last?.bytes.first.map(IPProtocol.init(rawValue:)) ?? nextHeader
  }

  /// The place of this packet among the fragments of another, if it is one.
  public var fragment: (offset: Int, more: Bool)? { extensions.lazy.compactMap(\.fragment).first }

  private var isLaterFragment: Bool { (fragment?.offset ?? 0) > 0 }

  /// The header and its extensions as they go on the wire.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: 6 << 28 | UInt32(trafficClass) << 20 | flowLabel & 0xf_ffff)
    bytes.append(bigEndian: payloadLength)
    bytes += [nextHeader.rawValue, hopLimit]
    return bytes + source.bytes + destination.bytes + extensions.flatMap(\.bytes)
  }
}
