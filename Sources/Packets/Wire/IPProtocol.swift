/// What an IP packet carries, or which IPv6 extension header follows (IANA protocol numbers).
public struct IPProtocol: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The number.
  public let rawValue: UInt8

  /// The protocol with this number.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Options for every router on the way (IPv6 extension).
  public static let hopByHop = IPProtocol(rawValue: 0)
  /// ICMP, with IPv4.
  public static let icmp = IPProtocol(rawValue: 1)
  /// TCP.
  public static let tcp = IPProtocol(rawValue: 6)
  /// UDP.
  public static let udp = IPProtocol(rawValue: 17)
  /// Routers to pass (IPv6 extension).
  public static let routing = IPProtocol(rawValue: 43)
  /// The place of a fragment (IPv6 extension).
  public static let fragment = IPProtocol(rawValue: 44)
  /// IPsec's authentication header (IPv6 extension).
  public static let authentication = IPProtocol(rawValue: 51)
  /// ICMPv6.
  public static let icmpv6 = IPProtocol(rawValue: 58)
  /// IPv6 only: nothing follows.
  public static let noNextHeader = IPProtocol(rawValue: 59)
  /// Options for the receiver (IPv6 extension).
  public static let destinationOptions = IPProtocol(rawValue: 60)
  /// Mobile IPv6 (extension).
  public static let mobility = IPProtocol(rawValue: 135)
  /// The Host Identity Protocol (IPv6 extension).
  public static let hostIdentity = IPProtocol(rawValue: 139)
  /// Shim6 (IPv6 extension).
  public static let shim6 = IPProtocol(rawValue: 140)

  /// The name, or the number: `IP protocol 89`.
  public var description: String {
    switch self {
    case .hopByHop: "IPv6 hop-by-hop options"
    case .icmp: "ICMP"
    case .tcp: "TCP"
    case .udp: "UDP"
    case .routing: "IPv6 routing header"
    case .fragment: "IPv6 fragment header"
    case .authentication: "IPsec AH"
    case .icmpv6: "ICMPv6"
    case .noNextHeader: "nothing"
    case .destinationOptions: "IPv6 destination options"
    default: "IP protocol \(rawValue)"
    }
  }
}
