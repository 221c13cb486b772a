internal import LabScript
internal import Timeline
internal import TimerModel

extension Hearing {
  /// Something that met a condition.
  private struct Sighting {
    /// The event's place in the record, where one event alone met it.
    var index: Int?
    var moment: Moment
    var words: String
    /// For how long before nobody had looked.
    var unseen = Duration.zero
  }

  /// Examines an expectation that something comes about at some moment: the first that does decides.
  mutating func examineMoment(_ matter: Matter) -> Finding {
    let condition = matter.condition
    let tolerance = condition.isSampled ? Tolerance.sampled : Tolerance.observer
    guard
      var limits = Limits(matter.timing, reached: matter.reached)
        ?? matter.predictedMoment.map({ Limits($0, tolerance: tolerance) })
        ?? Limits(matter.prediction, tolerance: tolerance)
    else {
      return Finding(
        outcome: .failed,
        reason: "expected as predicted; but the timer model has no prediction for this statement"
      )
    }
    let expected = "expected \(limits.words) after \(matter.anchor.name) (\(limits.rule))"
    guard let sighting = firstSighting(of: condition, after: matter.anchor) else {
      return nothingSeen(expected, limits, matter)
    }
    let after = matter.anchor.time(to: sighting.moment)
    limits.lateness = record.lateness(from: matter.anchor.moment, to: sighting.moment)
    if limits.arePast(after), case .call(let peer, _, _) = condition {
      limits.waking = record.waking(of: peer, from: matter.anchor.moment, to: sighting.moment)
    }
    let measured =
      after == .zero && condition.isSampled ? "\(sighting.words) already" : "\(sighting.words) after \(after.text)"
    var finding = Finding(
      outcome: .failed,
      measured: measured,
      after: after,
      reason: "\(expected); it came after \(after.text)"
    )
    if let early = limits.isEarlyBy(after) {
      finding.reason += ", \(early.text) too early"
    } else if let late = limits.isLateBy(after, unseen: sighting.unseen) {
      finding.reason += ", \(late.text) too late"
    } else if let other = contradiction(sighting.words, matter) {
      finding.reason += "; but with \(sighting.words) where \(other) is predicted"
    } else {
      finding.outcome = .held
      if let words = limits.wordsOfLateness(after, unseen: sighting.unseen) { finding.reason += words }
      if let index = sighting.index { used[condition, default: []].insert(index) }
    }
    return finding
  }

  private func firstSighting(of condition: Condition, after anchor: Anchor) -> Sighting? {
    if let history = StateHistory(of: condition, in: record) {
      return history.firstMoment(from: anchor.moment).map {
        Sighting(moment: $0, words: condition.stateWords, unseen: history.unseen(before: $0))
      }
    }
    if case .retransmits(let host, .atLeast(let count)) = condition {
      let moments = Retransmissions(of: host, in: record).moments.filter { $0 >= anchor.earliestConsequence }
      let moment = count > 0 ? moments.dropFirst(count - 1).first : anchor.moment
      return moment.map { Sighting(moment: $0, words: "\(count) retransmissions") }
    }
    for index in record.index(from: anchor.earliestConsequence)..<record.events.count
    where used[condition]?.contains(index) != true {
      let event = record.events[index]
      if condition.matches(event) { return Sighting(index: index, moment: event.time, words: event.outcomeWords) }
    }
    return nil
  }

  /// The errno that is predicted, where the script leaves it to the prediction and another came.
  private func contradiction(_ words: String, _ matter: Matter) -> String? {
    guard case (.call(_, _, .fails(nil)), .asPredicted) = (matter.condition, matter.timing),
      let predicted = matter.prediction?.errorName, predicted != words
    else { return nil }
    return predicted
  }

  private func nothingSeen(_ expected: String, _ limits: Limits, _ matter: Matter) -> Finding {
    let anchor = matter.anchor
    let deadline = limits.latest.map { anchor.moment + $0 } ?? record.end
    let miss = nearMiss(matter)
    if !record.isComplete && record.end < deadline && miss?.isFinal != true { return undecided(expected, matter) }
    var instead = "nothing of the kind was seen"
    var after: Duration?
    if let miss {
      after = anchor.time(to: miss.moment)
      instead = "\(miss.words) after \(anchor.time(to: miss.moment).text)"
    } else if let state = stateWords(of: matter.condition, at: deadline) {
      instead = state
    }
    let watched = anchor.time(to: record.end).text
    return Finding(
      outcome: .failed,
      measured: instead,
      after: after,
      reason: "\(expected); it did not come about in the \(watched) that were watched: \(instead)"
    )
  }

  /// What happened instead, and whether it rules out that the expected still comes.
  private func nearMiss(_ matter: Matter) -> (moment: Moment, words: String, isFinal: Bool)? {
    var first: (Moment, String, Bool)?
    for index in record.index(from: matter.anchor.earliestConsequence)..<record.events.count
    where used[matter.condition]?.contains(index) != true {
      let event = record.events[index]
      guard let words = matter.condition.nearMiss(in: event) else { continue }
      let isFinal = matter.condition.isRuledOut(by: event)
      if isFinal { return (event.time, words, true) }
      if first == nil { first = (event.time, words, false) }
    }
    return first
  }

  /// What a host's sockets were at `moment`, for a condition on their states.
  func stateWords(of condition: Condition, at moment: Moment) -> String? {
    let port: Int?
    switch condition {
    case .connection(_, let number, _): port = number
    case .listens: return "no such listener"
    default: return nil
    }
    var table = SocketTable()
    for event in record.events where event.time <= moment && event.host == condition.subject { table.apply(event) }
    let connections = table.entries.map(\.sample).filter { $0.isConnection && $0.has(port: port) }
    return connections.isEmpty ? "no connection" : connections.map(\.state.name).joined(separator: ", ")
  }
}

extension Condition {
  /// Whether the laboratory's samples show it, rather than a program's own report.
  var isSampled: Bool {
    switch self {
    case .connection, .listens, .retransmits: true
    case .call, .prints, .exits, .toldNothing: false
    }
  }

  /// The state that a condition on sockets asks for.
  var stateWords: String {
    switch self {
    case .connection(_, _, .state(let state)): state.name
    case .connection(_, _, .gone): "gone"
    case .listens: "listening"
    default: words
    }
  }
}
