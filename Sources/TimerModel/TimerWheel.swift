/// The kernel's timer frequency (`CONFIG_HZ`): how often a second its clock of jiffies ticks.
public enum TickRate: Int, Hashable, Sendable, CaseIterable {
  case hz100 = 100
  case hz250 = 250
  case hz300 = 300
  case hz1000 = 1000

  /// The length of one jiffy in nanoseconds: the kernel's `TICK_NSEC`, which at 300 Hz is a third of one too short.
  public var nanosecondsPerJiffy: Int64 {
    (1_000_000_000 + Int64(rawValue) / 2) / Int64(rawValue)
  }

  /// The length of one jiffy.
  public var jiffy: Duration { .nanoseconds(nanosecondsPerJiffy) }

  /// The rate with this many ticks a second, or the refusal that names the rates there are.
  public init(validating hz: Int) throws(ModelError) {
    guard let rate = TickRate(rawValue: hz) else {
      throw ModelError(subject: "HZ", value: "\(hz)", allowed: "100, 250, 300 or 1000, as CONFIG_HZ offers them")
    }
    self = rate
  }
}

/// Linux's timer wheel: when a timer really fires.
///
/// A timer is kept in one of up to nine levels of 64 buckets, each level eight times coarser than the one before.
/// The bucket fires at its end, so a timer is never early, and late by 1 to 8^level jiffies.
/// Source: `calc_index` and `calc_wheel_index` in `kernel/time/timer.c`, alike in Linux 4.8 to 7.3.
public struct TimerWheel: Hashable, Sendable {
  /// The frequency of its clock.
  public let rate: TickRate

  /// The wheel of a kernel with this timer frequency.
  public init(rate: TickRate) {
    self.rate = rate
  }

  /// How many levels the wheel has: `LVL_DEPTH`.
  public var levels: Int { rate.rawValue > 100 ? 9 : 8 }

  /// The level that keeps a timer which expires `delta` jiffies after the wheel's clock.
  public func level(of delta: Int64) -> Int {
    var level = 0
    while level < levels - 1 && delta >= 63 << (3 * Int64(level)) { level += 1 }
    return level
  }

  /// The jiffy at which a timer fires that is armed at jiffy `now` for `timeout` jiffies.
  ///
  /// While the wheel runs its callbacks its clock is already one jiffy ahead, which `insideCallback` accounts for.
  /// Timers beyond the last level fire at its end, early, as the kernel's do.
  public func fire(now: Int64, timeout: Int64, insideCallback: Bool) -> Int64 {
    let clock = insideCallback ? now + 1 : now
    var expiry = now + max(0, timeout)
    if expiry < clock { return clock }
    expiry = clock + reachable(expiry - clock)
    let shift = 3 * Int64(level(of: expiry - clock))
    return ((expiry >> shift) + 1) << shift
  }

  /// When a timer fires that is armed at jiffy `now` outside a callback, and the last jiffy for which that is the same.
  func bucket(now: Int64, timeout: Int64) -> (fire: Int64, last: Int64) {
    let timeout = reachable(max(0, timeout))
    let fire = fire(now: now, timeout: timeout, insideCallback: false)
    return (fire, max(now, fire - timeout - 1))
  }

  /// The timeout, or what is made of one that is beyond the last level (12 days at 1000 Hz, 33 days at 100 Hz).
  public func reachable(_ timeout: Int64) -> Int64 {
    let cutoff = Int64(63) << (3 * Int64(levels - 1))
    return timeout < cutoff ? timeout : cutoff - granularity(ofLevel: levels - 1)
  }

  /// The width of a bucket of this level, in jiffies.
  public func granularity(ofLevel level: Int) -> Int64 {
    1 << (3 * Int64(level))
  }

  /// Milliseconds as jiffies, rounded up: `msecs_to_jiffies`.
  public func jiffies(milliseconds: Int64) -> Int64 {
    TimerWheel.scale(max(0, milliseconds), by: Int64(rate.rawValue), per: 1000)
  }

  /// Microseconds as jiffies, rounded up: `usecs_to_jiffies`.
  public func jiffies(microseconds: Int64) -> Int64 {
    TimerWheel.scale(max(0, microseconds), by: Int64(rate.rawValue), per: 1_000_000)
  }

  /// Seconds as jiffies, saturated far beyond the wheel's reach.
  public func jiffies(seconds: Int64) -> Int64 {
    min(max(0, seconds), TimerWheel.longest) * Int64(rate.rawValue)
  }

  /// Jiffies as milliseconds, rounded down: `jiffies_to_msecs`.
  public func milliseconds(jiffies: Int64) -> Int64 {
    let jiffies = min(max(0, jiffies), TimerWheel.longest)
    return jiffies * 1000 / Int64(rate.rawValue)
  }

  /// Jiffies as nanoseconds.
  public func nanoseconds(jiffies: Int64) -> Int64 {
    jiffies * rate.nanosecondsPerJiffy
  }

  /// Jiffies as a duration.
  public func duration(jiffies: Int64) -> Duration {
    .nanoseconds(nanoseconds(jiffies: jiffies))
  }

  /// No interval of the model is longer: with it no product overflows (2^32 seconds are 136 years).
  private static let longest: Int64 = 1 << 32

  private static func scale(_ value: Int64, by factor: Int64, per unit: Int64) -> Int64 {
    let value = min(value, longest * 1_000_000)
    let whole = value / unit * factor
    return whole + (value % unit * factor + unit - 1) / unit
  }
}
