internal import Glibc

/// The system's clocks, in nanoseconds.
///
/// See clock_gettime(2).
public enum Clock {
  /// The clock that the kernel's TCP timers follow.
  ///
  /// The corresponding C constant is `CLOCK_MONOTONIC`.
  public static var monotonic: Int64 { read(CLOCK_MONOTONIC) }

  /// Nanoseconds for which this thread has had a processor.
  public static var processorTime: Int64 { read(CLOCK_THREAD_CPUTIME_ID) }

  /// UTC since 1970.
  ///
  /// The corresponding C constant is `CLOCK_REALTIME`.
  public static var realtime: Int64 { read(CLOCK_REALTIME) }

  /// Sleeps until the monotonic clock shows `moment`; not at all if it is past.
  ///
  /// See clock_nanosleep(2).
  public static func sleep(until moment: Int64) {
    let time = timespec(tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
    var result: CInt = EINTR
    while result == EINTR {
      result = unsafe withUnsafePointer(to: time) {
        unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, $0, nil)
      }
    }
  }

  /// The kernel's timer frequency (CONFIG_HZ): the coarse clock advances once per jiffy.
  public static var hz: Int64 {
    let tick = tick
    return tick > 0 ? (1_000_000_000 + tick / 2) / tick : 0
  }

  /// The length of a jiffy in nanoseconds (`TICK_NSEC`); 0 if the kernel does not tell.
  public static var tick: Int64 {
    var resolution = timespec()
    _ = unsafe clock_getres(CLOCK_MONOTONIC_COARSE, &resolution)
    return resolution.tv_sec == 0 ? Int64(resolution.tv_nsec) : 0
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
