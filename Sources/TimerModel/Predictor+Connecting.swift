internal import Timeline

extension Predictor {
  func synReceived(acknowledged: Bool) -> Prediction {
    if case .icmp = path.failure { return atOnce([.synack], after: roundTrip, errno: nil, limit: .icmp) }
    let process = SynReceivedProcess(
      kernel: kernel,
      options: options,
      acknowledged: acknowledged,
      resetAfter: path.failure == .powerCycled ? roundTrip : nil
    )
    return run(process, deepestLevel: process.deepestLevel, first: .synack)
  }

  func connecting() -> Prediction {
    func run(_ answer: ConnectingProcess.Answer?) -> Prediction {
      let process = ConnectingProcess(
        kernel: kernel,
        options: options,
        queueRefuses: path.failure == .local(.queue),
        answer: answer
      )
      return self.run(process, deepestLevel: process.deepestLevel, first: .syn)
    }
    switch path.failure {
    case .powerCycled:
      return atOnce([.syn], after: roundTrip, errno: "ECONNREFUSED", limit: .reset)
    case .local(.noRoute(let errno)):
      return atOnce([], after: 0, errno: errno, limit: .noRoute)
    case .icmp(let error) where path.withinOneMachine:
      return run(.init(number: 1, delay: .nanoseconds(roundTrip), ending: Ending(errno: error.errno, limit: .icmp)))
    case .icmp(let error):
      return atOnce([.syn], after: roundTrip, errno: error.errno, limit: .icmp)
    case .silence, .local(.netfilter), .local(.queue):
      return run(nil)
    case .neighbourGone(let known):
      let resolution = NeighbourResolution(kernel: kernel)
      let silent = run(nil)
      if known {
        let numbers = firstUnresolved(silent) { kind in if case .synRetransmission = kind { true } else { false } }
        let ending = Ending(errno: "EHOSTUNREACH", limit: .arpFailure)
        return numbers.isEmpty
          ? silent
          : Prediction(oneOf: numbers.map { run(.init(number: $0, delay: .resolution(resolution), ending: ending)) })
      }
      let process = ResolvingProcess(resolution: resolution)
      let unresolved = self.run(process, deepestLevel: wheel.level(of: resolution.interval), first: .syn)
      // A short user timeout comes first.
      if let end = silent.end, let other = unresolved.end, end.latest <= other.latest { return silent }
      return unresolved
    }
  }
}
