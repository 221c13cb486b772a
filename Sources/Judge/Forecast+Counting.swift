internal import LabScript
internal import Timeline
internal import TimerModel

extension Forecast {
  /// The prediction for the expectation at `line`, its window counted from where it begins in this run, and the moment
  /// to which the run narrows it, if it does.
  ///
  /// Without the mark in the timeline, as for a program whose calls are not seen, what was computed before the run
  /// stands.
  func prediction(for line: Int, deed: Anchor?, in record: Record) -> (Verdict.Prediction, PredictedMoment?)? {
    guard var prediction = predictions[line] else { return nil }
    guard let deed, let count = counts[line], let mark = record.moments(of: count.mark) else {
      return (prediction, nil)
    }
    prediction.earliest = max(.zero, (mark.first + count.earliest) - deed.moment)
    prediction.latest = max(.zero, (mark.last + count.latest) - deed.moment)
    guard var moment = count.moment(after: deed.moment, between: mark, in: record), moment.window.latest > .zero else {
      if let measured = count.measured(from: mark.first, in: record) {
        prediction.earliest = max(.zero, (mark.first + measured.window.earliest) - deed.moment)
        prediction.latest = max(.zero, (mark.last + measured.window.latest) - deed.moment)
        prediction.explanation = measured.explanation
      }
      return (prediction, nil)
    }
    moment.latestOfAnyPhase = prediction.latest
    prediction.earliest = max(.zero, moment.window.earliest)
    prediction.latest = moment.window.latest
    prediction.errorName = moment.end.errno
    prediction.limit = moment.end.limit.name
    prediction.explanation = moment.end.explanation
    return (prediction, moment)
  }
}

extension Record {
  /// Between which moments what a mark names happened.
  fileprivate func moments(of mark: Forecast.Mark) -> (first: Moment, last: Moment)? {
    switch mark {
    case .entry(let peer, let name, let line):
      firstCall(name, of: peer, after: line) { _ in true }.map { ($0.entry, $0.entry) }
    case .call(let peer, let name, let line):
      firstCall(name, of: peer, after: line) { $0.hasReturned && !$0.hasFailed }.map { ($0.entry, $0.exit) }
    case .exit(let peer, let name, let line):
      firstCall(name, of: peer, after: line) { $0.hasReturned && !$0.hasFailed }.map { ($0.exit, $0.exit) }
    case .end(let peer, let line): end(of: peer, after: line)
    }
  }

  private func indexOfStep(at line: Int) -> Int? {
    events.firstIndex { if case .step(line, _) = $0.body { true } else { false } }
  }

  private func firstCall(_ name: String, of peer: String, after line: Int, where isMeant: (SystemCall) -> Bool)
    -> (entry: Moment, exit: Moment)?
  {
    guard let start = indexOfStep(at: line) else { return nil }
    for event in events[start...] where event.peer == peer {
      guard case .call(let call) = event.body, call.isMeant(by: name), isMeant(call),
        call.subject != .stdin, call.subject != .stdout
      else { continue }
      let length = call.phase == .exit ? max(0, call.took ?? 0) : 0
      return (max(events[start].time, event.time + .nanoseconds(-length)), event.time)
    }
    return nil
  }

  private func end(of peer: String, after line: Int) -> (first: Moment, last: Moment)? {
    guard let start = indexOfStep(at: line) else { return nil }
    let end = events[start...].first { event in
      if case .ended = event.body { event.peer == peer } else { false }
    }
    return end.map { (events[start].time, $0.time) }
  }
}
