internal import LabScript
internal import Timeline

extension Hearing {
  /// Examines an expectation that a program is told nothing for some time.
  ///
  /// News are a read, an accept or a connect that returned, any call that failed, and the program's end. That the
  /// kernel took bytes for sending, or that the program got its own input, is none.
  func examineSilence(of peer: String, _ matter: Matter) -> Finding {
    let (first, last): (Duration, Duration)
    switch matter.timing {
    case .within(let length), .lasting(let length): (first, last) = (.zero, length)
    case .usual: (first, last) = (.zero, matter.reached + Timing.usualLimit)
    case .between(let start, let end): (first, last) = (start, end)
    case .asPredicted:
      guard let length = matter.prediction?.earliest ?? matter.prediction?.latest else {
        return Finding(
          outcome: .failed,
          reason: "expected as predicted; but the timer model has no prediction for this statement"
        )
      }
      (first, last) = (.zero, length)
    }
    let anchor = matter.anchor
    let span = first == .zero ? "for \(last.text)" : "from \(first.text) to \(last.text)"
    let expected = "expected that \(peer) is told nothing \(span) after \(anchor.name)"
    let news = record.firstNews(for: peer, from: anchor.moment + first)
    if let news, news.moment <= anchor.moment + last {
      let after = anchor.time(to: news.moment)
      return Finding(
        outcome: .failed,
        measured: "\(news.words) after \(after.text)",
        after: after,
        reason: "\(expected); it was told after \(after.text): \(news.words)"
      )
    }
    // The news that come later prove that the time before was watched.
    guard news != nil || isWatched(until: anchor.moment + last) else { return undecided(expected, matter) }
    let watched = (last - first).text
    return Finding(outcome: .held, measured: "nothing for \(watched)", reason: "\(expected); no call brought news")
  }

  /// Examines an expectation that a state lasts: it has to be there within the usual limit, and to stay from then on
  /// until `length` after the deed.
  func examineLasting(_ matter: Matter, _ length: Duration) -> Finding {
    let (condition, anchor) = (matter.condition, matter.anchor)
    guard let history = StateHistory(of: condition, in: record) else {
      return Finding(
        outcome: .failed,
        reason: "expected for \(length.text); but '\(condition.words)' is a moment and cannot last"
      )
    }
    let end = anchor.moment + length
    let words = condition.stateWords
    let expected = "expected \(words) until \(length.text) after \(anchor.name)"
    guard let start = history.firstMoment(from: anchor.moment), start <= min(end, anchor.moment + Timing.usualLimit)
    else {
      if !record.isComplete && record.end < min(end, anchor.moment + Timing.usualLimit) {
        return undecided(expected, matter)
      }
      let instead = stateWords(of: condition, at: min(end, anchor.moment + Timing.usualLimit)) ?? "nothing of the kind"
      return Finding(
        outcome: .failed,
        measured: instead,
        reason:
          "\(expected), and to begin within \(Timing.usualLimit.text), the usual limit; it did not begin: \(instead)"
      )
    }
    if let ceased = history.firstEnd(after: start), ceased <= end {
      let after = anchor.time(to: ceased)
      let instead = stateWords(of: condition, at: ceased) ?? "nothing of the kind"
      return Finding(
        outcome: .failed,
        measured: "\(words) until \(after.text)",
        after: after,
        reason: "\(expected); it ceased after \(after.text): \(instead)"
      )
    }
    guard isWatched(until: end) else { return undecided(expected, matter) }
    return Finding(outcome: .held, measured: "\(words) for \(length.text)", reason: "\(expected); it stayed so")
  }

  /// Whether the run was watched until `moment`, as exactly as the observer is.
  func isWatched(until moment: Moment) -> Bool { moment - record.end <= Tolerance.observer }
}
