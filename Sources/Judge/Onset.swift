internal import LabScript
internal import Timeline
internal import TimerModel

/// When a kernel began what the timer model was asked about, as exactly as the run's packets show it.
struct Onset {
  /// The moment from which the model counts.
  var moment: Moment
  /// In words: `SYN`, `data`, `last packet received`.
  var words: String
  /// Between which times before that the keepalive timer was armed.
  var armedBefore: ClosedRange<Duration> = .zero ... .zero
  /// The connection.
  var flow: Flow

  /// A packet's timestamp is taken by the interface, the timer is armed in the same stretch of work: within this time.
  static let slack = Duration.microseconds(100)
}

extension Record {
  /// How long after a program's call its packet may be seen at most, on a busy machine.
  private static let callToPacket = Duration.milliseconds(100)

  /// The onset of what a question is about, which a mark names more roughly; `nil` if the packets do not show it, or show
  /// several that could be meant.
  func onset(of question: Forecast.Question, at mark: (first: Moment, last: Moment), until deed: Moment) -> Onset? {
    let flows = flows(of: question.host)
    if flows.isEmpty {
      // A lab that was run without the capture.
      let hasPackets = events.contains { if case .packet = $0.body { true } else { false } }
      return hasPackets ? nil : onset(of: question, at: mark)
    }
    let span = (mark.first + .milliseconds(-1))...(mark.last + Record.callToPacket)
    let onsets = flows.filter { $0.concerns(question.port) }.compactMap { flow in
      onset(of: question, in: flow, span: span, until: deed)
    }
    return onsets.count == 1 ? onsets[0] : nil
  }

  /// The onset where no packets were captured: the program's own call, whose beginning and end lie close together.
  private func onset(of question: Forecast.Question, at mark: (first: Moment, last: Moment)) -> Onset? {
    let flow = Flow(local: "", remote: "")
    switch (question.situation, question.port) {
    case (.connecting, _): return Onset(moment: mark.first, words: "call", flow: flow)
    case (.sending, _): return Onset(moment: mark.last, words: "call's return", flow: flow)
    case (.idle, .other): return Onset(moment: mark.last, words: "call's return", flow: flow)
    default: return nil
    }
  }

  private func onset(
    of question: Forecast.Question,
    in flow: Flow,
    span: ClosedRange<Moment>,
    until deed: Moment
  ) -> Onset? {
    func first(_ passages: [Flow.Passage], _ words: String, where isMeant: (Flow.Passage) -> Bool) -> Onset? {
      passages.first { span.contains($0.time) && isMeant($0) }.map { Onset(moment: $0.time, words: words, flow: flow) }
    }
    switch question.situation {
    case .connecting: return first(flow.sent, "SYN") { $0.has("SYN") && !$0.has("ACK") }
    case .synReceived: return first(flow.sent, "SYN-ACK") { $0.has("SYN") && $0.has("ACK") }
    case .sending: return first(flow.sent, "data") { $0.packet.length > 0 }
    case .closing(.finUnacknowledged): return first(flow.sent, "FIN") { $0.has("FIN") }
    case .closing(.finWait2):
      guard let fin = flow.sent.first(where: { span.contains($0.time) && $0.has("FIN") }) else { return nil }
      return flow.received.first { $0.time >= fin.time && $0.has("ACK") }
        .map { Onset(moment: $0.time, words: "FIN's acknowledgment", flow: flow) }
    case .closing(.timeWait):
      // In a simultaneous close it begins with an acknowledgment instead.
      guard let onset = first(flow.received, "other end's FIN", where: { $0.has("FIN") }),
        flow.sent.contains(where: { $0.has("FIN") && $0.time < onset.moment })
      else { return nil }
      return onset
    case .idle: return silence(in: flow, of: question, until: deed)
    case .zeroWindow, .closing(.closeWait): return nil
    }
  }

  /// The last packet that came in before the deed, and when the keepalive timer was armed before that.
  private func silence(in flow: Flow, of question: Forecast.Question, until deed: Moment) -> Onset? {
    let heard = flow.received.filter { $0.time <= deed + Record.callToPacket && !$0.has("RST") }
    guard let first = heard.first, let last = heard.last else { return nil }
    // A probe that was answered has armed the timer anew, for another time.
    let isProbed = flow.sent.contains { $0.time < last.time && $0.packet.meaning?.hasPrefix("keepalive probe") == true }
    guard !isProbed else { return nil }
    var onset = Onset(moment: last.time, words: "last packet received", flow: flow)
    switch question.port {
    case .other:
      // The options were set before the handshake, whose end arms the timer.
      let since = last.time - first.time
      onset.armedBefore = since...since
    case .own:
      // They are set on the accepted socket, and SO_KEEPALIVE arms the timer.
      guard let (entry, exit) = keepaliveSwitchedOn(by: question.peer) else { return nil }
      onset.armedBefore = (last.time - exit)...(last.time - entry)
    case nil: return nil
    }
    return onset
  }

  /// Between which moments a program switched keepalive on, the last time.
  private func keepaliveSwitchedOn(by peer: String) -> (entry: Moment, exit: Moment)? {
    for event in events.reversed() where event.peer == peer {
      guard case .call(let call) = event.body, call.name == "setsockopt", call.hasReturned,
        call.detail?.hasPrefix("SO_KEEPALIVE") == true
      else { continue }
      return (event.time + .nanoseconds(-max(0, call.took ?? 0)), event.time)
    }
    return nil
  }
}

extension Flow {
  /// Whether the end that listened has this port.
  fileprivate func concerns(_ port: Forecast.Question.Port?) -> Bool {
    switch port {
    case .own(let number): SocketSample.port(of: local) == number
    case .other(let number): SocketSample.port(of: remote) == number
    case nil: true
    }
  }
}
