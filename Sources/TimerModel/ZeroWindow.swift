internal import Timeline

/// The zero-window probe timer, which also serves data that the own machine never let out
/// (`tcp_probe_timer` in `net/ipv4/tcp_timer.c`, `tcp_send_probe0` in `net/ipv4/tcp_output.c`).
struct ZeroWindowProcess: TimerProcess {
  let wheel: TimerWheel
  let timeout: RetransmissionTimeout
  let userTimeout: Int64
  /// `tcp_retries2`.
  let retries: Int
  /// `tcp_orphan_retries`, if the socket is closed.
  let orphanRetries: Int?
  /// Whether the user timeout ends the connection even if probes are answered (5.11).
  let userTimeoutAlways: Bool
  let answer: Answer
  private var probes = 0
  private var backoff: Int
  private var first: (jiffies: Int64, nanoseconds: Int64)?
  private var expiries = 0

  /// What a probe meets.
  enum Answer: Equatable {
    /// Nothing.
    case nothing
    /// "Still full", at once.
    case stillFull
    /// An RST, after so many nanoseconds.
    case reset(after: Int64)
    /// The queueing discipline, which refuses it.
    case queueRefuses
    /// Another refusal of the own machine, which counts as sent.
    case refused
  }

  init(
    kernel: Kernel,
    options: SocketOptions,
    timeout: RetransmissionTimeout,
    window: Situation.ZeroWindow,
    answer: Answer
  ) {
    wheel = kernel.wheel
    self.timeout = timeout
    userTimeout = Int64(options.userTimeout)
    retries = kernel[.retries2]
    orphanRetries = window.orphaned ? kernel[.orphanRetries] : nil
    userTimeoutAlways = kernel.version.userTimeoutEndsZeroWindow
    self.answer = answer
    backoff = min(max(0, window.answeredBefore), retries)
    probes = max(0, window.withheldBefore)
  }

  /// The interval without backoff: `tcp_probe0_base`.
  private var base: Int64 { max(timeout.base, wheel.jiffies(milliseconds: 200)) }

  /// The interval with the backoff of now: `tcp_probe0_when`.
  private var interval: Int64 { min(base << Int64(min(backoff, 10)), timeout.max) }

  var firstTimeout: Int64 { interval }

  /// The highest level of the wheel that its timers reach.
  var deepestLevel: Int { wheel.level(of: wheel.reachable(timeout.max)) }

  mutating func expire(_ clock: inout Clock) -> Step {
    expiries += 1
    var check: RecordedCheck?
    if let first, userTimeout > 0, userTimeoutAlways || answer != .stillFull {
      let reached = clock.jiffies - first.jiffies >= wheel.jiffies(milliseconds: userTimeout)
      check = RecordedCheck(
        measure: .time(clock: .firstProbe, since: first.nanoseconds, limit: .milliseconds(userTimeout)),
        reached: reached
      )
      if reached { return end(&clock, check, .userTimeout) }
    } else if first == nil {
      first = (clock.jiffies, clock.now)
    }
    let allowed = limit
    if userTimeout == 0 || check == nil {
      check = RecordedCheck(measure: .count(probes, limit: allowed), reached: probes >= allowed)
    }
    if probes >= allowed || isOrphanBeyondBackoff(allowed) {
      return end(&clock, check, orphanRetries == nil ? .retries2 : .orphanRetries)
    }
    probes += 1
    let number = answer == .stillFull ? expiries : probes
    clock.record(
      answer == .queueRefuses || answer == .refused ? .refused(number) : .zeroWindowProbe(number),
      check: check
    )
    var when = wheel.jiffies(milliseconds: 500)
    if answer != .queueRefuses {
      backoff = min(backoff + 1, retries)
      when = interval
    }
    switch answer {
    case .stillFull:
      // The answer sets the count back and arms the timer again, for the same time.
      probes = 0
      if (userTimeout == 0 || !userTimeoutAlways) && isSteady && expiries > 8 && !isOrphanBeyondBackoff(limit) {
        return .forever("every probe is answered, which sets the count back to 0")
      }
    case .reset(let delay):
      clock.record(.reset, offset: delay)
      return .end(Ending(errno: "ECONNRESET", limit: .reset, delay: delay))
    case .nothing, .queueRefuses, .refused: break
    }
    guard userTimeout > 0, let first else { return clock.arm(when) }
    let left = wheel.jiffies(milliseconds: userTimeout) - (clock.jiffies - first.jiffies)
    return clock.arm(min(when, max(2, left)))
  }

  /// How many probes may go unanswered.
  private var limit: Int {
    guard let orphanRetries else { return retries }
    // tcp_orphan_retries(): while the interval still grows the connection counts as alive.
    let alive = min(timeout.base << Int64(min(backoff, 20)), timeout.max) < timeout.max
    return orphanRetries == 0 && alive ? 8 : orphanRetries
  }

  /// Whether the interval has stopped growing.
  private var isSteady: Bool { interval == timeout.max || backoff >= min(10, retries) }

  /// Whether a closed socket's interval has reached the largest: it is given up then, answered or not.
  private func isOrphanBeyondBackoff(_ allowed: Int) -> Bool {
    guard orphanRetries != nil else { return false }
    return min(timeout.base << Int64(min(backoff, 20)), timeout.max) >= timeout.max && backoff >= allowed
  }

  private func end(_ clock: inout Clock, _ check: RecordedCheck?, _ limit: Limit) -> Step {
    clock.record(.end, check: check)
    return .end(Ending(errno: orphanRetries == nil ? "ETIMEDOUT" : nil, limit: limit))
  }

  /// Probes that are answered set the count back, and can go on for weeks; any others are at most 255.
  func condition(at jiffies: Int64) -> Int? { answer == .stillFull && userTimeout > 0 ? backoff : nil }

  func rounds(_ clock: Clock, of jiffies: Int64, _ counts: Counts) -> Int64 {
    guard let first else { return 0 }
    // Within an interval of the limit the timer is cut to it.
    return (wheel.jiffies(milliseconds: userTimeout) - (clock.jiffies - first.jiffies) - timeout.max) / jiffies
  }

  mutating func skip(from start: Int64, jiffies: Int64, _ counts: Counts) { expiries += counts.probes }
}
