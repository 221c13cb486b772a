internal import LabScript
internal import Timeline
internal import TimerModel

/// The examination of one run: which expectation holds, and why.
struct Hearing {
  let script: Script
  let record: Record
  let forecast: Forecast
  /// The events that met an expectation, so that they meet no other on the same condition.
  var used: [Condition: Set<Int>] = [:]

  init(script: Script, record: Record, forecast: Forecast) {
    self.script = script
    self.record = record
    self.forecast = forecast
  }

  /// What an examination of one expectation found.
  struct Finding {
    var outcome: Verdict.Outcome
    var measured: String?
    var after: Duration?
    var reason: String
  }

  /// What an expectation is about, when it was due, and since when it is looked for.
  struct Matter {
    var step: Step
    var condition: Condition
    var timing: Timing
    var anchor: Anchor
    /// How long after the deed the run came to the statement.
    var reached: Duration
    /// When the next deed was begun, or the run ended.
    var end: Moment
    var prediction: Verdict.Prediction?
    /// The moment to which the run narrows the prediction, if it does.
    var predictedMoment: PredictedMoment?
  }

  /// The verdicts on all expectations, and on the waits that failed.
  mutating func verdicts() -> [Verdict] {
    var verdicts: [Verdict] = []
    var deed: Step?
    for (index, step) in script.steps.enumerated() {
      switch step.action {
      case .expect(let expectation):
        verdicts.append(verdict(on: expectation, step: step, deed: deed, next: script.steps[(index + 1)...]))
      case .wait(_, let limit):
        if let verdict = verdict(onWait: step, limit: limit) { verdicts.append(verdict) }
      default: deed = step
      }
    }
    return verdicts
  }

  private mutating func verdict(
    on expectation: Expectation,
    step: Step,
    deed: Step?,
    next: ArraySlice<Step>
  ) -> Verdict {
    let anchor = anchor(of: expectation, deed: deed)
    let (prediction, predictedMoment) = forecast.prediction(for: step.line, deed: anchor, in: record) ?? (nil, nil)
    var finding = Finding(outcome: .notReached, reason: notReached(step))
    if let reached = moment(of: step), let anchor {
      let nextDeed = next.first { $0.action.isDeed }.flatMap { Anchor(deed: $0, in: record) }
      finding = examine(
        Matter(
          step: step,
          condition: expectation.condition,
          timing: expectation.timing,
          anchor: anchor,
          reached: max(.zero, reached - anchor.moment),
          end: nextDeed?.earliestConsequence ?? record.end,
          prediction: prediction,
          predictedMoment: predictedMoment
        )
      )
    }
    return Verdict(
      line: step.line,
      text: step.text,
      outcome: finding.outcome,
      measured: finding.measured,
      after: finding.after,
      predicted: prediction,
      published: script.claims(beside: expectation.condition),
      reason: finding.reason
    )
  }

  private func anchor(of expectation: Expectation, deed: Step?) -> Anchor? {
    guard let deed else { return Anchor(startOf: expectation.condition.subject, in: record) }
    return Anchor(deed: deed, in: record)
  }

  private mutating func examine(_ matter: Matter) -> Finding {
    switch (matter.condition, matter.timing) {
    case (.toldNothing(let peer), _): examineSilence(of: peer, matter)
    case (.retransmits(let host, .exactly(let count)), _): examineCount(count, of: host, matter)
    case (.retransmits(let host, .asPredicted), _): examinePredictedCount(of: host, matter)
    case (_, .lasting(let length)): examineLasting(matter, length)
    default: examineMoment(matter)
    }
  }

  /// When the run came to the statement; `nil` if it did not.
  private func moment(of step: Step) -> Moment? {
    record.events.first { event in
      switch event.body {
      case .step(step.line, _), .waiting(step.line, _, _), .settled(step.line, _): true
      default: false
      }
    }?.time
  }

  private func verdict(onWait step: Step, limit: Duration) -> Verdict? {
    for event in record.events {
      if case .settled(step.line, let held) = event.body {
        if held { return nil }
        return Verdict(
          line: step.line,
          text: step.text,
          outcome: .failed,
          reason: "expected within \(limit.text); it did not come about, and the lab stops at a wait that fails"
        )
      }
    }
    guard moment(of: step) != nil else { return nil }
    return Verdict(line: step.line, text: step.text, outcome: .notReached, reason: notReached(step))
  }

  private func notReached(_ step: Step) -> String {
    if let reason = record.stopReason { return "the lab was stopped before it could be seen: \(reason)" }
    if !record.isWhole { return "the timeline breaks off \(sinceBeginning(record.end)) after the beginning" }
    return "the run ended without coming to line \(step.line)"
  }

  /// The time from the run's beginning to `moment`, in words.
  func sinceBeginning(_ moment: Moment) -> String { (moment - Moment.zero).text }

  /// The finding where nothing that was watched decides: the run was not watched for long enough.
  func undecided(_ expected: String, _ matter: Matter) -> Finding {
    let cause =
      if let reason = record.stopReason {
        "the lab was stopped: \(reason)"
      } else if record.isWhole {
        "the run ended"
      } else {
        "the timeline breaks off"
      }
    let watched = matter.anchor.time(to: record.end).text
    return Finding(outcome: .notReached, reason: "\(expected); \(watched) after the deed \(cause)")
  }
}
