internal import LabScript
internal import Timeline

extension Script {
  /// The longest that the runner can take for this lab, in nanoseconds: every delay and every limit in it used up.
  ///
  /// - Parameter limits: What the timer model grants the statements at these lines, in nanoseconds.
  func longestLength(limits: [Int: Int64]) -> Int64 {
    var sum: Int64 = 0
    for step in steps {
      sum += step.delay?.nanoseconds ?? 0
      let limit: Int64 =
        switch step.action {
        case .wait(_, let limit): limit.nanoseconds
        case .expect(let expectation):
          switch expectation.timing {
          case .usual: Timing.usualLimit.nanoseconds
          case .within(let duration), .between(_, let duration), .lasting(let duration): duration.nanoseconds
          case .asPredicted: limits[step.line] ?? 5_000_000_000
          }
        // A reboot waits for programs to end; other deeds are done at once.
        default: 10_000_000_000
        }
      sum += limit + max(1_000_000_000, limit / 10)
    }
    return sum
  }
}
