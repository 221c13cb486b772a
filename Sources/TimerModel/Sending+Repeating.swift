/// With weeks of user timeout, or 255 retries, the intervals stay the same thousands of times: at the largest timeout, at
/// half a second if the own machine refuses, or where an error takes each doubling back.
extension SendingProcess {
  struct Condition: Equatable {
    var rto: Int64
    var backoff: Int
    var softError: String?
    var wasRefused: Bool
    var lastSent: Stamp
    var writeTimer: Int64?
    var resolutionFails: Int64?
    var rateLimit: ICMPRateLimit?
  }

  func condition(at jiffies: Int64) -> Condition? {
    guard !probePending, stamp != nil else { return nil }
    var rateLimit: ICMPRateLimit?
    if case .icmp(_, let limit) = answer { rateLimit = limit.later(by: -jiffies) }
    return Condition(
      rto: rto,
      // At most one doubling is taken back for each that is made: far beyond the largest timeout, which is no more
      // than 17 doublings of a jiffy, their number makes no difference.
      backoff: min(backoff, 40),
      softError: softError,
      wasRefused: wasRefused,
      lastSent: lastSent.later(by: -wheel.nanoseconds(jiffies: jiffies)),
      writeTimer: writeTimer.map { $0 - jiffies },
      resolutionFails: resolutionFails.map { $0 - jiffies },
      rateLimit: rateLimit
    )
  }

  func rounds(_ clock: Clock, of jiffies: Int64, _ counts: Counts) -> Int64 {
    let elapsed: Int64
    switch stamp {
    case .at(let milliseconds, _): elapsed = clock.milliseconds - milliseconds
    case .start: elapsed = clock.milliseconds - clock.starts.lowerBound / 1_000_000
    case nil: return 0
    }
    // Within an interval of the limit the timer is cut to it.
    let left = shortestLimit - elapsed - wheel.milliseconds(jiffies: max(timeout.max, rto)) - 2
    return left * Int64(wheel.rate.rawValue) / 1000 / jiffies
  }

  /// The limit in milliseconds; for a closed socket the shortest that does not end it at once.
  private var shortestLimit: Int64 {
    if userTimeout > 0 { return userTimeout }
    guard let orphanRetries else { return modelled(retransmissions: retries) }
    return modelled(retransmissions: orphanRetries == 0 ? 8 : orphanRetries)
  }

  mutating func skip(jiffies: Int64, _ counts: Counts) {
    retransmissions += counts.retransmissions + counts.refusals
    lastSent = lastSent.later(by: wheel.nanoseconds(jiffies: jiffies))
    writeTimer = writeTimer.map { $0 + jiffies }
    resolutionFails = resolutionFails.map { $0 + jiffies }
    if case .icmp(let error, let limit) = answer { answer = .icmp(error, limit.later(by: jiffies)) }
  }
}
