public import LabScript
public import Timeline

/// One lab that was run and judged: everything that a report is drawn from.
public struct LabRun: Sendable {
  /// The lab.
  public var script: Script
  /// Its timeline, without the judgement's events.
  public var events: [Event]
  /// What the judge says of it.
  public var judgement: Judgement

  /// A run; verdicts in `events` are left out, since `judgement` holds them.
  public init(script: Script, events: [Event], judgement: Judgement) {
    self.script = script
    self.judgement = judgement
    self.events = events.filter { event in
      switch event.body {
      case .verdict, .judgement: false
      default: true
      }
    }
  }

  /// What the timeline's first event says: clock, kernel and HZ; `nil` in a timeline without a beginning.
  public var beginning: Beginning? {
    for event in events {
      if case .begin(let beginning) = event.body { return beginning }
    }
    return nil
  }

  /// The last moment of the timeline, from its beginning.
  public var length: Duration { (events.map(\.time).max() ?? .zero) - .zero }

  /// Where the figures come from: `measured with CLOCK_MONOTONIC on Linux 6.18.44, HZ 250`.
  var origin: String {
    guard let beginning else { return "the timeline does not say with which clock and on which kernel" }
    let how =
      beginning.clock == Beginning.virtualClock ? "measured in virtual time" : "measured with \(beginning.clock)"
    return "\(how) on Linux \(beginning.kernel), HZ \(beginning.hz)"
  }
}

extension LabRun {
  /// The complete record: the timeline as JSON Lines, and the judgement's events after it.
  public func jsonLines() -> String {
    let end = events.map(\.time).max() ?? .zero
    return (events + judgement.events(at: end)).map { $0.line + "\n" }.joined()
  }

  /// The whole text report: head, timeline and conclusion, as a run prints it.
  public func text(_ options: TextOptions) -> String {
    var view = TextView(script: script, options: options)
    var lines = events.flatMap { view.feed($0) }
    lines += view.finish()
    return lines.map { $0 + "\n" }.joined() + conclusion(options)
  }
}
