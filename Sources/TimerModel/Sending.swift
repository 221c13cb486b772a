internal import Timeline

/// The write timer with unacknowledged data: tail loss probe, then the retransmission timeout
/// (`tcp_write_timer_handler`, `tcp_retransmit_timer`, `tcp_write_timeout` in `net/ipv4/tcp_timer.c`).
struct SendingProcess: TimerProcess {
  let wheel: TimerWheel
  let timeout: RetransmissionTimeout
  /// `TCP_USER_TIMEOUT` in milliseconds, 0 for none.
  let userTimeout: Int64
  /// `tcp_retries2`.
  let retries: Int
  /// `tcp_orphan_retries`, if the socket is closed.
  let orphanRetries: Int?
  /// Whether the first six retransmissions do not back off.
  let thin: Bool
  /// What answers a transmission.
  var answer: Answer

  var probePending: Bool
  var retransmissions = 0
  var backoff = 0
  var rto: Int64
  var stamp: Stamp?
  var lastSent = Stamp.start
  /// When the write timer fires; `nil` before its first expiry.
  var writeTimer: Int64?
  /// When the neighbour, whose address is asked for, is given up.
  var resolutionFails: Int64?
  /// Whether a transmission was refused since the neighbour's address is asked for.
  var wasRefused = false
  var softError: String?

  /// What comes back from the network, or from the own machine's stack.
  enum Answer {
    case nothing
    /// An ICMP error after a round trip, as often as the sender's rate limit allows.
    case icmp(ICMPError, ICMPRateLimit)
    /// The queueing discipline refuses every retransmission.
    case queueRefuses
    /// From the transmission of this number on the neighbour does not answer ARP; 0 is the first of all.
    case neighbourGone(from: Int, NeighbourResolution)
    /// The route lookup of every retransmission fails with this errno.
    case noRoute(String)
  }

  /// Since when the time is counted: `retrans_stamp`.
  enum Stamp: Equatable {
    /// Milliseconds of the TCP clock, and the nanoseconds for showing.
    case at(milliseconds: Int64, nanoseconds: Int64)
    /// The moment of the first transmission: no later one ever left.
    case start

    static func now(_ clock: Clock) -> Stamp {
      .at(milliseconds: clock.milliseconds, nanoseconds: clock.now)
    }

    /// The stamp of a moment so many nanoseconds later.
    func later(by nanoseconds: Int64) -> Stamp {
      guard case .at(_, let moment) = self else { return self }
      let now = moment + nanoseconds
      return .at(milliseconds: Clock.milliseconds(at: now), nanoseconds: now)
    }
  }

  init(
    kernel: Kernel,
    options: SocketOptions,
    timeout: RetransmissionTimeout,
    orphaned: Bool,
    answer: Answer = .nothing
  ) {
    wheel = kernel.wheel
    self.timeout = timeout
    userTimeout = Int64(options.userTimeout)
    retries = kernel[.retries2]
    orphanRetries = orphaned ? kernel[.orphanRetries] : nil
    thin =
      (options.thinLinearTimeouts || kernel[.thinLinearTimeouts] != 0) && options.lossBasedCongestionControl
      && !orphaned
    self.answer = answer
    probePending = timeout.tailLossProbe != nil
    rto = timeout.base
  }

  var firstTimeout: Int64 { timeout.tailLossProbe ?? timeout.base }

  /// The highest level of the wheel that its timers reach.
  var deepestLevel: Int {
    // An error on every retransmission keeps the timeout from growing: it stays at the doubling above a second, or
    // above the three seconds that a neighbour is asked for.
    var longest: Int64 =
      switch answer {
      case .queueRefuses: max(timeout.base, wheel.jiffies(milliseconds: 500))
      case .icmp(let error, _) where error.revertsBackoff: max(timeout.base, wheel.jiffies(seconds: 2))
      case .neighbourGone(0, let resolution) where resolution.revertsBackoff:
        max(timeout.base, 4 * resolution.interval * Int64(resolution.requests))
      case .nothing, .icmp, .neighbourGone, .noRoute: timeout.max
      }
    longest = min(longest, timeout.max)
    if case .neighbourGone(_, let resolution) = answer { longest = max(longest, resolution.interval) }
    return wheel.level(of: wheel.reachable(longest))
  }

