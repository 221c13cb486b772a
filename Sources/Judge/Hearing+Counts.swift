internal import LabScript
internal import Timeline

extension Hearing {
  /// Examines an expectation that a host retransmits as often as the model says.
  func examinePredictedCount(of host: String, _ matter: Matter) -> Finding {
    guard let count = matter.prediction?.retransmissions else {
      return Finding(
        outcome: .failed,
        reason: "expected as predicted; but the timer model predicts no number of retransmissions for this statement"
      )
    }
    return examineCount(count, of: host, matter)
  }

  /// Examines an expectation that a host retransmits exactly so often.
  ///
  /// The retransmissions are counted from the deed until the next deed or the run's end; only where the script names a
  /// time of its own, until then. A number that may still grow is decided when that time is over.
  func examineCount(_ count: Int, of host: String, _ matter: Matter) -> Finding {
    let anchor = matter.anchor
    var (end, span) = (matter.end, "until the next deed or the end of the run")
    switch matter.timing {
    case .within(let limit), .between(_, let limit), .lasting(let limit):
      (end, span) = (anchor.moment + limit, "within \(limit.text)")
    case .usual, .asPredicted: break
    }
    let moments = Retransmissions(of: host, in: record).moments.filter {
      $0 >= anchor.earliestConsequence && $0 <= end
    }
    let expected = "expected \(Hearing.times(count)) after \(anchor.name), \(span)"
    let measured = Hearing.times(moments.count)
    let after = moments.last.map { anchor.time(to: $0) }
    let last = after.map { ", the last after \($0.text)" } ?? ""
    // Where the lab was stopped, or its timeline breaks off, more might have come.
    let isOver = record.isComplete || end < record.end
    guard isOver || moments.count > count else { return undecided(expected, matter) }
    return Finding(
      outcome: moments.count == count ? .held : .failed,
      measured: measured,
      after: after,
      reason: "\(expected); \(measured) seen\(last)"
    )
  }

  private static func times(_ count: Int) -> String {
    count == 1 ? "1 retransmission" : "\(count) retransmissions"
  }
}
