internal import Timeline

extension StateChange {
  private var sample: SocketSample { SocketSample(cookie: 0, local: local, remote: remote, state: to) }

  /// Both ends, as ``SocketSample/addresses``.
  var addresses: String { sample.addresses }

  /// Both ports, as ``SocketSample/ports``.
  var ports: String { sample.ports }
}

extension Resending {
  /// `sends again  :33226 to :8080`.
  var words: String {
    let what = state == .synReceived ? "sends its SYN-ACK again" : "sends again"
    let failure = refused.map { "  refused by its own machine: \($0)" } ?? ""
    return "\(what)  \(SocketSample.portWords(local, remote))\(failure)"
  }
}

extension ResetEvent {
  /// `sends RST  :33226 to :8080  ESTABLISHED  TCP_ABORT_ON_DATA`.
  var words: String {
    let what = direction == .out ? "sends RST" : "takes RST"
    return [what, SocketSample.portWords(local, remote), state?.name, reason].compactMap { $0 }.joined(separator: "  ")
  }
}

extension SocketDeath {
  /// `destroyed  :33226 to :8080  sent 22 bytes in 17 segments, …`.
  var words: String {
    var parts: [String] = []
    if let bytes = numbers[.bytesSent], let segments = numbers[.segmentsOut] {
      parts.append("sent \(counted(Int(clamping: bytes), "byte")) in \(counted(Int(clamping: segments), "segment"))")
    }
    if let count = numbers[.retransmitted], count > 0 {
      parts.append("\(counted(Int(clamping: count), "segment")) sent again")
    }
    if let time = numbers[.lastAcknowledged] {
      parts.append("last acknowledgment \(Duration.milliseconds(max(0, time)).text) before")
    }
    return "destroyed  \(SocketSample.portWords(local, remote))  \(parts.joined(separator: ", "))"
  }
}
