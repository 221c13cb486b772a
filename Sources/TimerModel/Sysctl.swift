/// A kernel setting that the model heeds: see `Documentation/networking/ip-sysctl.rst`.
public enum Sysctl: String, Hashable, Sendable, CaseIterable {
  /// After how many retransmissions' time unacknowledged data ends the connection; a time, not a count.
  case retries2 = "tcp_retries2"
  /// How many SYNs are retransmitted.
  case synRetries = "tcp_syn_retries"
  /// How many of them at the same interval before backing off; added to the count.
  case synLinearTimeouts = "tcp_syn_linear_timeouts"
  /// How many SYN-ACKs are retransmitted.
  case synackRetries = "tcp_synack_retries"
  /// As ``retries2``, for a closed socket; 0 means 8.
  case orphanRetries = "tcp_orphan_retries"
  /// Seconds that a closed socket waits in FIN_WAIT_2.
  case finTimeout = "tcp_fin_timeout"
  /// Seconds of silence before the first keepalive probe.
  case keepaliveTime = "tcp_keepalive_time"
  /// Seconds between keepalive probes.
  case keepaliveInterval = "tcp_keepalive_intvl"
  /// Unanswered probes that end the connection.
  case keepaliveProbes = "tcp_keepalive_probes"
  /// The smallest retransmission timeout's margin over the round-trip time, in microseconds.
  case rtoMin = "tcp_rto_min_us"
  /// The largest retransmission timeout, in milliseconds.
  case rtoMax = "tcp_rto_max_ms"
  /// Whether tail loss probes are sent: 3 and 4 are yes.
  case earlyRetransmit = "tcp_early_retrans"
  /// Whether selective acknowledgments are used; without them no tail loss probe is sent.
  case sack = "tcp_sack"
  /// Whether thin streams retransmit without backing off at first.
  case thinLinearTimeouts = "tcp_thin_linear_timeouts"
  /// Broadcast solicitations (ARP requests) before a neighbour counts as unreachable.
  case multicastSolicitations = "mcast_solicit"
  /// Unicast solicitations to a known neighbour before its entry is given up.
  case unicastSolicitations = "ucast_solicit"
  /// Milliseconds between solicitations.
  case solicitationInterval = "retrans_time_ms"
  /// Seconds from the use of a stale neighbour entry to the first unicast solicitation.
  case delayFirstProbe = "delay_first_probe_time"
  /// Milliseconds that a confirmed neighbour entry is trusted, on average; the real time is 0.5 to 1.5 of it.
  case baseReachable = "base_reachable_time_ms"

  /// The setting called `name`, with or without its directories.
  public init?(name: String) {
    let separators: Set<Character> = [".", "/"]
    guard let last = name.split(whereSeparator: { separators.contains($0) }).last else { return nil }
    self.init(rawValue: String(last))
  }

  /// Where the setting is under /proc/sys.
  public var path: String {
    switch self {
    case .multicastSolicitations, .unicastSolicitations, .solicitationInterval, .delayFirstProbe, .baseReachable:
      "net/ipv4/neigh/default/" + rawValue
    default: "net/ipv4/" + rawValue
    }
  }

  /// The kernel's default.
  public var defaultValue: Int {
    switch self {
    case .retries2: 15
    case .synRetries: 6
    case .synLinearTimeouts: 4
    case .synackRetries: 5
    case .orphanRetries: 0
    case .finTimeout: 60
    case .keepaliveTime: 7200
    case .keepaliveInterval: 75
    case .keepaliveProbes: 9
    case .rtoMin: 200_000
    case .rtoMax: 120_000
    case .earlyRetransmit: 3
    case .sack: 1
    case .thinLinearTimeouts: 0
    case .multicastSolicitations, .unicastSolicitations: 3
    case .solicitationInterval: 1000
    case .delayFirstProbe: 5
    case .baseReachable: 30_000
    }
  }

  /// The values that the kernel takes and that mean something.
  public var range: ClosedRange<Int> {
    switch self {
    case .retries2, .synackRetries, .orphanRetries, .keepaliveProbes, .sack, .thinLinearTimeouts: 0...255
    case .synRetries: 1...127
    case .synLinearTimeouts: 0...127
    case .finTimeout, .keepaliveTime, .keepaliveInterval: 0...2_147_483
    case .rtoMin: 1...Int(Int32.max)
    case .rtoMax: 1000...120_000
    case .earlyRetransmit: 0...4
    case .multicastSolicitations, .unicastSolicitations: 1...255
    case .solicitationInterval, .baseReachable: 10...Int(Int32.max)
    case .delayFirstProbe: 0...2_147_483
    }
  }

  /// The unit of its value; empty for a count or a switch.
  public var unit: String {
    switch self {
    case .finTimeout, .keepaliveTime, .keepaliveInterval, .delayFirstProbe: "s"
    case .rtoMax, .solicitationInterval, .baseReachable: "ms"
    case .rtoMin: "us"
    default: ""
    }
  }

  /// The version of Linux that brought it; `nil` for those older than the model.
  public var since: KernelVersion? {
    switch self {
    case .synLinearTimeouts: KernelVersion(6, 5)
    case .rtoMin: KernelVersion(6, 11)
    case .rtoMax: KernelVersion(6, 15)
    default: nil
    }
  }
}
