internal import Timeline

/// FIN_WAIT_2 of a closed socket, and TIME_WAIT (`tcp_rcv_state_process`, `tcp_keepalive_timer`, `tcp_time_wait`).
struct WaitProcess: TimerProcess {
  typealias Condition = Never

  let wheel: TimerWheel
  /// How long the full socket waits, in jiffies; `nil` if the mini socket takes all of it.
  let fullSocket: Int64?
  /// How long the mini socket waits.
  let miniSocket: Int64
  let limit: Limit
  private var inMiniSocket: Bool

  /// FIN_WAIT_2 with this time limit in jiffies.
  ///
  /// Up to 60 s the mini socket waits it all; beyond, the full socket and
  /// then the mini socket wait what exceeds 60 s each: 65 s become 10 s (`tcp_keepalive_timer`).
  init(finWait2 time: Int64, limit: Limit, wheel: TimerWheel) {
    self.wheel = wheel
    let excess = time - wheel.jiffies(seconds: 60)
    fullSocket = excess > 0 ? excess : nil
    miniSocket = excess > 0 ? excess : time
    self.limit = limit
    inMiniSocket = excess <= 0
  }

  /// TIME_WAIT, always 60 s.
  init(timeWaitOn wheel: TimerWheel) {
    self.wheel = wheel
    fullSocket = nil
    miniSocket = wheel.jiffies(seconds: 60)
    limit = .timeWait
    inMiniSocket = true
  }

  var firstTimeout: Int64 { fullSocket ?? miniSocket }

  /// The highest level of the wheel that its timers reach.
  var deepestLevel: Int { wheel.level(of: miniSocket) }

  mutating func expire(_ clock: inout Clock) -> Step {
    if inMiniSocket {
      clock.record(.end)
      return .end(Ending(errno: nil, limit: limit))
    }
    inMiniSocket = true
    clock.record(.miniSocket)
    return clock.arm(miniSocket)
  }
}

extension WaitProcess {
  /// How long FIN_WAIT_2 lasts in theory, in jiffies, and by which limit: `tcp_fin_time`.
  static func finTime(
    kernel: Kernel,
    options: SocketOptions,
    timeout: RetransmissionTimeout
  ) -> (jiffies: Int64, limit: Limit) {
    let wheel = kernel.wheel
    let own = options.linger2 ?? 0
    let seconds = own > 0 ? min(own, 120) : kernel[.finTimeout]
    let time = max(wheel.jiffies(seconds: Int64(seconds)), 4 * timeout.base - timeout.base / 2)
    return (time, own > 0 ? .linger2 : .finTimeout)
  }
}