  mutating func expire(_ clock: inout Clock) -> Step {
    if case .neighbourGone(0, let resolution) = answer, writeTimer == nil {
      let failure = resolution.failure(afterStart: &clock)
      if failure > clock.jiffies {
        resolutionFails = failure
      } else {
        // With a long timeout the neighbour is given up before it fires. With nothing to take back that is only noted.
        softError = "EHOSTUNREACH"
        clock.record(.icmpError(0), offset: wheel.nanoseconds(jiffies: failure - clock.jiffies))
      }
    }
    guard let failure = resolutionFails, failure <= clock.jiffies else { return writeTimerExpires(&clock) }
    guard writeTimer == clock.jiffies else { return unreachable(&clock) }
    // Both in one jiffy: an attempt that is refused, and then the neighbour is given up.
    let step = writeTimerExpires(&clock)
    guard case .at = step, resolutionFails == failure else { return step }
    return unreachable(&clock)
  }

  /// `tcp_write_timer_handler`.
  private mutating func writeTimerExpires(_ clock: inout Clock) -> Step {
    if probePending {
      probePending = false
      clock.record(.tailLossProbe)
      if transmit(&clock, number: 0) == .sent { lastSent = .now(clock) }
      _ = icmpError(&clock)
      return wait(until: clock.fire(timeout.base))
    }
    let check = checkLimit(&clock)
    if let check, check.reached {
      clock.record(.end, check: check)
      let limit: Limit = userTimeout > 0 ? .userTimeout : orphanRetries != nil ? .orphanRetries : .retries2
      return .end(Ending(errno: orphanRetries == nil ? softError ?? "ETIMEDOUT" : nil, limit: limit))
    }
    retransmissions += 1
    let result = transmit(&clock, number: retransmissions)
    switch result {
    case .sent:
      lastSent = .now(clock)
      clock.record(.retransmission(retransmissions), check: check)
    case .parked:
      lastSent = .now(clock)
      clock.record(.unresolved(retransmissions), check: check)
    case .refused, .queueRefused: clock.record(.refused(retransmissions), check: check)
    }
    if stamp == nil { stamp = result == .queueRefused ? .now(clock) : lastSent }
    if result == .queueRefused { return wait(until: clock.fire(wheel.jiffies(milliseconds: 500))) }
    if thin && retransmissions <= 6 {
      (rto, backoff) = (timeout.base, 0)
    } else {
      (rto, backoff) = (min(2 * rto, timeout.max), backoff + 1)
    }
    if let step = icmpError(&clock) { return step }
    return wait(until: clock.fire(clamped(&clock)))
  }

  /// What becomes of a transmission.
  private enum Transmission {
    case sent
    /// The packet waits for the neighbour's address, which counts as sent.
    case parked
    /// Not sent, and the timer goes on as if it had been.
    case refused
    /// Not sent, and tried again in half a second.
    case queueRefused
  }

  private mutating func transmit(_ clock: inout Clock, number: Int) -> Transmission {
    switch answer {
    case .nothing, .icmp: return .sent
    case .queueRefuses: return .queueRefused
    case .noRoute(let errno):
      softError = errno
      return .refused
    case .neighbourGone(let first, let resolution):
      // One packet of the segment is in the neighbour's queue already: EBUSY.
      if resolutionFails != nil {
        wasRefused = true
        return .refused
      }
      if number < first { return .sent }
      resolutionFails = resolution.failure(after: &clock)
      return .parked
    }
  }

  /// Waits for the write timer, or for the neighbour's resolution to fail, whichever comes first.
  private mutating func wait(until jiffies: Int64) -> Step {
    writeTimer = jiffies
    return .at(min(jiffies, resolutionFails ?? jiffies))
  }

