internal import Timeline
internal import TimerModel

/// A prediction that is a moment, since the run shows when its timer was armed and in which phase of the kernel's wheel.
struct PredictedMoment {
  /// When the end comes, after the deed.
  ///
  /// Its ends differ only where a jiffy's border is within the packet's own error, or where several courses are possible.
  var window: Window
  /// The same, if the kernel ran its timers as late as the packets say that it did.
  var late: Window?
  /// The latest that the end could come in any phase of the wheel.
  var latestOfAnyPhase: Duration?
  /// What ends it, and how it comes to that.
  var end: Prediction.End
  /// How often something is retransmitted, if that is one number.
  var retransmissions: Int?
  /// The length of a jiffy: an expiry may be that much later.
  var tick: Duration
  /// From what it counts, in words.
  var origin: String

  /// Both, where both are possible.
  fileprivate func joined(with other: PredictedMoment) -> PredictedMoment {
    var result = self
    result.window = window.union(other.window)
    if late != nil || other.late != nil { result.late = (late ?? window).union(other.late ?? other.window) }
    if retransmissions != other.retransmissions { result.retransmissions = nil }
    if end.errno != other.end.errno { result.end.errno = nil }
    return result
  }
}

extension Forecast.Count {
  /// The moment that the model gives for this run, counted from `deed`; `nil` where the phase of jiffies is unknown or
  /// the packets do not show the onset.
  func moment(after deed: Moment, between mark: (first: Moment, last: Moment), in record: Record) -> PredictedMoment? {
    guard let clock = record.jiffyClock else { return nil }
    var result: PredictedMoment?
    for question in questions {
      // How old the neighbour's entry is, and when ARP's own timers were armed, no packet shows.
      if case .neighbourGone = question.path.failure { return nil }
      guard question.kernel.rate == clock.clock.rate,
        let onset = record.onset(of: question, at: mark, until: deed)
      else { return nil }
      let asked = question.informed(by: onset, in: record)
      for (situation, start) in asked.beginnings(of: onset) {
        guard let one = asked.moment(situation, at: start, onset, clock, deed) else { return nil }
        result = result?.joined(with: one) ?? one
      }
    }
    return result
  }
}

extension Forecast.Question {
  /// The question with what the run's samples say of the connection: its round trip, and the timeout that came of it.
  fileprivate func informed(by onset: Onset, in record: Record) -> Forecast.Question {
    var question = self
    switch situation {
    case .sending, .closing(.finUnacknowledged): break
    default: return self
    }
    for event in record.events where event.host == host {
      guard case .socket(let sample) = event.body, sample.local == onset.flow.local, sample.remote == onset.flow.remote
      else { continue }
      if event.time > onset.moment + .milliseconds(50) { break }
      guard let rto = sample.rto, (sample.backoff ?? 0) == 0, (1...120_000_000).contains(rto) else { continue }
      question.path.rto = .microseconds(rto)
      if let rtt = sample.rtt, (0...120_000_000).contains(rtt) { question.path.roundTrip = .microseconds(rtt) }
    }
    return question
  }

  /// The situations and starts that the onset leaves possible: the packet's timestamp and the arming of the timer may lie
  /// on two sides of a tick.
  fileprivate func beginnings(of onset: Onset) -> [(Situation, Moment)] {
    [.zero, Onset.slack].flatMap { delay -> [(Situation, Moment)] in
      let start = onset.moment + delay
      guard case .idle = situation else { return [(situation, start)] }
      let before = onset.armedBefore
      return Set([before.lowerBound, before.upperBound]).map { (.idle(.init(armedBefore: $0)), start) }
    }
  }

  fileprivate func moment(
    _ situation: Situation,
    at start: Moment,
    _ onset: Onset,
    _ clock: RunClock,
    _ deed: Moment
  ) -> PredictedMoment? {
    func predict(sent: [Int64]) -> Prediction? {
      let phase = Phase.known(clock.clock, start: clock.monotonic(start))
      return try? kernel.predict(situation, options: options, path: path, phase: phase, sent: sent)
    }
    let sent = onset.flow.sent.filter { $0.time > onset.moment }.map { clock.monotonic($0.time) }
    guard let prediction = predict(sent: []), let end = prediction.end else { return nil }
    let late = predict(sent: sent)?.end?.window
    return PredictedMoment(
      window: end.window.shifted(by: start - deed),
      late: late.flatMap { $0 == end.window ? nil : $0.shifted(by: start - deed) },
      end: end,
      retransmissions: prediction.retransmissions.count == 1 ? prediction.retransmissions.lowerBound : nil,
      tick: prediction.tick,
      origin: "the \(onset.words) at \((onset.moment - .zero).text)"
    )
  }
}

/// How the moments of a run, the monotonic clock and the kernel's jiffies correspond.
struct RunClock {
  /// Jiffies by the monotonic clock.
  var clock: JiffyClock
  /// What the monotonic clock showed at moment zero.
  var atStart: Int64

  /// What the monotonic clock showed at `moment`.
  func monotonic(_ moment: Moment) -> Int64 { atStart + moment.nanoseconds }
}

extension Record {
  /// The clocks of the run; `nil` where the laboratory could not read the kernel's jiffies, or where they are beyond what
  /// any machine shows.
  fileprivate var jiffyClock: RunClock? {
    for event in events {
      guard case .begin(let beginning) = event.body else { continue }
      let possible = 0...Int64.max / 4
      guard let jiffies = beginning.jiffies, let rate = TickRate(rawValue: Int(clamping: beginning.hz)),
        beginning.clock == "CLOCK_MONOTONIC", possible.contains(jiffies), possible.contains(beginning.clockAtStart)
      else { return nil }
      let clock = JiffyClock(jiffies: jiffies, atMonotonic: beginning.clockAtStart, rate: rate)
      return RunClock(clock: clock, atStart: beginning.clockAtStart)
    }
    return nil
  }
}
