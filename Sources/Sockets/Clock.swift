internal import Glibc

/// The system's clocks, in nanoseconds.
///
/// See clock_gettime(2).
public enum Clock {
  /// The clock that the kernel's TCP timers follow.
  ///
  /// The corresponding C constant is `CLOCK_MONOTONIC`.
  public static var monotonic: Int64 { read(CLOCK_MONOTONIC) }

  /// UTC since 1970.
  ///
  /// The corresponding C constant is `CLOCK_REALTIME`.
  public static var realtime: Int64 { read(CLOCK_REALTIME) }

  /// The kernel's timer frequency (CONFIG_HZ): the coarse clock advances once per jiffy.
  public static var hz: Int64 {
    var resolution = timespec()
    _ = unsafe clock_getres(CLOCK_MONOTONIC_COARSE, &resolution)
    guard resolution.tv_sec == 0, resolution.tv_nsec > 0 else { return 0 }
    return (1_000_000_000 + Int64(resolution.tv_nsec) / 2) / Int64(resolution.tv_nsec)
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