  /// The neighbour did not answer: the parked packet comes back as an ICMP error of the own machine.
  private mutating func unreachable(_ clock: inout Clock) -> Step {
    resolutionFails = nil
    softError = "EHOSTUNREACH"
    clock.record(.icmpError(retransmissions))
    defer { wasRefused = false }
    if case .neighbourGone(_, let resolution) = answer, !resolution.revertsBackoff {
      guard wasRefused, retransmissions > 0 else { return wait(until: writeTimer ?? clock.fire(rto)) }
      // The refusals have marked the socket as throttled, so that the end of the parked packet wakes it (`tcp_wfree`):
      // what counts as lost is sent again, and parked again, and the timer begins anew with its present interval.
      resolutionFails = resolution.failure(after: &clock)
      return wait(until: clock.fire(rto))
    }
    guard retransmissions > 0, backoff > 0 else { return wait(until: writeTimer ?? clock.fire(rto)) }
    backoff -= 1
    rto = min(timeout.base << Int64(min(backoff, 30)), timeout.max)
    // The timer is not cut to the user timeout here: the connection may outlive it by one interval.
    switch lastSent {
    case .start:
      if clock.passed(jiffies: rto, since: 0) { return writeTimerExpires(&clock) }
      return wait(until: clock.fire(whatIsLeftOf: rto, since: 0))
    case .at(_, let nanoseconds):
      let elapsed = clock.jiffies - nanoseconds / wheel.rate.nanosecondsPerJiffy
      if elapsed >= rto { return writeTimerExpires(&clock) }
      return wait(until: clock.fire(rto - elapsed))
    }
  }

  /// Compares the time since the first retransmission with the limit; `nil` at the first expiry, when nothing is.
  private func checkLimit(_ clock: inout Clock) -> RecordedCheck? {
    guard retransmissions > 0, let stamp else { return nil }
    let limit = userTimeout > 0 ? userTimeout : modelled
    let duration = Duration.milliseconds(limit)
    switch stamp {
    case .at(let milliseconds, let nanoseconds):
      let reached = clock.milliseconds - milliseconds >= limit
      return RecordedCheck(
        measure: .time(clock: .firstRetransmission, since: nanoseconds, limit: duration),
        reached: reached
      )
    case .start:
      let reached = clock.passed(milliseconds: limit)
      return RecordedCheck(measure: .time(clock: .transmission, since: nil, limit: duration), reached: reached)
    }
  }

  /// The limit in milliseconds when no user timeout is set.
  private var modelled: Int64 {
    var count = retries
    if let orphanRetries {
      // tcp_orphan_retries(): while the timeout still grows the connection counts as alive.
      let alive = rto < timeout.max
      count = softError != nil && !alive ? 0 : orphanRetries
      if count == 0 && alive { count = 8 }
    }
    return modelled(retransmissions: count)
  }

  /// The time in milliseconds that so many retransmissions take in theory.
  func modelled(retransmissions: Int) -> Int64 {
    RetransmissionTimeout.model(
      retransmissions: retransmissions,
      base: RetransmissionTimeout.modelBase(rate: wheel.rate),
      max: timeout.max,
      wheel: wheel
    )
  }

  /// The timeout, cut so that it does not overshoot the user timeout: `tcp_clamp_rto_to_user_timeout`.
  private func clamped(_ clock: inout Clock) -> Int64 {
    guard userTimeout > 0, let stamp else { return rto }
    let elapsed: Int64
    switch stamp {
    case .at(let milliseconds, _): elapsed = clock.milliseconds - milliseconds
    case .start:
      // Splitting the starts by the millisecond is only worth it when the cut can make a difference.
      let slack = wheel.milliseconds(jiffies: rto) + 1
      if userTimeout > slack && !clock.passed(milliseconds: userTimeout - slack) { return rto }
      elapsed = clock.millisecondsSinceStart()
    }
    let remaining = userTimeout - elapsed
    return remaining <= 0 ? 1 : min(rto, wheel.jiffies(milliseconds: remaining))
  }

  /// What an ICMP error does that comes back on this transmission: `tcp_v4_err`, `tcp_ld_RTO_revert`.
  private mutating func icmpError(_ clock: inout Clock) -> Step? {
    guard case .icmp(let error, var limit) = answer else { return nil }
    let allowed = limit.allows(jiffies: clock.jiffies)
    answer = .icmp(error, limit)
    guard allowed else { return nil }
    softError = error.errno
    guard error.revertsBackoff, retransmissions > 0, backoff > 0 else { return nil }
    backoff -= 1
    rto = min(timeout.base << Int64(min(backoff, 30)), timeout.max)
    let delay = timeout.roundTrip / wheel.rate.nanosecondsPerJiffy
    let elapsed = max(1, wheel.jiffies(microseconds: timeout.roundTrip / 1000))
    return wait(until: clock.fire(max(1, rto - elapsed), packetAfter: delay))
  }
}
