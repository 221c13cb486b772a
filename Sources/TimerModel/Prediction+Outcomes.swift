internal import Timeline

extension Prediction {
  /// The prediction that covers these outcomes.
  ///
  /// - Parameters:
  ///   - outcomes: What happened for each class of starts; not empty.
  ///   - expiries: How many expiries were followed to find them.
  ///   - wheel: The wheel they ran on.
  ///   - first: What happens at the start itself.
  ///   - origin: How long after the start the prediction's times begin, in nanoseconds.
  ///   - explain: The sentence on the end, given the limit and the schedule.
  init<Process>(
    outcomes: [Simulation<Process>.Outcome],
    expiries: Int,
    wheel: TimerWheel,
    first: ScheduledEvent.Kind?,
    origin: Int64 = 0,
    explain: (Limit, Prediction) -> String
  ) {
    var gathering = Gathering(wheel: wheel, origin: origin)
    for outcome in outcomes { gathering.add(outcome) }
    let prediction = gathering.prediction(first: first, of: outcomes.count)
    self = prediction
    self.expiries = expiries
    if let limit = prediction.end?.limit { end?.explanation = explain(limit, prediction) }
  }
}

extension Prediction {
  /// The prediction that one of several, the likeliest of which comes first, is true.
  init(oneOf candidates: [Prediction]) {
    self = candidates[0]
    for other in candidates.dropFirst() {
      ends += other.ends
      expiries += other.expiries
      if let window = other.end?.window, var both = end {
        both.window = both.window.union(window)
        end = both
      }
      retransmissions =
        min(
          retransmissions.lowerBound,
          other.retransmissions.lowerBound
        )...max(
          retransmissions.upperBound,
          other.retransmissions.upperBound
        )
    }
    ends.sort { $0.earliest < $1.earliest }
  }
}

/// Windows and counts, while the outcomes are gone through.
private struct Gathering {
  let wheel: TimerWheel
  let origin: Int64
  var events: [(event: ScheduledEvent, count: Int)] = []
  /// Where the event of a kind, without its numbers, stands among them.
  var places: [ScheduledEvent.Kind: Int] = [:]
  /// Where the next event is looked for first: most outcomes are the same kinds in the same order.
  var cursor = 0
  var end: Prediction.End?
  var limits: [Limit: Int] = [:]
  var forever: String?
  var retransmissions: ClosedRange<Int>?
  var probes: ClosedRange<Int>?

  init(wheel: TimerWheel, origin: Int64) {
    self.wheel = wheel
    self.origin = origin
  }

  mutating func add<Process>(_ outcome: Simulation<Process>.Outcome) {
    cursor = 0
    for record in outcome.trail {
      let now = wheel.nanoseconds(jiffies: record.jiffies) + record.offset
      let event = ScheduledEvent(
        at: window(now, outcome.starts),
        kind: record.kind,
        check: record.check.map { check(now, outcome.starts, $0) },
        certain: true
      )
      merge(event)
    }
    retransmissions = widen(retransmissions, by: outcome.counts.retransmissions)
    probes = widen(probes, by: outcome.counts.probes)
    if let (jiffies, ending) = outcome.end {
      limits[ending.limit, default: 0] += 1
      let at = window(wheel.nanoseconds(jiffies: jiffies) + ending.delay, outcome.starts)
      let new = Prediction.End(window: at, errno: ending.errno, limit: ending.limit, explanation: "")
      end =
        end.map { old in
          var both = limits[new.limit, default: 0] >= limits[old.limit, default: 0] ? new : old
          both.window = old.window.union(new.window)
          return both
        } ?? new
    }
    forever = forever ?? outcome.forever
  }

  func prediction(first: ScheduledEvent.Kind?, of outcomes: Int) -> Prediction {
    var schedule = events.map { entry in
      var event = entry.event
      event.certain = entry.count == outcomes
      return event
    }
    schedule.sort { ($0.at.earliest, $0.at.latest) < ($1.at.earliest, $1.at.latest) }
    if let first { schedule.insert(ScheduledEvent(at: Window(.zero), kind: first, check: nil, certain: true), at: 0) }
    return Prediction(
      schedule: schedule,
      end: forever == nil ? end : nil,
      ends: forever == nil ? end.map { [$0.window] } ?? [] : [],
      forever: forever,
      retransmissions: retransmissions ?? 0...0,
      probes: probes ?? 0...0,
      tick: wheel.rate.jiffy
    )
  }

  private func window(_ moment: Int64, _ starts: ClosedRange<Int64>) -> Window {
    // A start falls at the latest just before the nanosecond that ends its range.
    let earliest = moment - origin - starts.upperBound - (starts.upperBound > starts.lowerBound ? 1 : 0)
    return Window(.nanoseconds(max(0, earliest)), .nanoseconds(max(0, moment - origin - starts.lowerBound)))
  }

  private func check(_ now: Int64, _ starts: ClosedRange<Int64>, _ check: RecordedCheck) -> ScheduledEvent.Check {
    switch check.measure {
    case .count(let count, let limit): .init(measure: .count(count, limit: limit), reached: check.reached)
    case .time(let clock, let since, let limit):
      .init(
        measure: .time(
          since: clock,
          elapsed: since.map { Window(.nanoseconds(now - $0)) } ?? window(now, starts),
          limit: limit
        ),
        reached: check.reached
      )
    }
  }

  private mutating func merge(_ event: ScheduledEvent) {
    let key = event.kind.withoutNumbers
    let isNext = cursor < events.count && events[cursor].event.kind.withoutNumbers == key
    guard let place = isNext ? cursor : places[key] else {
      places[key] = events.count
      events.append((event, 1))
      cursor = events.count
      return
    }
    cursor = place + 1
    events[place].count += 1
    let old = events[place].event
    events[place].event.kind = old.kind.merged(with: event.kind)
    events[place].event.at = old.at.union(event.at)
    if case .time(let clock, let elapsed, let limit) = event.check?.measure,
      case .time(clock, let earlier, limit) = old.check?.measure
    {
      events[place].event.check?.measure = .time(since: clock, elapsed: earlier.union(elapsed), limit: limit)
    }
  }

  private func widen(_ range: ClosedRange<Int>?, by value: Int) -> ClosedRange<Int> {
    guard let range else { return value...value }
    return min(range.lowerBound, value)...max(range.upperBound, value)
  }
}

extension ScheduledEvent.Kind {
  /// What is the same for every phase where the number of repetitions is not.
  fileprivate var withoutNumbers: Self {
    switch self {
    case .moreRetransmissions: .moreRetransmissions(0...0)
    case .moreProbes: .moreProbes(0...0)
    case .moreRefusals: .moreRefusals(0...0)
    default: self
    }
  }

  /// This, with the numbers of both.
  fileprivate func merged(with other: Self) -> Self {
    func union(_ one: ClosedRange<Int>, _ two: ClosedRange<Int>) -> ClosedRange<Int> {
      min(one.lowerBound, two.lowerBound)...max(one.upperBound, two.upperBound)
    }
    return switch (self, other) {
    case (.moreRetransmissions(let one), .moreRetransmissions(let two)): .moreRetransmissions(union(one, two))
    case (.moreProbes(let one), .moreProbes(let two)): .moreProbes(union(one, two))
    case (.moreRefusals(let one), .moreRefusals(let two)): .moreRefusals(union(one, two))
    default: self
    }
  }
}
