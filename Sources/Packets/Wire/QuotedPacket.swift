/// The beginning of a packet, quoted in an ICMP error about it: as much as could be read.
public struct QuotedPacket: Hashable, Sendable {
  /// From whom the packet was: mostly the one who gets the error.
  public var source: IPAddress
  /// To whom it was.
  public var destination: IPAddress
  /// What it carried.
  public var carried: IPProtocol
  /// The first four bytes of a TCP or UDP header.
  public var ports: Ports?
  /// The sequence number of a TCP segment, which lies in the eight bytes that every ICMP error must quote.
  public var sequence: SequenceNumber?

  /// The ports of a segment or datagram.
  public struct Ports: Hashable, Sendable {
    /// The sender's port.
    public var source: UInt16
    /// The receiver's port.
    public var destination: UInt16
  }

  /// Reads the quotation; `nil` if it does not even hold an IP header.
  public init?(_ bytes: WireBytes) {
    let ip: IPHeader
    if let header = IPv4Header(IPv4View(bytes)) {
      ip = .v4(header)
    } else if let header = IPv6Header(IPv6View(bytes)) {
      ip = .v6(header)
    } else {
      return nil
    }
    source = ip.source
    destination = ip.destination
    carried = ip.carried
    guard (ip.fragment?.offset ?? 0) == 0, carried == .tcp || carried == .udp else { return }
    let view = TCPView(bytes.dropping(ip.length))
    if let from = view.sourcePort, let to = view.destinationPort { ports = Ports(source: from, destination: to) }
    if carried == .tcp { sequence = view.sequence }
  }
}

/// Why a packet could not be delivered (RFC 792, RFC 1812, RFC 4443).
public enum UnreachableReason: Hashable, Sendable {
  case network
  case host
  case carriedProtocol
  case port
  /// A firewall forbids it.
  case prohibited
  /// No route to the destination (ICMPv6).
  case noRoute
  /// The neighbour does not answer (ICMPv6).
  case address
  /// Any other code.
  case other(code: UInt8)

  init(icmp code: UInt8) {
    switch code {
    case 0, 6, 11: self = .network
    case 1, 7, 8, 12: self = .host
    case 2: self = .carriedProtocol
    case 3: self = .port
    case 9, 10, 13: self = .prohibited
    default: self = .other(code: code)
    }
  }

  init(icmpv6 code: UInt8) {
    switch code {
    case 0: self = .noRoute
    case 1: self = .prohibited
    case 3: self = .address
    case 4: self = .port
    default: self = .other(code: code)
    }
  }

  /// The reason in words: `host unreachable`.
  public var text: String {
    switch self {
    case .network: "network unreachable"
    case .host: "host unreachable"
    case .carriedProtocol: "protocol unreachable"
    case .port: "port unreachable"
    case .prohibited: "administratively prohibited"
    case .noRoute: "no route"
    case .address: "address unreachable"
    case .other(let code): "unreachable (code \(code))"
    }
  }
}
