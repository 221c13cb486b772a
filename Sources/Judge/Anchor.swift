internal import LabScript
internal import Timeline

/// The deed from which expectations are measured: the last step before them that does something.
struct Anchor {
  /// The deed in words for a reason: `line 12, power off kodos`.
  var name: String
  /// When the deed was in force: durations count from here.
  ///
  /// That is the moment of the step's `fault`, `input` or `started` event; of its `step` event where there is none.
  var moment: Moment
  /// The earliest moment at which a consequence of the deed may stand in the timeline.
  ///
  /// A deed is noted after it was done, so its first consequences can carry earlier moments; but never by more than the
  /// observer's error, and never earlier than the statement was reached.
  var earliestConsequence: Moment

  /// How long after the deed `moment` came; what was noted before the deed came with it, at zero.
  func time(to moment: Moment) -> Duration { max(.zero, moment - self.moment) }
}

extension Anchor {
  /// The anchor that a deed sets, or `nil` if the run did not come to it.
  init?(deed step: Step, in record: Record) {
    let events = record.events
    func isReached(_ event: Event) -> Bool {
      switch event.body {
      case .step(step.line, _), .fault(step.line, _): true
      default: false
      }
    }
    guard let reached = events.firstIndex(where: isReached) else { return nil }
    func isInForce(_ event: Event) -> Bool {
      switch (event.body, step.action) {
      case (.fault(step.line, _), _): true
      case (.started, .start(let peer)), (.input(nil), .endsInput(let peer)), (.input(.some), .types(let peer, _)):
        event.peer == peer
      default: false
      }
    }
    name = "line \(step.line), \(step.deed)"
    moment = (events[reached...].first(where: isInForce) ?? events[reached]).time
    let slack = Moment(nanoseconds: moment.nanoseconds) + (.zero - Tolerance.observer)
    earliestConsequence = max(events[reached].time, slack)
  }

  /// The anchor of an expectation before any deed: the start of the peer, or of the first program on the host.
  init(startOf subject: String, in record: Record) {
    func isStart(_ event: Event) -> Bool {
      guard case .started = event.body else { return false }
      return event.peer == subject || event.host == subject
    }
    let start = record.events.first(where: isStart)
    name = start == nil ? "the beginning of the run" : "the start of \(start?.peer ?? subject)"
    moment = start?.time ?? record.events.first?.time ?? .zero
    earliestConsequence = moment
  }
}

extension Step {
  /// The statement without the `after 1s` that may stand before it.
  fileprivate var deed: String {
    delay == nil ? text : text.split(separator: " ").dropFirst(2).joined(separator: " ")
  }
}
