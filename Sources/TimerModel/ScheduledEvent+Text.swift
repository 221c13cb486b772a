internal import Timeline

extension Window {
  /// The window in seconds: `937.69–939.73 s`, or `0.2 s` where both ends read the same.
  public var text: String {
    let digits = latest < .seconds(1) ? 3 : 2
    let (first, last) = (earliest.seconds(digits: digits), latest.seconds(digits: digits))
    return first == last ? "\(first) s" : "\(first)–\(last) s"
  }
}

extension ScheduledEvent {
  /// What happens, in a few words: `retransmission 9`, `keepalive probe 2`.
  public var what: String {
    switch kind {
    case .syn: "SYN"
    case .synRetransmission(let number): "SYN retransmission \(number)"
    case .synack: "SYN-ACK"
    case .synackRetransmission(let number): "SYN-ACK retransmission \(number)"
    case .deferred(let number): "timer \(number): waits for data without sending"
    case .transmission: "transmission"
    case .tailLossProbe: "tail loss probe"
    case .retransmission(let number): "retransmission \(number)"
    case .refused(let number): "attempt \(number), refused by the own machine"
    case .unresolved(let number): "retransmission \(number), waits for ARP in vain"
    case .idle: "idle"
    case .keepaliveRestart: "keepalive timer starts again"
    case .keepaliveProbe(let number): "keepalive probe \(number)"
    case .zeroWindowProbe(let number): "zero-window probe \(number)"
    case .moreRetransmissions(let counts): "\(numbers(counts)) retransmissions more"
    case .moreProbes(let counts): "\(numbers(counts)) probes more"
    case .moreRefusals(let counts): "\(numbers(counts)) attempts more, refused by the own machine"
    case .arpRequest(let number): "ARP request \(number)"
    case .icmpError(let number): "host unreachable after retransmission \(number)"
    case .reset: "RST comes in"
    case .finWait2: "FIN_WAIT_2"
    case .miniSocket: "a mini socket takes over"
    case .timeWait: "TIME_WAIT"
    case .end: "gives up"
    }
  }

  private func numbers(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
  }

  /// Why TCP does so, or does not give up yet.
  public var why: String {
    switch check?.measure {
    case .time(let clock, let elapsed, let limit):
      let since =
        switch clock {
        case .firstRetransmission: "the first retransmission"
        case .firstSYN: "the first SYN"
        case .transmission: "the write"
        case .lastReceived: "the last packet received"
        case .firstProbe: "the first probe"
        }
      let limitText = "\(limit.seconds(digits: 1)) s"
      if check?.reached == true { return "\(elapsed.text) since \(since): the limit of \(limitText) is reached" }
      if elapsed.earliest >= limit {
        return "\(elapsed.text) since \(since), beyond \(limitText), but no probe is unanswered yet"
      }
      return "\(elapsed.text) since \(since), below the limit of \(limitText)"
    case .count(let count, let limit):
      return check?.reached == true
        ? "\(count) unanswered of \(limit) allowed: the limit is reached" : "\(count) unanswered of \(limit) allowed"
    case nil: return defaultReason
    }
  }

  private var defaultReason: String {
    switch kind {
    case .retransmission(1), .synRetransmission(1): "nothing is checked at the first timeout"
    case .tailLossProbe: "the last segment again, before the first timeout; it does not count"
    case .icmpError: "remembered as the errno of the end; it takes one doubling of the timeout back"
    case .keepaliveRestart: "something was received since the timer was armed"
    default: ""
    }
  }
}
