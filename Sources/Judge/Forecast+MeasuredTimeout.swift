internal import Timeline
internal import TimerModel

extension Forecast.Count {
  /// The window for the retransmission timeout that this run measured, where that is longer than the usual one; `nil`
  /// otherwise.
  ///
  /// The timeout follows from the round trip of the handshake, which on a slow or busy machine is no lab's usual one. It is
  /// a measurement like the moment of the deed: what comes of it is predicted.
  func window(between mark: (first: Moment, last: Moment), in record: Record) -> Window? {
    var result: Window?
    for question in questions {
      guard let (rto, roundTrip) = record.timeout(of: question, from: mark.first) else { return nil }
      var path = question.path
      (path.rto, path.roundTrip) = (rto, roundTrip)
      guard
        let usual = try? question.kernel.predict(question.situation, options: question.options, path: question.path),
        let asked = try? question.kernel.predict(question.situation, options: question.options, path: path),
        let before = usual.end?.window, let window = asked.end?.window, window.latest > before.latest
      else { return nil }
      result = result?.union(window) ?? window
    }
    return result
  }
}

extension Record {
  /// The retransmission timeout of the connection that a question is about, before any backoff, and its round trip, as the
  /// samples showed them first after `start`; `nil` if they did not, or if the question is about something else.
  fileprivate func timeout(of question: Forecast.Question, from start: Moment) -> (rto: Duration, roundTrip: Duration)?
  {
    guard case .sending = question.situation else { return nil }
    for event in events where event.host == question.host && event.time >= start {
      guard case .socket(let sample) = event.body, sample.concerns(question.port),
        sample.timer?.kind == .retransmission,
        sample.backoff == 0, let rto = sample.rto, let rtt = sample.rtt
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
