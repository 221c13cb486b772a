/// A moment of a run: nanoseconds since the run began, by the clock that the run's ``Event/Body/begin(_:)`` names.
///
/// In real time that clock is `CLOCK_MONOTONIC`, the one that the kernel's TCP timers follow.
public struct Moment: Hashable, Comparable, Sendable {
  /// Nanoseconds since the run began; negative for what was prepared before.
  public var nanoseconds: Int64

  /// The moment `nanoseconds` after the run began.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// The beginning of the run.
  public static let zero = Moment(nanoseconds: 0)

  /// Whether the left moment is the earlier one.
  public static func < (left: Moment, right: Moment) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The time from `start` to `end`, saturated at the limits of `Int64`: a hostile timeline may hold any moments.
  public static func - (end: Moment, start: Moment) -> Duration {
    let (difference, overflow) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
    return .nanoseconds(overflow ? (end.nanoseconds < 0 ? .min : .max) : difference)
  }

  /// The moment that comes `duration` after `start`, saturated likewise.
  public static func + (start: Moment, duration: Duration) -> Moment {
    let (sum, overflow) = start.nanoseconds.addingReportingOverflow(duration.nanoseconds)
    return Moment(nanoseconds: overflow ? (start.nanoseconds < 0 ? .min : .max) : sum)
  }
}
