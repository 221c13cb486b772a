internal import Timeline

extension Prediction {
  /// The prediction that covers these outcomes.
  ///
  /// - Parameters:
  ///   - outcomes: What happened for each class of starts; not empty.
  ///   - wheel: The wheel they ran on.
  ///   - first: What happens at the start itself.
  ///   - origin: How long after the start the prediction's times begin, in nanoseconds.
  ///   - explain: The sentence on the end, given the limit and the schedule.
  init<Process>(
    outcomes: [Simulation<Process>.Outcome],
    wheel: TimerWheel,
    first: ScheduledEvent.Kind?,
    origin: Int64 = 0,
    explain: (Limit, Prediction) -> String
  ) {
    var gathering = Gathering(wheel: wheel, origin: origin)
    for outcome in outcomes { gathering.add(outcome) }
    let prediction = gathering.prediction(first: first, of: outcomes.count)
    self = prediction
    if let limit = prediction.end?.limit { end?.explanation = explain(limit, prediction) }
  }
}

extension Prediction {
  /// The prediction that one of several, the likeliest of which comes first, is true.
  init(oneOf candidates: [Prediction]) {
    self = candidates[0]
    for other in candidates.dropFirst() {
      ends += other.ends
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
  var events: [ScheduledEvent.Kind: (event: ScheduledEvent, count: Int)] = [:]
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
    var counts = (retransmissions: 0, probes: 0)
    for record in outcome.trail {
      let now = wheel.nanoseconds(jiffies: record.jiffies) + record.offset
      let event = ScheduledEvent(
        at: window(now, outcome.starts),
        kind: record.kind,
        check: record.check.map { check(now, outcome.starts, $0) },
        certain: true
      )
      merge(event)
      switch record.kind {
      case .synRetransmission, .synackRetransmission, .retransmission, .unresolved: counts.retransmissions += 1
      case .keepaliveProbe, .zeroWindowProbe: counts.probes += 1
      case .moreRetransmissions(let count): counts.retransmissions += count
      case .moreProbes(let count): counts.probes += count
      default: break
      }
    }
    retransmissions = widen(retransmissions, by: counts.retransmissions)
    probes = widen(probes, by: counts.probes)
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
    var schedule = events.values.map { entry in
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
    guard var (old, count) = events[event.kind] else {
      events[event.kind] = (event, 1)
      return
    }
    old.at = old.at.union(event.at)
    if case .time(let clock, let elapsed, let limit) = event.check?.measure,
      case .time(clock, let earlier, limit) = old.check?.measure
    {
      old.check?.measure = .time(since: clock, elapsed: earlier.union(elapsed), limit: limit)
    }
    count += 1
    events[event.kind] = (old, count)
  }

  private func widen(_ range: ClosedRange<Int>?, by value: Int) -> ClosedRange<Int> {
    guard let range else { return value...value }
    return min(range.lowerBound, value)...max(range.upperBound, value)
  }
}
