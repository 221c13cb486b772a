internal import LabScript
internal import Timeline

/// What ended each connection, derived from the events alone.
///
/// The last sample of its socket decides, and what its host's programs were told then; predictions play no part.
func attributions(in record: Record) -> [String] {
  var table = SocketTable()
  var sentences: [String] = []
  for (index, event) in record.events.enumerated() {
    let before = table.apply(event)
    guard case .socketGone(let sample) = event.body, sample.isConnection,
      !record.hasSuccessor(of: sample, on: event.host, from: index),
      !table.entries.contains(where: { $0.host == event.host && $0.sample.ends == sample.ends })
    else { continue }
    let ending = ConnectionEnding(
      // The gone event repeats the last sample, whose timer counts from when it was taken.
      sample: before?.sample ?? sample,
      sampled: before?.time ?? event.time,
      gone: event.time,
      failure: record.failure(on: event.host, around: event.time)
    )
    sentences.append(
      "\(event.host ?? "?") \(sample.local) to \(sample.remote) ended in \(ending.sample.state.name), "
        + "\((event.time - .zero).text) from the beginning: \(ending.cause)"
    )
  }
  for entry in table.entries where entry.sample.isConnection {
    sentences.append(
      "\(entry.host) \(entry.sample.local) to \(entry.sample.remote) was still \(entry.sample.state.name) at the end"
    )
  }
  return sentences
}

/// The end of one connection.
struct ConnectionEnding {
  /// Its last sample.
  var sample: SocketSample
  /// When that was taken.
  var sampled: Moment
  /// When the connection was gone.
  var gone: Moment
  /// The call of a program on its host that failed at that moment.
  var failure: SystemCall?

  /// What ended it, in words.
  var cause: String {
    let told = failure.map { "; \($0.name) failed with \($0.errorName ?? "an error")" } ?? ""
    switch failure?.errorName {
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
    default: "no timer of it had run out: a close, an RST, or the end of its host"
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

extension Record {
  /// Whether another socket took over the connection: Linux replaces it for TIME_WAIT and FIN_WAIT_2.
  fileprivate func hasSuccessor(of sample: SocketSample, on host: String?, from index: Int) -> Bool {
    let gone = events[index].time
    return events[index...].prefix { $0.time - gone <= Tolerance.sampled }.contains { event in
      guard case .socket(let other) = event.body, event.host == host else { return false }
      return other.ends == sample.ends
    }
  }

  /// The failed call on `host` that is nearest to `moment`, if one is near enough to belong to it.
  ///
  /// A program hears of its connection's end when it wakes; a tenth of a second is ample, and no two limits of TCP's
  /// are closer together.
  fileprivate func failure(on host: String?, around moment: Moment) -> SystemCall? {
    let near: Duration = .milliseconds(100)
    var best: (distance: Duration, call: SystemCall)?
    for event in events[index(from: moment + (.zero - near))...] {
      if event.time > moment + near { break }
      guard case .call(let call) = event.body, event.host == host, call.isOutcome, call.hasFailed else { continue }
      let distance = event.time < moment ? moment - event.time : event.time - moment
      if best.map({ distance < $0.distance }) ?? true { best = (distance, call) }
    }
    return best?.call
  }
}
