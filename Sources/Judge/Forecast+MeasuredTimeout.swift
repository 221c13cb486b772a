internal import Timeline
internal import TimerModel

extension Forecast.Count {
  /// What the model gives for the retransmission timeout that this run measured from `start` on, where that is longer than
  /// the usual one; `nil` otherwise.
  ///
  /// The timeout follows from the round trips until then, which on a slow or busy machine are no lab's usual ones. It is a
  /// measurement like the moment of the deed: what comes of it is predicted.
  func measured(from start: Moment, in record: Record) -> (window: Window, explanation: String)? {
    if let fullWindow { return fullWindow.measured(from: start, in: record) }
    var result: (window: Window, explanation: String)?
    for question in questions {
      guard case .sending = question.situation,
        let (rto, roundTrip) = record.timeout(of: question, armedAs: .retransmission, from: start)
      else { return nil }
      var asked = question
      (asked.path.rto, asked.path.roundTrip) = (rto, roundTrip)
      guard let before = question.predict()?.end?.window, let end = asked.predict()?.end,
        end.window.latest > before.latest
      else { return nil }
      result = (result?.window.union(end.window) ?? end.window, end.explanation)
    }
    return result
  }
}

extension Forecast.FullWindow {
  fileprivate func measured(from start: Moment, in record: Record) -> (window: Window, explanation: String)? {
    guard let (rto, _) = record.timeout(of: question, armedAs: .persist, from: start),
      let longest = Forecast.FullWindow.usualTimeouts.last, rto > longest,
      let courses = courses(timeout: rto), let window = courses.endWindow, let end = courses.last?.end
    else { return nil }
    return (window, end.explanation)
  }
}

extension Record {
  /// The retransmission timeout of the connection that a question is about, before any backoff, and its round trip, as the
  /// samples showed them first after `start` with this timer armed; `nil` if they did not.
  ///
  /// Zero-window probes leave the timeout as it is: their backoff counts beside it.
  fileprivate func timeout(of question: Forecast.Question, armedAs kind: SocketTimer.Kind, from start: Moment)
    -> (rto: Duration, roundTrip: Duration)?
  {
    for event in events where event.host == question.host && event.time >= start {
      guard case .socket(let sample) = event.body, sample.concerns(question.port), sample.timer?.kind == kind,
        kind == .persist || sample.backoff == 0, let rto = sample.rto, let rtt = sample.rtt
      else { continue }
      guard (1...120_000_000).contains(rto), (0...120_000_000).contains(rtt) else { return nil }
      return (.microseconds(rto), .microseconds(rtt))
    }
    return nil
  }
}

extension SocketSample {
  fileprivate func concerns(_ port: Forecast.Question.Port?) -> Bool {
    switch port {
    case .own(let number): SocketSample.port(of: local) == number
    case .other(let number): SocketSample.port(of: remote) == number
    case nil: true
    }
  }
}
