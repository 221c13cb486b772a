internal import Timeline
internal import TimerModel

extension Forecaster {
  /// A full window: answered by a living kernel, or not any more.
  ///
  /// What is left of the window may be less than a segment. Then the first probe carries what still fits, and only its
  /// acknowledgment closes the window (`tcp_write_wakeup`): all begins again one interval later.
  func zeroWindow(_ peer: String, _ connection: Connection, since: Occurrence, _ way: Ways.Way) -> Course? {
    // The acknowledgment that closes the window is mostly a delayed one, and counts as a round trip of up to 40 ms:
    // an eighth of that comes to the timeout of the handshake's round trip, and a little more of the variation.
    let paths = stride(from: 204, through: 220, by: 4).map { milliseconds in
      var path = Path()
      path.rto = .milliseconds(milliseconds)
      return path
    }
    return course(paths.flatMap { zeroWindow(peer, connection, since: since, way, $0) }, since: since)
  }

  private func zeroWindow(
    _ peer: String,
    _ connection: Connection,
    since: Occurrence,
    _ way: Ways.Way,
    _ path: Path
  ) -> [Prediction?] {
    guard let answered = predict(.zeroWindow(.init(answered: true)), of: peer, path) else { return [nil] }
    let full = answered.delayed(by: Window(.zero, Forecaster.delayedAcknowledgment))
    guard let first = full.schedule.first(where: \.kind.isZeroWindowProbe) else { return [nil] }
    let beginnings = [full, answered.delayed(by: first.at)]
    var path = path
    switch way {
    case .open: return beginnings
    case .lossy, .unknown: return [nil]
    case .broken(.powerCycled): path.failure = .powerCycled
    case .broken, .oneWay: break
    }
    guard let broken = connection.brokenSince else { return [nil] }
    let elapsed = broken.clock - since.clock
    // Before the window is seen closed the data is under way, and that is another timer.
    guard elapsed > first.at.latest else { return [nil] }
    return beginnings.flatMap { silent(after: elapsed, of: peer, $0, path) }
  }

  /// The ends of a connection with a full window whose other end answers no more after `elapsed`.
  ///
  /// How many probes were answered before decides how long the next interval is. The user timeout, if there is one,
  /// counts from the first probe of all, answered or not: then it is as if all went on being answered.
  private func silent(
    after elapsed: Duration,
    of peer: String,
    _ answered: Prediction,
    _ path: Path
  ) -> [Prediction?] {
    guard answered.end.map({ $0.latest > elapsed }) ?? true else { return [nil] }
    let probes = answered.schedule.filter(\.kind.isZeroWindowProbe)
    let least = probes.count { $0.at.latest < elapsed }
    let most = probes.count { $0.at.earliest <= elapsed + Forecaster.stepDuration }
    return (least...most).map { count in
      let last = count == 0 ? Window(.zero, elapsed) : probes[count - 1].at
      let withheld = Forecaster.withheldAnswers(probes.prefix(count).map(\.at))
      let window = Situation.ZeroWindow(answeredBefore: count, withheldBefore: withheld)
      let silent = predict(.zeroWindow(window), of: peer, path)?.delayed(by: last)
      guard let end = answered.end, let later = silent?.end, end.earliest < later.earliest else { return silent }
      return answered
    }
  }

  /// How many of the last probes at these times got no answer from a living kernel, which answers a segment outside of its
  /// window at most every 500 ms (`tcp_invalid_ratelimit` as Linux has it).
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

  /// How long after the write the last acknowledgment comes that says how full the window is (`TCP_ATO_MIN`, 40 ms,
  /// rounded up by the timer wheel).
  static let delayedAcknowledgment = Duration.milliseconds(60)
}
