internal import Timeline
internal import TimerModel

/// A prediction that is a moment, since the run shows when its timer was armed and in which phase of the kernel's wheel.
struct PredictedMoment {
  /// When the end comes, after the deed.
  ///
  /// Its ends differ only where a jiffy's border is within the packet's own error, or where several courses are possible.
  var window: Window
  /// The same, if the kernel ran its timers as late as the packets, and the connection's end, say that it did.
  ///
  /// One that runs late may find a limit passed that it would have found ahead on time, and end the connection an interval
  /// earlier than predicted.
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
      let end = record.end(of: onset.flow, on: question.host)
      for (situation, start) in asked.beginnings(of: onset) {
        guard let one = asked.moment(situation, at: start, onset, end, clock, deed) else { return nil }
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
    _ seenEnd: Moment?,
    _ clock: RunClock,
    _ deed: Moment
  ) -> PredictedMoment? {
    func predict(from start: Moment, sent: [Int64]) -> Prediction? {
      let phase = Phase.known(clock.clock, start: clock.monotonic(start))
      return try? kernel.predict(situation, options: options, path: path, phase: phase, sent: sent)
    }
    guard let prediction = predict(from: start, sent: []), let end = prediction.end else { return nil }
    let sent = onset.flow.sent.filter { $0.time > onset.moment }
    let times = sent.map { clock.monotonic($0.time) }
    let lag = clock.lag(at: start, prediction, sent)
    let starts = lag == .zero ? [start] : [start, start + (.zero - lag)]
    let signs = [times] + (seenEnd.map { [times + [clock.monotonic($0)]] } ?? [])
    let onTime = end.window.shifted(by: start - deed)
    let late = starts.flatMap { start in
      signs.compactMap { predict(from: start, sent: $0)?.end?.window.shifted(by: start - deed) }
    }.filter { $0 != onTime }
    return PredictedMoment(
      window: onTime,
      late: late.reduce(nil) { $0?.union($1) ?? $1 },
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

  /// The longest that jiffies may have stood still.
  private static let longestLag: Int64 = 150_000_000

  /// For how long the kernel's count of jiffies had stood still at `start`, as the first retransmission shows that came
  /// earlier than predicted: a hypervisor had taken away the processor that counts, and a timer was armed from the old count.
  func lag(at start: Moment, _ prediction: Prediction, _ sent: [Flow.Passage]) -> Duration {
    let tick = clock.rate.nanosecondsPerJiffy
    guard let first = prediction.schedule.first(where: { $0.kind.isRetransmission })?.at.earliest,
      let seen = sent.first(where: { $0.isRetransmission })?.time
    else { return .zero }
    // What is predicted stands on a tick, what is seen comes shortly after one.
    let ticks = (monotonic(start + first) + tick / 2) / tick - monotonic(seen) / tick
    return ticks > 0 && ticks * tick <= RunClock.longestLag ? .nanoseconds(ticks * tick) : .zero
  }
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

  /// When the kernel took a connection to CLOSED, if a tracepoint told.
  fileprivate func end(of flow: Flow, on host: String) -> Moment? {
    for event in events where event.host == host {
      guard case .stateChange(let change) = event.body, change.to == .closed, change.local == flow.local,
        change.remote == flow.remote
      else { continue }
      return event.time
    }
    return nil
  }
}

extension Flow.Passage {
  /// Whether a timer sent it again.
  fileprivate var isRetransmission: Bool {
    packet.meaning.map { $0.contains("retransmission") || $0 == "tail loss probe" } ?? false
  }
}

extension ScheduledEvent.Kind {
  /// Whether it sends again what was sent before.
  fileprivate var isRetransmission: Bool {
    switch self {
    case .retransmission, .tailLossProbe, .synRetransmission, .synackRetransmission: true
    default: false
    }
  }
}
