package import Timeline

extension SocketSample {
  /// Both ends: `10.88.1.10:33226 to 10.88.2.20:8080`, for a listener `0.0.0.0:8080`.
  package var addresses: String { state == .listen ? local : "\(local) to \(remote)" }

  /// Both ports: `:33226 to :8080`, for a listener `:8080`.
  var ports: String {
    state == .listen ? SocketSample.portWord(local) : SocketSample.portWords(local, remote)
  }

  /// The ports of two ends: `:33226 to :8080`.
  static func portWords(_ local: String, _ remote: String) -> String { "\(portWord(local)) to \(portWord(remote))" }

  private static func portWord(_ address: String) -> String { port(of: address).map { ":\($0)" } ?? address }

  /// What the kernel's timer is at: `retransmission 9`, `keepalive probe 2`, `zero-window probe 3`; `nil` without one.
  package var timerWords: String? {
    guard let timer else { return nil }
    switch timer.kind {
    case .retransmission:
      let count = unansweredRetransmissions
      return count > 0 ? "retransmission \(count)" : "unacknowledged"
    case .keepalive where state == .finWait2, .timeWait: return nil
    case .keepalive: return timer.count > 0 ? "keepalive probe \(timer.count)" : "keepalive"
    case .persist: return timer.count > 0 ? "zero-window probe \(timer.count)" : "window closed"
    case .delayedAck: return nil
    }
  }

  /// What the armed timer brings next: the next attempt, or the socket's end.
  package var nextWord: String {
    switch (timer?.kind, state) {
    case (.timeWait, _), (.keepalive, .finWait2): "gone"
    case (.delayedAck, _): "acknowledgment"
    default: "next"
    }
  }

  /// What has been tried in vain: `15 retransmissions`; `nil` if nothing.
  package var unansweredWords: String? {
    let retransmissions = unansweredRetransmissions
    if retransmissions > 0 { return counted(retransmissions, "retransmission") }
    guard let timer, timer.count > 0 else { return nil }
    switch timer.kind {
    case .keepalive where state != .finWait2: return counted(timer.count, "keepalive probe")
    case .persist: return counted(timer.count, "zero-window probe")
    default: return nil
    }
  }

  /// Everything that the sample says beyond addresses and state.
  var detailWords: String {
    var words: [String] = []
    if let timer {
      let expiry = Duration.milliseconds(timer.expiresInMilliseconds).text
      words.append("timer \(timer.kind.rawValue) in \(expiry), count \(timer.count)")
    }
    if receiveQueue != 0 { words.append("receive queue \(receiveQueue)") }
    if sendQueue != 0 { words.append("send queue \(sendQueue)") }
    if let rto { words.append("RTO \(Duration.microseconds(rto).text)") }
    if let rtt { words.append("RTT \(Duration.microseconds(rtt).text)") }
    if let retransmits { words.append("retransmits \(retransmits)") }
    if let probes { words.append("probes \(probes)") }
    if let backoff { words.append("backoff \(backoff)") }
    if let totalRetransmissions { words.append("retransmitted in all \(totalRetransmissions)") }
    return words.joined(separator: ", ")
  }
}

/// `1 probe`, `2 probes`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
