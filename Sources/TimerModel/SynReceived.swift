internal import Timeline

/// The timer of a connection request that was answered with a SYN-ACK, on a listener that is not short of room
/// (`reqsk_timer_handler` in `net/ipv4/inet_connection_sock.c`).
struct SynReceivedProcess: TimerProcess {
  typealias Condition = Never

  let wheel: TimerWheel
  /// The listener's `TCP_SYNCNT` or `tcp_synack_retries`.
  let retries: Int
  /// The largest interval in jiffies.
  let cap: Int64
  /// How many timers `TCP_DEFER_ACCEPT` waits, 0 without it.
  let deferredTimers: Int
  /// Whether the bare ACK of the handshake came in and was swallowed by `TCP_DEFER_ACCEPT`.
  let acknowledged: Bool
  /// When the first SYN-ACK sent again is answered with an RST, in nanoseconds.
  let resetAfter: Int64?
  private var timers = 0
  private var sent = 0

  init(kernel: Kernel, options: SocketOptions, acknowledged: Bool, resetAfter: Int64?) {
    wheel = kernel.wheel
    retries = options.synCount ?? kernel[.synackRetries]
    let longest = kernel.version.capsSYNACKAtRTOMax ? Int64(options.rtoMax ?? kernel[.rtoMax]) : 120_000
    cap = wheel.jiffies(milliseconds: longest)
    deferredTimers = SynReceivedProcess.timers(covering: options.deferAccept)
    self.acknowledged = acknowledged && deferredTimers > 0
    self.resetAfter = resetAfter
  }

  /// How many doublings from one second cover so many seconds: `secs_to_retrans` in `net/ipv4/tcp.c`.
  static func timers(covering seconds: Int) -> Int {
    guard seconds > 0 else { return 0 }
    var (timers, timeout, period) = (1, 1, 1)
    while seconds > period && timers < 255 {
      timers += 1
      timeout = min(120, 2 * timeout)
      period += timeout
    }
    return timers
  }

  var firstTimeout: Int64 { min(Int64(wheel.rate.rawValue), cap) }

  /// The highest level of the wheel that its timers reach.
  var deepestLevel: Int { wheel.level(of: cap) }

  mutating func expire(_ clock: inout Clock) -> Step {
    let expired = timers >= retries && (!acknowledged || timers >= deferredTimers)
    let resend = !acknowledged || timers >= deferredTimers - 1
    let check = RecordedCheck(measure: .count(timers, limit: retries), reached: expired)
    if expired {
      clock.record(.end, check: check)
      return .end(Ending(errno: nil, limit: .synackRetries))
    }
    if resend {
      sent += 1
      clock.record(.synackRetransmission(sent), check: check)
      if let resetAfter {
        clock.record(.reset, offset: resetAfter)
        return .end(Ending(errno: nil, limit: .reset, delay: resetAfter))
      }
    } else {
      clock.record(.deferred(timers + 1), check: check)
    }
    timers += 1
    return clock.arm(min(Int64(wheel.rate.rawValue) << Int64(min(timers, 30)), cap))
  }
}
