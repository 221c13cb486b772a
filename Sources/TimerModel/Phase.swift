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

  /// The jiffy that runs at the monotonic moment `nanoseconds`.
  public func jiffies(atMonotonic nanoseconds: Int64) -> Int64 {
    jiffyAtZero + nanoseconds / rate.nanosecondsPerJiffy
  }
}
