internal import Timeline

/// A run's events in the order of their moments, and how the run ended.
///
/// Programs report through pipes, so that an event may stand behind later ones in the timeline; moments decide.
struct Record {
  /// The laboratory's events, without verdicts; events of one moment stay in the timeline's order.
  let events: [Event]
  /// The last moment that was watched.
  let end: Moment
  /// Whether the timeline has its end.
  let isWhole: Bool
  /// Why the lab was stopped early, if it was.
  let stopReason: String?
  /// Between when and when the machine kept the laboratory waiting for a processor.
  private let waits: [(start: Moment, end: Moment)]
  /// The places of the script's own course among the events: steps and faults.
  let course: [Int]

  init(_ events: [Event]) {
    var own: [(offset: Int, event: Event)] = []
    var (isWhole, stopReason): (Bool, String?) = (false, nil)
    for event in events {
      switch event.body {
      case .verdict, .judgement: continue
      case .end(let reason): (isWhole, stopReason) = (true, reason)
      default: break
      }
      own.append((own.count, event))
    }
    own.sort { ($0.event.time, $0.offset) < ($1.event.time, $1.offset) }
    let ordered = own.map(\.event)
    self.events = ordered
    course = ordered.indices.filter { place in
      switch ordered[place].body {
      case .step, .fault: true
      default: false
      }
    }
    waits = ordered.compactMap { event in
      guard case .late(let time) = event.body else { return nil }
      return (event.time + .nanoseconds(-max(0, time)), event.time)
    }
    self.isWhole = isWhole
    self.stopReason = stopReason
    end = own.last?.event.time ?? .zero
  }

  /// Whether the run went through all of its statements.
  var isComplete: Bool { isWhole && stopReason == nil }

  /// For how long in all, between two moments, the machine let nothing run that waited for a processor.
  func lateness(from start: Moment, to end: Moment) -> Duration {
    waits.reduce(.zero) { sum, wait in sum + max(.zero, min(wait.end, end) - max(wait.start, start)) }
  }

  /// For how long a peer that waited in a call was not let run, between two moments, after the kernel had ended its
  /// connection; zero where no tracepoint shows that end, or several on its host leave it open whose they were.
  func waking(of peer: String, from start: Moment, to end: Moment) -> Duration {
    let span = events[index(from: start)...].prefix { $0.time <= end }
    guard let host = span.first(where: { $0.peer == peer })?.host else { return .zero }
    let ends = span.filter { event in
      if case .stateChange(let change) = event.body { change.to == .closed && event.host == host } else { false }
    }
    guard ends.count == 1, let ended = ends.first?.time else { return .zero }
    for event in span where event.peer == peer && event.time >= ended {
      guard case .call(let call) = event.body, call.phase == .exit, let took = call.took else { continue }
      return event.time + .nanoseconds(-took) < ended ? event.time - ended : .zero
    }
    return .zero
  }

  /// The place of the first event at `moment` or later.
  func index(from moment: Moment) -> Int {
    var (low, high) = (0, events.count)
    while low < high {
      let middle = (low + high) / 2
      if events[middle].time < moment { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
