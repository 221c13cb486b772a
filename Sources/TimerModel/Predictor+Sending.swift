internal import Timeline

extension Predictor {
  func sending(_ sending: Situation.Sending) -> Prediction {
    switch path.failure {
    case .powerCycled:
      return atOnce([.transmission], after: roundTrip, errno: "ECONNRESET", limit: .reset)
    case .local(let refusal) where !sending.firstTransmissionSent:
      // What was never sent waits for the probe timer.
      return neverSent(refusal)
    default:
      return retransmitting(segments: sending.segments, orphaned: false)
    }
  }

  /// The retransmission of data or a FIN.
  func retransmitting(segments: Int, orphaned: Bool) -> Prediction {
    let timeout = RetransmissionTimeout(kernel: kernel, options: options, path: path, segments: segments)
    func run(_ answer: SendingProcess.Answer) -> Prediction {
      let process = SendingProcess(
        kernel: kernel,
        options: options,
        timeout: timeout,
        orphaned: orphaned,
        answer: answer
      )
      return self.run(process, deepestLevel: process.deepestLevel, first: .transmission)
    }
    switch path.failure {
    case .icmp(let error):
      let prediction = run(.icmp(error, ICMPRateLimit(rate: kernel.rate, perSecond: error.ratePerSecond)))
      return error.revertsBackoff ? loosened(prediction) : prediction
    case .local(.queue): return run(.queueRefuses)
    case .local(.noRoute(let errno)): return run(.noRoute(errno))
    case .silence, .powerCycled, .local(.netfilter): return run(.nothing)
    case .neighbourGone(let known):
      var resolution = NeighbourResolution(kernel: kernel)
      resolution.revertsBackoff = !path.usesNeighbourDiscovery
      guard known else { return run(.neighbourGone(from: 0, resolution)) }
      let silent = run(.nothing)
      let numbers = firstUnresolved(silent) { kind in if case .retransmission = kind { true } else { false } }
      return numbers.isEmpty ? silent : Prediction(oneOf: numbers.map { run(.neighbourGone(from: $0, resolution)) })
    }
  }

  /// The numbers of the transmissions that may be the first to find the neighbour entry gone, the likeliest first.
  ///
  /// 0 is the first of all. Where they are more than can be run in a second, as with an entry that is trusted for days,
  /// they are some of them, from the first to the last.
  func firstUnresolved(_ silent: Prediction, _ counts: (ScheduledEvent.Kind) -> Bool) -> [Int] {
    let entry = NeighbourEntry(kernel: kernel, confirmedBefore: path.neighbourConfirmedBefore)
    let moments = silent.schedule.filter { counts($0.kind) }.map { $0.at.earliest.nanoseconds }
    let numbers = entry.firstUnresolved(transmissions: [0] + moments)
    let most = max(3, 400_000 / max(1, silent.expiries))
    guard numbers.count > most else { return numbers }
    let ordered = numbers.sorted()
    let some = Set((0..<most - 1).map { ordered[$0 * (ordered.count - 1) / (most - 2)] })
    return numbers.prefix(1) + numbers.dropFirst().filter(some.contains)
  }

  /// With an ICMP error on every retransmission the interval depends on which of them the sender's rate limit held
  /// back, one jiffy deciding: the end is only known to be the first expiry after the limit.
  private func loosened(_ prediction: Prediction) -> Prediction {
    guard var end = prediction.end, let first = prediction.schedule.first(where: { $0.kind == .retransmission(1) }),
      case .time(_, _, let limit) = prediction.schedule.last(where: { $0.kind == .end })?.check?.measure
    else { return prediction }
    var loosened = prediction
    // The rate limit of one a second makes the interval settle at the doubling that is next above a second.
    end.window = end.window.union(Window(first.at.earliest + limit, first.at.latest + limit + .seconds(2)))
    loosened.end = end
    loosened.retransmissions = 0...max(1, 2 * prediction.retransmissions.upperBound)
    loosened.schedule = prediction.schedule.filter { $0.at.latest < .seconds(1) || $0.kind == .end }
    let sentence = explanation(end.limit, loosened)
    loosened.end?.explanation = sentence
    return loosened
  }
}
