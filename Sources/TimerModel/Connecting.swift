internal import Timeline

/// The write timer in SYN_SENT (`tcp_write_timeout` and `tcp_retransmit_timer` in `net/ipv4/tcp_timer.c`).
struct ConnectingProcess: TimerProcess {
  typealias Condition = Never

  let wheel: TimerWheel
  /// `TCP_SYNCNT` or `tcp_syn_retries`.
  let retries: Int
  /// `tcp_syn_linear_timeouts`, 0 before it came.
  let linear: Int
  let userTimeout: Int64
  let rtoMax: Int64
  /// The limit that the count is named after.
  let countLimit: Limit
  /// Whether the queueing discipline refuses every SYN.
  let queueRefuses: Bool
  /// When the retransmission of this number is answered, and by what.
  let answer: Answer?
  private var retransmissions = 0
  private var rto: Int64

  /// An answer that ends the attempt.
  struct Answer {
    /// It comes on the SYN of this number; 0 is the first.
    var number: Int
    /// How long after it.
    var delay: Delay
    var ending: Ending

    enum Delay {
      case nanoseconds(Int64)
      /// When the neighbour's resolution has failed.
      case resolution(NeighbourResolution)
    }
  }

  init(kernel: Kernel, options: SocketOptions, queueRefuses: Bool = false, answer: Answer? = nil) {
    wheel = kernel.wheel
    retries = options.synCount ?? kernel[.synRetries]
    linear = kernel.version.hasLinearSYNs ? kernel[.synLinearTimeouts] : 0
    userTimeout = Int64(options.userTimeout)
    rtoMax = wheel.jiffies(milliseconds: Int64(options.rtoMax ?? kernel[.rtoMax]))
    countLimit = options.synCount == nil ? .synRetries : .synCount
    self.queueRefuses = queueRefuses
    self.answer = answer
    rto = Int64(kernel.rate.rawValue)
  }

  var firstTimeout: Int64 { rto }

  /// The highest level of the wheel that its timers reach.
  var deepestLevel: Int {
    let doublings = min(20, retries)
    return wheel.level(of: wheel.reachable(min(rtoMax, rto << Int64(doublings))))
  }

  /// The time in milliseconds that ends the attempt, whatever the count.
  var timeLimit: Int64 {
    guard userTimeout == 0 else { return userTimeout }
    return RetransmissionTimeout.model(
      retransmissions: retries,
      base: Int64(wheel.rate.rawValue),
      max: rtoMax,
      wheel: wheel
    )
  }

  mutating func expire(_ clock: inout Clock) -> Step {
    if let check = checkLimit(&clock) {
      if check.reached {
        clock.record(.end, check: check)
        if case .time = check.measure, userTimeout > 0 {
          return .end(Ending(errno: "ETIMEDOUT", limit: .userTimeout))
        }
        return .end(Ending(errno: "ETIMEDOUT", limit: countLimit))
      }
      retransmissions += 1
      clock.record(queueRefuses ? .refused(retransmissions) : .synRetransmission(retransmissions), check: check)
    } else {
      retransmissions += 1
      clock.record(queueRefuses ? .refused(retransmissions) : .synRetransmission(retransmissions))
    }
    if queueRefuses { return clock.arm(wheel.jiffies(milliseconds: 500)) }
    if let answer, answer.number == retransmissions {
      var ending = answer.ending
      switch answer.delay {
      case .nanoseconds(let delay): ending.delay = delay
      case .resolution(let resolution):
        ending.delay = wheel.nanoseconds(jiffies: resolution.failure(after: &clock)) - clock.now
      }
      clock.record(.end, offset: ending.delay)
      return .end(ending)
    }
    if retransmissions > linear { rto = min(2 * rto, rtoMax) }
    return clock.arm(clamped(&clock))
  }

  /// Compares the count, and the time since the first SYN, with their limits; `nil` at the first expiry, when only
  /// the count is looked at and cannot have been reached.
  private func checkLimit(_ clock: inout Clock) -> RecordedCheck? {
    let allowed = retries + linear
    if retransmissions >= allowed {
      return RecordedCheck(measure: .count(retransmissions, limit: allowed), reached: true)
    }
    guard retransmissions > 0 else { return nil }
    let reached = clock.passed(milliseconds: timeLimit)
    return RecordedCheck(
      measure: .time(clock: .firstSYN, since: nil, limit: .milliseconds(timeLimit)),
      reached: reached
    )
  }

  private func clamped(_ clock: inout Clock) -> Int64 {
    guard userTimeout > 0 else { return rto }
    // Splitting the starts by the millisecond is only worth it when the cut can make a difference.
    let slack = wheel.milliseconds(jiffies: rto) + 1
    if userTimeout > slack && !clock.passed(milliseconds: userTimeout - slack) { return rto }
    let remaining = userTimeout - clock.millisecondsSinceStart()
    return remaining <= 0 ? 1 : min(rto, wheel.jiffies(milliseconds: remaining))
  }
}
