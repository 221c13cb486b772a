/// How many ICMP errors a Linux router sends to one destination: six at once, then one a second, or so many
/// (`inet_peer_xrlim_allow` in `net/ipv4/inetpeer.c`, `net.ipv4.icmp_ratelimit`).
///
/// It begins after the first, which answered the first transmission.
struct ICMPRateLimit: Equatable {
  private let cost: Int64
  private var tokens: Int64
  private var last: Int64?

  init(rate: TickRate, perSecond: Int64 = 1) {
    cost = max(1, Int64(rate.rawValue) / perSecond)
    tokens = 5 * cost
  }

  /// Whether an error may be sent in this jiffy; if so it is counted.
  mutating func allows(jiffies: Int64) -> Bool {
    if let last { tokens = min(6 * cost, tokens + jiffies - last) }
    last = jiffies
    guard tokens >= cost else { return false }
    tokens -= cost
    return true
  }

  /// The same rate limit, seen so many jiffies later.
  func later(by jiffies: Int64) -> ICMPRateLimit {
    var later = self
    later.last = last.map { $0 + jiffies }
    return later
  }
}
