internal import Judge
internal import LabScript
public import Timeline

extension Cell {
  /// The cell as it stands without a run; `why` says why there is none.
  public func notRun(_ why: String) -> CellResult {
    CellResult(failure: failure.name, tuning: tuning.name, predicted: predicted, remark: why)
  }

  /// What came of the cell's lab.
  public func result(events: [Event], judgement: Judgement) -> CellResult {
    var result = CellResult(failure: failure.name, tuning: tuning.name, predicted: predicted)
    let verdict = judgement.verdicts.first { $0.line == decisive }
    // In a run it is known when the timer was armed.
    if case .ends = predicted, failure.group != .connecting, let window = verdict?.predicted,
      let earliest = window.earliest
    {
      result.inRun = CellResult.Window(earliest: earliest, latest: window.latest)
    }
    let measured = self.measured(events, judgement)
    result.measured = measured
    switch (predicted, measured) {
    case (_, .broken(let reason)): (result.agrees, result.remark) = (false, reason)
    case (_, .before): result.remark = "the settings end the connection before the failure comes"
    case (.unknown, _): break
    case (.ends(let end), .told(let told)) where !asksThePrediction:
      result.agrees = told.errorName == end.errorName && end.contains(told.after)
      if result.agrees == false { result.remark = "measured is not what is predicted" }
    default:
      result.agrees = verdict?.outcome == .held
      if result.agrees == false { result.remark = verdict?.reason ?? "the lab did not come to the expectation" }
    }
    return result
  }

  /// Whether the lab itself says "as predicted", so that its verdict knows.
  private var asksThePrediction: Bool {
    if case .situation = failure.otherwise { return false }
    return true
  }

  private func measured(_ events: [Event], _ judgement: Judgement) -> Measured {
    if let problem = judgement.problems.first { return .broken(reason: problem) }
    guard let index = events.firstIndex(where: { if case .step(deed, _) = $0.body { true } else { false } }) else {
      if let told = told(in: events[...], since: .zero) { return .before(told) }
      let reason = judgement.verdicts.first { $0.outcome != .held }?.reason
      return .broken(reason: reason ?? "the lab did not come to the failure")
    }
    let start = (events[index...].first(where: isDeed) ?? events[index]).time
    // A fault is noted after it was done, so that its consequence may stand before it.
    let first = events.firstIndex { $0.time >= events[index].time } ?? index
    if failure.group != .connecting, let told = told(in: events[..<first], since: start) { return .before(told) }
    if let told = told(in: events[first...], since: start) { return .told(told) }
    return .nothing(watched: max(.zero, (events.map(\.time).max() ?? start) - start))
  }

  private func isDeed(_ event: Event) -> Bool {
    switch event.body {
    case .fault(deed, _): true
    case .started, .input: event.peer == Cell.client
    default: false
    }
  }

  private static let client = "client"

  /// The first news of the connection's end.
  private func told(in events: ArraySlice<Event>, since start: Moment) -> Measured.Told? {
    for event in events where event.peer == Cell.client {
      switch event.body {
      case .call(let call) where call.isOutcome && isEnd(call):
        let after =
          failure.group == .connecting ? .nanoseconds(max(0, call.took ?? 0)) : max(.zero, event.time - start)
        return .init(after: after, call: call.family, errorName: call.pendingError ?? call.errorName)
      case .ended: return .init(after: max(.zero, event.time - start), call: "exit", errorName: nil)
      default: continue
      }
    }
    return nil
  }

  private func isEnd(_ call: SystemCall) -> Bool {
    call.hasFailed || call.pendingError != nil || (call.family == "read" && call.result == 0)
  }
}

extension Predicted.End {
  /// Whether `time` lies in the window, as exactly as a program can be observed.
  public func contains(_ time: Duration) -> Bool {
    time + Tolerance.observer >= earliest && latest.map { time <= $0 + Tolerance.observer } ?? true
  }
}
