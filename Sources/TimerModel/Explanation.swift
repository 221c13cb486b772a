internal import Timeline

extension Predictor {
  /// The sentence on how a limit came to end the connection, with the numbers.
  func explanation(_ limit: Limit, _ prediction: Prediction) -> String {
    let end = prediction.end?.window ?? Window(.zero)
    let last = prediction.schedule.last { event in
      switch event.kind {
      case .retransmission, .synRetransmission, .synackRetransmission, .unresolved: true
      case .keepaliveProbe, .zeroWindowProbe, .refused: true
      default: false
      }
    }
    let lastText = last.map { "\($0.what) at \($0.at.text)" } ?? "no retransmission before"
    switch limit {
    case .retries2: return retries2Explanation(prediction, lastText: lastText, end: end)
    case .userTimeout: return userTimeoutExplanation(prediction, lastText: lastText, end: end)
    case .keepalive:
      let count = options.keepalive?.count ?? kernel[.keepaliveProbes]
      return "TCP_KEEPCNT=\(count): \(lastText) is unanswered at the timer after it, at \(end.text)"
    case .synRetries, .synCount:
      return synExplanation(prediction, limit: limit, lastText: lastText, end: end)
    case .synackRetries:
      return "tcp_synack_retries=\(options.synCount ?? kernel[.synackRetries]): \(lastText), forgotten at \(end.text)"
    case .orphanRetries:
      let bound = timeLimit(prediction)
      return "tcp_orphan_retries=\(kernel[.orphanRetries])\(kernel[.orphanRetries] == 0 ? " (which means 8)" : "")"
        + (bound.map { ": lower bound \($0.seconds(digits: 1)) s" } ?? "")
        + "; \(lastText); first timer after the bound at \(end.text)"
    case .finTimeout: return "tcp_fin_timeout=\(kernel[.finTimeout]) s, rounded up by the timer wheel: \(end.text)"
    case .linger2:
      guard let linger2 = options.linger2, linger2 >= 0 else { return "TCP_LINGER2 is negative: an RST at once" }
      let doubled = linger2 > 60 ? "; beyond 60 s only what exceeds them is waited, twice" : ""
      return "TCP_LINGER2=\(min(120, linger2)) s\(doubled): \(end.text)"
    case .timeWait: return "TIME_WAIT lasts 60 s, rounded up by the timer wheel: \(end.text)"
    case .arpFailure:
      return "\(kernel[.multicastSolicitations]) ARP requests went unanswered: the neighbour counts as unreachable"
    case .icmp: return "the ICMP error comes in after a round trip, at \(end.text)"
    case .reset: return "the RST comes in a round trip after the packet that it answers, at \(end.text)"
    case .fin: return "the FIN comes in at \(end.text)"
    case .noRoute: return "the route lookup fails at once"
    case .zeroWindowSilence: return "nothing at all was received for twice the largest retransmission timeout"
    }
  }

  private func timeLimit(_ prediction: Prediction) -> Duration? {
    guard case .time(_, _, let limit) = prediction.schedule.last(where: { $0.kind == .end })?.check?.measure else {
      return nil
    }
    return limit
  }

  private func retries2Explanation(_ prediction: Prediction, lastText: String, end: Window) -> String {
    let value = kernel[.retries2]
    if let bound = timeLimit(prediction) {
      return "tcp_retries2=\(value): lower bound \(bound.seconds(digits: 1)) s after the first retransmission; "
        + "\(lastText); first timer after the bound at \(end.text)"
    }
    return "tcp_retries2=\(value): \(lastText); given up at the timer after it, at \(end.text)"
  }

  private func userTimeoutExplanation(_ prediction: Prediction, lastText: String, end: Window) -> String {
    let since =
      switch prediction.schedule.last(where: { $0.kind == .end })?.check?.measure {
      case .time(.firstRetransmission, _, _): "the first retransmission, which is not the moment of the write"
      case .time(.firstSYN, _, _): "the first SYN"
      case .time(.transmission, _, _): "the write, since no retransmission ever left"
      case .time(.firstProbe, _, _): "the first zero-window probe"
      default: "the last packet received, and needs one unanswered probe"
      }
    return "TCP_USER_TIMEOUT=\(options.userTimeout) ms counts from \(since); \(lastText); "
      + "first timer after the limit at \(end.text)"
  }

  private func synExplanation(_ prediction: Prediction, limit: Limit, lastText: String, end: Window) -> String {
    let value = options.synCount ?? kernel[.synRetries]
    let check = prediction.schedule.last { $0.kind == .end }?.check
    if case .time(_, _, let bound) = check?.measure {
      return "\(limit.name)=\(value) stands for \(bound.seconds(digits: 1)) s since the first SYN; \(lastText); "
        + "first timer after that at \(end.text)"
    }
    let linear = kernel.version.hasLinearSYNs ? kernel[.synLinearTimeouts] : 0
    let added = linear > 0 ? " and tcp_syn_linear_timeouts=\(linear)" : ""
    return "\(limit.name)=\(value)\(added): \(value + linear) retransmissions, \(lastText); given up at \(end.text)"
  }
}
