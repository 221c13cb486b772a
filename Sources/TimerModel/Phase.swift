/// What is known of the timer wheel's position at the moment that a prediction counts from.
public enum Phase: Hashable, Sendable {
  /// Nothing: the prediction is a window over every position that matters.
  case unknown
  /// Everything: the prediction is a moment.
  case known(JiffyClock, start: Int64)
}

/// How the kernel's jiffies and `CLOCK_MONOTONIC` correspond; both begin at boot and neither is ever set.
public struct JiffyClock: Hashable, Sendable {
  /// The jiffy in which `CLOCK_MONOTONIC` was 0.
  public let jiffyAtZero: Int64
  /// The timer frequency.
  public let rate: TickRate

  /// The clock that showed `jiffies` at the monotonic moment `nanoseconds`.
  ///
  /// Linux aligns its ticks with multiples of `TICK_NSEC` of the monotonic clock (`kernel/time/tick-sched.c`).
  public init(jiffies: Int64, atMonotonic nanoseconds: Int64, rate: TickRate) {
    jiffyAtZero = jiffies - nanoseconds / rate.nanosecondsPerJiffy
    self.rate = rate
  }

  /// The clock described by `/proc/timer_list`, which root may read: its lines `now at … nsecs` and `jiffies: …`.
  ///
  /// The file is written in a moment, yet a tick may fall between the two lines: a reader that needs to be exact
  /// reads it twice and compares.
  public init?(timerList: some StringProtocol, rate: TickRate) {
    var now: Int64?
    var jiffies: Int64?
    for line in timerList.split(separator: "\n") {
      if now == nil, line.hasPrefix("now at ") { now = Int64(line.dropFirst(7).prefix { $0.isNumber }) }
      if jiffies == nil, line.hasPrefix("jiffies: ") { jiffies = Int64(line.dropFirst(9).prefix { $0.isNumber }) }
      if let now, let jiffies {
        self.init(jiffies: jiffies, atMonotonic: now, rate: rate)
        return
      }
    }
    return nil
  }

  /// The jiffy that runs at the monotonic moment `nanoseconds`.
  public func jiffies(atMonotonic nanoseconds: Int64) -> Int64 {
    jiffyAtZero + nanoseconds / rate.nanosecondsPerJiffy
  }
}
