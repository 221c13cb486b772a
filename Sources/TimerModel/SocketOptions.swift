/// The socket options that decide when TCP gives up; `nil` or 0 where the program left the system's default.
public struct SocketOptions: Hashable, Sendable {
  /// `SO_KEEPALIVE` and its three values; `nil` when keepalive is off.
  public var keepalive: Keepalive?
  /// `TCP_USER_TIMEOUT` in milliseconds, 0 to 2147483647; 0 is off.
  public var userTimeout: Int = 0
  /// `TCP_SYNCNT`, 1 to 127: overrides `tcp_syn_retries`, and `tcp_synack_retries` on a listener.
  public var synCount: Int?
  /// `TCP_LINGER2` in seconds: overrides `tcp_fin_timeout`, up to 120; negative is an RST instead of FIN_WAIT_2.
  public var linger2: Int?
  /// `TCP_DEFER_ACCEPT` of the listener in seconds; 0 is off.
  public var deferAccept: Int = 0
  /// `TCP_RTO_MAX_MS`, 1000 to 120000 (Linux 6.15).
  public var rtoMax: Int?
  /// `TCP_RTO_MIN_US`, one jiffy to 200000 (Linux 6.15).
  public var rtoMin: Int?
  /// `TCP_THIN_LINEAR_TIMEOUTS`: the first six retransmissions of a thin stream do not back off.
  public var thinLinearTimeouts = false
  /// Whether congestion control keeps a finite slow-start threshold (CUBIC and Reno do, BBR does not):
  /// ``thinLinearTimeouts`` works only then.
  public var lossBasedCongestionControl = true

  /// Keepalive's three values; `nil` where the sysctl decides.
  public struct Keepalive: Hashable, Sendable {
    /// `TCP_KEEPIDLE` in seconds, 1 to 32767.
    public var idle: Int?
    /// `TCP_KEEPINTVL` in seconds, 1 to 32767.
    public var interval: Int?
    /// `TCP_KEEPCNT`, 1 to 127.
    public var count: Int?

    /// Keepalive with these values.
    public init(idle: Int? = nil, interval: Int? = nil, count: Int? = nil) {
      self.idle = idle
      self.interval = interval
      self.count = count
    }
  }

  /// The system's defaults: no keepalive, no user timeout.
  public init() {}

  /// These options, and the system's defaults for the rest.
  public init(keepalive: Keepalive? = nil, userTimeout: Int = 0, synCount: Int? = nil) {
    self.keepalive = keepalive
    self.userTimeout = userTimeout
    self.synCount = synCount
  }

  /// Refuses what `setsockopt` refuses (`do_tcp_setsockopt` in `net/ipv4/tcp.c`).
  public func validate(for kernel: Kernel) throws(ModelError) {
    if let keepalive {
      if let idle = keepalive.idle {
        try ModelError.check(idle, in: 1...32767, subject: "TCP_KEEPIDLE", unit: "s")
      }
      if let interval = keepalive.interval {
        try ModelError.check(interval, in: 1...32767, subject: "TCP_KEEPINTVL", unit: "s")
      }
      if let count = keepalive.count {
        try ModelError.check(count, in: 1...127, subject: "TCP_KEEPCNT")
      }
    }
    try ModelError.check(userTimeout, in: 0...Int(Int32.max), subject: "TCP_USER_TIMEOUT", unit: "ms")
    if let synCount { try ModelError.check(synCount, in: 1...127, subject: "TCP_SYNCNT") }
    if let linger2 {
      try ModelError.check(linger2, in: Int(Int32.min)...Int(Int32.max), subject: "TCP_LINGER2", unit: "s")
    }
    try ModelError.check(deferAccept, in: 0...Int(Int32.max), subject: "TCP_DEFER_ACCEPT", unit: "s")
    for (value, range, name, unit) in [
      (rtoMax, 1000...120_000, "TCP_RTO_MAX_MS", "ms"),
      (rtoMin, 1_000_000 / kernel.rate.rawValue...200_000, "TCP_RTO_MIN_US", "us"),
    ] {
      guard let value else { continue }
      guard kernel.version.hasRTOMax else {
        throw ModelError(
          subject: name,
          value: "set on Linux \(kernel.version)",
          allowed: "Linux 6.15 or later, where it came"
        )
      }
      try ModelError.check(value, in: range, subject: name, unit: unit)
    }
  }
}
