/// A value that the kernel, or the model of it, refuses.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What has the value: `TCP_KEEPCNT`, `tcp_retries2`, `HZ`.
  public var subject: String
  /// The value.
  public var value: String
  /// What would be right.
  public var allowed: String

  /// A refusal.
  public init(subject: String, value: String, allowed: String) {
    self.subject = subject
    self.value = value
    self.allowed = allowed
  }

  /// The refusal in a sentence: `TCP_KEEPCNT cannot be 0: allowed is 1 to 127`.
  public var description: String {
    "\(subject) cannot be \(value): allowed is \(allowed)"
  }

  /// Refuses `value` unless it is in `range`.
  static func check(
    _ value: Int,
    in range: ClosedRange<Int>,
    subject: String,
    unit: String = ""
  ) throws(ModelError) {
    guard range.contains(value) else {
      let unit = unit.isEmpty ? "" : " " + unit
      throw ModelError(
        subject: subject,
        value: "\(value)\(unit)",
        allowed: "\(range.lowerBound) to \(range.upperBound)\(unit)"
      )
    }
  }
}
