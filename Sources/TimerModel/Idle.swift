internal import Timeline

/// The keepalive timer (`tcp_keepalive_timer` in `net/ipv4/tcp_timer.c`).
struct IdleProcess: TimerProcess {
  let wheel: TimerWheel
  /// Seconds of silence before the first probe, and between probes, in jiffies.
  let idle: Int64
  let interval: Int64
  /// How many unanswered probes end the connection.
  let count: Int
  /// `TCP_USER_TIMEOUT` in milliseconds, 0 for none: it replaces the count.
  let userTimeout: Int64
  /// When the last packet came, in nanoseconds after the timer was armed.
  let lastReceived: Int64
  /// What a probe meets.
  let answer: Answer
  private var probes = 0

  /// What a probe meets.
  enum Answer: Equatable {
    /// Nothing. ICMP and ARP errors are nothing too: a probe's sequence number is outside what they are accepted for.
    case nothing
    /// An RST, after so many nanoseconds.
    case reset(after: Int64)
    /// The queueing discipline, which refuses it.
    case queueRefuses
  }

  init(kernel: Kernel, keepalive: SocketOptions.Keepalive, userTimeout: Int, lastReceived: Int64, answer: Answer) {
    wheel = kernel.wheel
    idle = wheel.jiffies(seconds: Int64(keepalive.idle ?? kernel[.keepaliveTime]))
    interval = wheel.jiffies(seconds: Int64(keepalive.interval ?? kernel[.keepaliveInterval]))
    count = keepalive.count ?? kernel[.keepaliveProbes]
    self.userTimeout = Int64(userTimeout)
    self.lastReceived = lastReceived
    self.answer = answer
  }

  var firstTimeout: Int64 { idle }

  /// The highest level of the wheel that its timers reach.
  var deepestLevel: Int { wheel.level(of: wheel.reachable(max(idle, interval))) }

  mutating func expire(_ clock: inout Clock) -> Step {
    guard clock.passed(jiffies: idle, since: lastReceived) else {
      clock.record(.keepaliveRestart)
      // Before the last packet others came: the silence had hardly begun.
      guard clock.fewestJiffies(since: lastReceived) >= 0 else { return clock.arm(idle) }
      return .at(clock.fire(whatIsLeftOf: idle, since: lastReceived))
    }
    let check = checkLimit(&clock)
    if check.reached {
      clock.record(.end, check: check)
      return .end(Ending(errno: "ETIMEDOUT", limit: userTimeout > 0 ? .userTimeout : .keepalive))
    }
    if answer == .queueRefuses {
      clock.record(.refused(1), check: check)
      return .forever(
        "the own queueing discipline refuses every probe; a refused probe does not count, and is tried again every 500 ms"
      )
    }
    probes += 1
    clock.record(.keepaliveProbe(probes), check: check)
    if case .reset(let delay) = answer {
      clock.record(.reset, offset: delay)
      return .end(Ending(errno: "ECONNRESET", limit: .reset, delay: delay))
    }
    return clock.arm(interval)
  }

  /// Compares the silence with the user timeout, for which a probe must be out, or the probes with their number.
  private func checkLimit(_ clock: inout Clock) -> RecordedCheck {
    guard userTimeout > 0 else {
      return RecordedCheck(measure: .count(probes, limit: count), reached: probes >= count)
    }
    let passed = clock.passed(jiffies: wheel.jiffies(milliseconds: userTimeout), since: lastReceived)
    return RecordedCheck(
      measure: .time(clock: .lastReceived, since: nil, limit: .milliseconds(userTimeout)),
      reached: passed && probes > 0
    )
  }

  // A probe is sent whatever came before it: nothing changes but what is left of the limit.
  func condition(at jiffies: Int64) -> Bool? { probes > 0 ? true : nil }

  func rounds(_ clock: Clock, of jiffies: Int64, _ counts: Counts) -> Int64 {
    guard userTimeout > 0 else { return Int64((count - probes - 1) / max(1, counts.probes)) }
    return (wheel.jiffies(milliseconds: userTimeout) - clock.mostJiffies(since: lastReceived) - 1) / jiffies
  }

  mutating func skip(jiffies: Int64, _ counts: Counts) { probes += counts.probes }
}
