/// The header of an IP packet of either version.
public enum IPHeader: Hashable, Sendable {
  case v4(IPv4Header)
  case v6(IPv6Header)

  /// From whom.
  public var source: IPAddress {
    switch self {
    case .v4(let header): header.source
    case .v6(let header): header.source
    }
  }

  /// To whom.
  public var destination: IPAddress {
    switch self {
    case .v4(let header): header.destination
    case .v6(let header): header.destination
    }
  }

  /// How many routers the packet may pass yet.
  public var hopLimit: UInt8 {
    switch self {
    case .v4(let header): header.timeToLive
    case .v6(let header): header.hopLimit
    }
  }

  /// What the packet carries, behind all extensions.
  public var carried: IPProtocol {
    switch self {
    case .v4(let header): header.carried
    case .v6(let header): header.carried
    }
  }

  /// The length of the header with options and extensions.
  public var length: Int {
    switch self {
    case .v4(let header): header.length
    case .v6(let header): header.length
    }
  }

  /// The place of this packet among the fragments of another, in bytes, if it is one.
  public var fragment: (offset: Int, more: Bool)? {
    switch self {
    case .v4(let header): header.isFragment ? (header.fragmentOffset, header.moreFragments) : nil
    case .v6(let header): header.fragment
    }
  }

  /// The length of the whole packet by its own statement; `nil` if the header leaves it open.
  var statedLength: Int? {
    switch self {
    case .v4(let header): header.totalLength == 0 ? nil : Int(header.totalLength)
    case .v6(let header): header.payloadLength == 0 ? nil : IPv6View.headerLength + Int(header.payloadLength)
    }
  }

  /// The header as it goes on the wire.
  public var bytes: [UInt8] {
    switch self {
    case .v4(let header): header.bytes
    case .v6(let header): header.bytes
    }
  }
}
