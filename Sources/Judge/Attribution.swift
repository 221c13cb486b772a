internal import LabScript
internal import Timeline

/// What ended each connection, derived from the script's deeds and the events alone.
///
/// The last sample of its socket decides, and what its host's programs did and were told then; predictions play no part.
func attributions(in record: Record, of script: Script) -> [String] {
  var table = SocketTable()
  var sentences: [String] = []
  for (index, event) in record.events.enumerated() {
    let before = table.apply(event)
    guard case .socketGone(let sample) = event.body, sample.isConnection,
      !record.hasSuccessor(of: sample, on: event.host, from: index)
    else { continue }
    let ending = ConnectionEnding(
      // The gone event repeats the last sample, whose timer counts from when it was taken.
      sample: before?.sample ?? sample,
      sampled: before?.time ?? event.time,
      gone: event.time,
      power: record.powerFault(on: event.host, before: index, script),
      failure: record.failure(on: event.host, around: event.time),
      close: record.close(on: event.host, before: event.time)
    )
    sentences.append(
      "\(event.host ?? "?") \(sample.local) to \(sample.remote) ended in \(ending.sample.state.name), "
        + "\((event.time - .zero).text) from the beginning: \(ending.cause)"
    )
  }
  return sentences + survivors(in: table)
}

/// What is left at the end; many connections of one host in one state are told as one.
private func survivors(in table: SocketTable) -> [String] {
  let most = 3
  var groups: [(host: String, state: String, samples: [SocketSample])] = []
  for entry in table.entries where entry.sample.isConnection {
    let state = entry.sample.state.name
    if let place = groups.firstIndex(where: { $0.host == entry.host && $0.state == state }) {
      groups[place].samples.append(entry.sample)
    } else {
      groups.append((entry.host, state, [entry.sample]))
    }
  }
  return groups.flatMap { host, state, samples in
    samples.count > most
      ? ["\(host): \(samples.count) connections were still \(state) at the end"]
      : samples.map { "\(host) \($0.local) to \($0.remote) was still \(state) at the end" }
  }
}

/// The end of one connection.
struct ConnectionEnding {
  /// Its last sample.
  var sample: SocketSample
  /// When that was taken.
  var sampled: Moment
  /// When the connection was gone.
  var gone: Moment
  /// What was done to its host's power just then.
  var power: PowerFault?
  /// The error that a program on its host was told at that moment, and by which call.
  var failure: (call: String, error: String)?
  /// How a program on its host let go of it shortly before.
  var close: String?

  /// What ended it, in words.
  var cause: String {
    switch power {
    case .off: return "its host was switched off"
    case .cycle: return "its host was switched off and on"
    case .on, .reboot, nil: break
    }
    let told =
      failure.map { $0.call == "getsockopt" ? "; SO_ERROR was \($0.error)" : "; \($0.call) failed with \($0.error)" }
      ?? ""
    switch failure?.error {
    case "ECONNRESET": return "an RST came" + told
    case "EPIPE": return "an RST came after the other side's FIN" + told
    case "ECONNREFUSED": return "an RST answered its SYN, or an ICMP error said that the port is closed" + told
    case "ETIMEDOUT": return (limit ?? "a time limit of TCP's was reached") + told
    case .some: return (limit ?? "an ICMP or ARP error ended it") + told
    case nil: break
    }
    if wasTimerDue, let limit { return limit }
    return switch sample.state {
    case .lastAck: "both sides had closed it"
    case .timeWait, .finWait2: "its time was not over: an RST came, or its place was taken by a new connection"
    default:
      close
        ?? (power == .reboot ? "its host was rebooted" : "no timer of it had run out: an RST came, or it was closed")
    }
  }

  /// Whether the timer of the last sample had run out when the connection was gone.
  private var wasTimerDue: Bool {
    guard let timer = sample.timer else { return false }
    return sampled + .milliseconds(max(0, timer.expiresInMilliseconds)) <= gone + Tolerance.sampled
  }

  /// The limit that the armed timer was counting towards; `nil` if nothing was counted.
  private var limit: String? {
    guard let timer = sample.timer else { return nil }
    let count = timer.kind == .retransmission ? sample.unansweredRetransmissions : timer.count
    switch (timer.kind, sample.state) {
    case (.timeWait, .timeWait): return "its time in TIME_WAIT was over (60s on Linux)"
    case (.timeWait, _), (.keepalive, .finWait2):
      return "its time in FIN_WAIT_2 was over (tcp_fin_timeout or TCP_LINGER2)"
    case (_, _) where count <= 0: return nil
    case (.retransmission, .synSent):
      return "\(count) SYN retransmissions unanswered (tcp_syn_retries, TCP_SYNCNT or TCP_USER_TIMEOUT)"
    case (.retransmission, .synReceived), (.retransmission, .newSynReceived):
      return "\(count) SYN+ACK retransmissions unanswered (tcp_synack_retries)"
    case (.retransmission, .finWait1), (.retransmission, .lastAck), (.retransmission, .closing):
      return "\(count) retransmissions unanswered (tcp_orphan_retries, or tcp_retries2 while the program has it open; "
        + "or TCP_USER_TIMEOUT)"
    case (.retransmission, _): return "\(count) retransmissions unanswered (tcp_retries2 or TCP_USER_TIMEOUT)"
    case (.keepalive, _): return "\(count) keepalive probes unanswered (TCP_KEEPCNT or TCP_USER_TIMEOUT)"
    case (.persist, _): return "\(count) zero-window probes unanswered (tcp_retries2 or TCP_USER_TIMEOUT)"
    case (.delayedAck, _): return nil
    }
  }
}
