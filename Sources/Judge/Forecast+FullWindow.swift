public import TimerModel
internal import Timeline

extension Forecast {
  /// A connection in front of a full window, whose other end may stop answering at some time.
  ///
  /// What is left of the window may be less than a segment. Then the first probe carries what still fits, and only its
  /// acknowledgment closes the window (`tcp_write_wakeup`): all begins again one interval later.
  public struct FullWindow: Hashable, Sendable {
    /// What the model is asked about the socket; its situation is that of answered probes.
    public var question: Question
    /// How long the window is full when the other end stops answering; `nil` if it goes on.
    public var brokenAfter: Duration?
    /// What becomes of the path then.
    public var failure: Path.Failure?
    /// How much longer the statement that breaks it may take.
    public var slack: Duration

    /// A full window.
    public init(
      question: Question,
      brokenAfter: Duration? = nil,
      failure: Path.Failure? = nil,
      slack: Duration
    ) {
      self.question = question
      self.brokenAfter = brokenAfter
      self.failure = failure
      self.slack = slack
    }

    /// The retransmission timeouts that a connection has on a machine with time to spare.
    ///
    /// The acknowledgment that closes the window is mostly a delayed one, and counts as a round trip of up to 40 ms: an
    /// eighth of that comes to the timeout of the handshake's round trip, and a little more of the variation.
    public static let usualTimeouts: [Duration] = stride(from: 204, through: 220, by: 4).map { .milliseconds($0) }

    /// How long after the write the last acknowledgment comes that says how full the window is (`TCP_ATO_MIN`, 40 ms,
    /// rounded up by the timer wheel).
    private static let delayedAcknowledgment = Duration.milliseconds(60)

    /// What the model gives, counted from the write, for a connection with this retransmission timeout; `nil` if one of the
    /// possible courses is not known.
    public func courses(timeout: Duration) -> [Prediction]? {
      var question = question
      question.path.rto = timeout
      guard let answered = question.predict() else { return nil }
      let full = answered.delayed(by: Window(.zero, FullWindow.delayedAcknowledgment))
      guard let first = full.schedule.first(where: \.kind.isZeroWindowProbe) else { return nil }
      let beginnings = [full, answered.delayed(by: first.at)]
      guard let brokenAfter else { return beginnings }
      // Before the window is seen closed the data is under way, and that is another timer.
      guard brokenAfter > first.at.latest else { return nil }
      if let failure { question.path.failure = failure }
      let courses = beginnings.flatMap { silent(after: brokenAfter, $0, question) }
      return courses.contains(nil) ? nil : courses.compactMap { $0 }
    }

    /// The ends of a connection with a full window whose other end answers no more after `elapsed`.
    ///
    /// How many probes were answered before decides how long the next interval is. The user timeout, if there is one,
    /// counts from the first probe of all, answered or not: then it is as if all went on being answered.
    private func silent(after elapsed: Duration, _ answered: Prediction, _ question: Question) -> [Prediction?] {
      guard answered.end.map({ $0.latest > elapsed }) ?? true else { return [nil] }
      let probes = answered.schedule.filter(\.kind.isZeroWindowProbe)
      let least = probes.count { $0.at.latest < elapsed }
      let most = probes.count { $0.at.earliest <= elapsed + slack }
      return (least...most).map { count in
        let last = count == 0 ? Window(.zero, elapsed) : probes[count - 1].at
        let withheld = FullWindow.withheldAnswers(probes.prefix(count).map(\.at))
        let window = Situation.ZeroWindow(answeredBefore: count, withheldBefore: withheld)
        let silent = question.predict(.zeroWindow(window))?.delayed(by: last)
        guard let end = answered.end, let later = silent?.end, end.earliest < later.earliest else { return silent }
        return answered
      }
    }

    /// How many of the last probes at these times got no answer from a living kernel, which answers a segment outside of
    /// its window at most every 500 ms (`tcp_invalid_ratelimit` as Linux has it).
    private static func withheldAnswers(_ probes: [Window]) -> Int {
      var (answered, withheld): (Duration?, Int) = (nil, 0)
      for probe in probes {
        if let last = answered, probe.earliest - last < .milliseconds(500) {
          withheld += 1
        } else {
          (answered, withheld) = (probe.earliest, 0)
        }
      }
      return withheld
    }
  }
}

extension Prediction {
  /// The same, later by a time from this window.
  public func delayed(by time: Window) -> Prediction {
    func later(_ window: Window) -> Window {
      Window(window.earliest + time.earliest, window.latest + time.latest)
    }
    var result = self
    if let window = end?.window { result.end?.window = later(window) }
    for index in schedule.indices { result.schedule[index].at = later(schedule[index].at) }
    return result
  }
}

extension [Prediction] {
  /// The window in which one of these comes to its end; `nil` where one of them has none.
  public var endWindow: Window? {
    let windows = map { $0.end?.window }
    guard let first = windows.first ?? nil else { return nil }
    return windows.dropFirst().reduce(first) { union, window in window.flatMap { union?.union($0) } }
  }
}

extension ScheduledEvent.Kind {
  /// Whether it is a zero-window probe.
  fileprivate var isZeroWindowProbe: Bool { if case .zeroWindowProbe = self { true } else { false } }
}
