/// What is between the two ends, and what has become of it or of the other end.
public struct Path: Hashable, Sendable {
  /// The round-trip time; about 50 microseconds on a LAN.
  public var roundTrip: Duration
  /// The retransmission timeout as `ss -i` shows it before any backoff; `nil`: computed from the round-trip time.
  public var rto: Duration?
  /// Whether many round trips have been measured; otherwise only that of the handshake, which counts three times.
  public var settled = false
  /// What is wrong.
  public var failure: Failure
  /// Whether both ends are network namespaces of one machine: an ICMP error then comes in while `connect` still holds
  /// the socket, and is only remembered until the next SYN's.
  public var withinOneMachine = false
  /// How long before the start the neighbour was last known to be there, if known; every ACK from it says so.
  public var neighbourConfirmedBefore: Duration?
  /// Whether neighbours are found by IPv6's neighbour discovery: its failure comes back as ICMPv6 address unreachable,
  /// which changes the errno as ARP's does, but takes no doubling of the timer back.
  public var usesNeighbourDiscovery = false

  /// A path with this round-trip time and failure.
  public init(roundTrip: Duration = .microseconds(50), failure: Failure = .silence) {
    self.roundTrip = roundTrip
    self.failure = failure
  }

  /// What can be wrong.
  public enum Failure: Hashable, Sendable {
    /// Packets vanish somewhere beyond the first hop, or at the other end: a dead host behind a router, a firewall
    /// that drops, a cut wire.
    case silence
    /// The other end was switched off and on: it is there, remembers nothing, and answers with an RST.
    case powerCycled
    /// The other end is on the own network and does not answer ARP any more; `known` tells whether the own
    /// machine still has a neighbour entry for it when things begin.
    case neighbourGone(known: Bool)
    /// Something on the way answers every packet with this ICMP error.
    case icmp(ICMPError)
    /// The own machine refuses to send.
    case local(LocalRefusal)
  }
}

/// An ICMP destination-unreachable error, by the errno it becomes (`icmp_err_convert` in `net/ipv4/icmp.c`,
/// `icmpv6_err_convert` in `net/ipv6/icmp.c`).
public enum ICMPError: String, Hashable, Sendable, CaseIterable {
  case netUnreachable = "icmp-net-unreachable"
  case hostUnreachable = "icmp-host-unreachable"
  case protocolUnreachable = "icmp-proto-unreachable"
  case portUnreachable = "icmp-port-unreachable"
  case administrativelyProhibited = "icmp-admin-prohibited"
  /// ICMPv6: there is no route to the destination.
  case noRouteV6 = "icmp6-no-route"
  /// ICMPv6: the destination is not there.
  case addressUnreachableV6 = "icmp6-addr-unreachable"
  /// ICMPv6: nobody listens on the port.
  case portUnreachableV6 = "icmp6-port-unreachable"
  /// ICMPv6: somebody forbids it.
  case administrativelyProhibitedV6 = "icmp6-adm-prohibited"

  /// The errno's name.
  public var errno: String {
    switch self {
    case .netUnreachable, .noRouteV6: "ENETUNREACH"
    case .hostUnreachable, .administrativelyProhibited, .addressUnreachableV6: "EHOSTUNREACH"
    case .administrativelyProhibitedV6: "EACCES"
    case .protocolUnreachable: "ENOPROTOOPT"
    case .portUnreachable, .portUnreachableV6: "ECONNREFUSED"
    }
  }

  /// Whether it takes back one doubling of the retransmission timeout (RFC 6069, `tcp_ld_RTO_revert`); with IPv6 only
  /// the first code does (`tcp_v6_err`).
  public var revertsBackoff: Bool {
    self == .netUnreachable || self == .hostUnreachable || self == .noRouteV6
  }

  /// How many errors a second are sent to one destination, by `icmp_ratelimit` of Linux or `net.ipv6.icmp.ratelimit`.
  ///
  /// With IPv6 a route to a whole segment, as to hosts of one's own, is given four times as much
  /// (`icmpv6_xrlim_allow`).
  var ratePerSecond: Int64 {
    switch self {
    case .noRouteV6, .addressUnreachableV6, .portUnreachableV6, .administrativelyProhibitedV6: 4
    default: 1
    }
  }
}

/// Why the own machine refuses to send.
public enum LocalRefusal: Hashable, Sendable {
  /// netfilter's OUTPUT chain drops the packet.
  case netfilter
  /// The queueing discipline is full or drops.
  case queue
  /// There is no way to the address: the errno of the route lookup, `ENETUNREACH` or `EHOSTUNREACH`.
  case noRoute(errno: String)
}
