internal import Timeline
public import TimerModel

/// What a prediction was asked for.
public struct Question: Hashable, Sendable {
  /// What the connection is doing.
  public var situation: Situation
  /// Its socket's options.
  public var options: SocketOptions
  /// The machine.
  public var kernel: Kernel
  /// The way to the other end, and what is wrong with it.
  public var path: Path
  /// What is known of the timer wheel's position.
  public var phase: Phase

  /// A question.
  public init(
    situation: Situation,
    options: SocketOptions = SocketOptions(),
    kernel: Kernel = Kernel(),
    path: Path = Path(),
    phase: Phase = .unknown
  ) {
    self.situation = situation
    self.options = options
    self.kernel = kernel
    self.path = path
    self.phase = phase
  }

  /// The answer of the timer model.
  public func answer() throws(ModelError) -> Prediction {
    try kernel.predict(situation, options: options, path: path, phase: phase)
  }
}

extension Question {
  /// What the connection is doing, in words.
  var situationText: String {
    switch situation {
    case .connecting: "connecting"
    case .synReceived(let acknowledged):
      acknowledged ? "a request whose ACK was deferred" : "a request whose SYN-ACK is unanswered"
    case .sending: "sending"
    case .idle: "idle"
    case .zeroWindow(let window):
      (window.answered ? "zero window, probes answered" : "zero window, probes unanswered")
        + (window.orphaned ? ", closed" : "")
    case .closing(let closing):
      switch closing {
      case .finUnacknowledged(let orphaned, _):
        orphaned ? "closed, FIN unacknowledged (FIN_WAIT_1 or LAST_ACK)" : "shut down, FIN unacknowledged"
      case .finWait2(let orphaned): orphaned ? "closed, FIN_WAIT_2" : "shut down, FIN_WAIT_2"
      case .timeWait: "TIME_WAIT"
      case .closeWait: "CLOSE_WAIT"
      }
    }
  }

  /// The moment from which times count, in words.
  var originText: String {
    switch situation {
    case .connecting: "the call of connect"
    case .synReceived: "the first SYN-ACK"
    case .sending: "the write"
    case .idle: "the last packet received"
    case .zeroWindow: "the moment the window was found closed"
    case .closing(.finUnacknowledged): "the FIN's sending"
    case .closing(.finWait2): "the FIN's acknowledgment, or the close if that came later"
    case .closing(.timeWait): "the other end's FIN"
    case .closing(.closeWait): "the last packet received"
    }
  }

  /// What is wrong, in words.
  var failureText: String {
    switch path.failure {
    case .silence: "the other end is silent"
    case .powerCycled: "the other end was switched off and on, and remembers nothing"
    case .neighbourGone(true): "the other end, on the own network, has vanished"
    case .neighbourGone(false): "the other end, on the own network, is not there"
    case .icmp(let error): "every packet is answered with \(error.rawValue)"
    case .local(.netfilter): "netfilter's OUTPUT chain drops what is sent"
    case .local(.queue): "the own queueing discipline refuses what is sent"
    case .local(.noRoute(let errno)): "there is no route (\(errno))"
    }
  }

  /// The options that are set, in words; empty if none is.
  var optionTexts: [String] {
    var texts: [String] = []
    if let keepalive = options.keepalive {
      texts.append(
        "keepalive \(keepalive.idle ?? kernel[.keepaliveTime])s,"
          + "\(keepalive.interval ?? kernel[.keepaliveInterval])s,\(keepalive.count ?? kernel[.keepaliveProbes])"
      )
    }
    if options.userTimeout > 0 { texts.append("user timeout \(Duration.milliseconds(options.userTimeout).text)") }
    if let count = options.synCount { texts.append("TCP_SYNCNT \(count)") }
    if let linger2 = options.linger2 { texts.append("TCP_LINGER2 \(linger2) s") }
    if options.deferAccept > 0 { texts.append("TCP_DEFER_ACCEPT \(options.deferAccept) s") }
    if let rtoMax = options.rtoMax { texts.append("TCP_RTO_MAX_MS \(rtoMax)") }
    if let rtoMin = options.rtoMin { texts.append("TCP_RTO_MIN_US \(rtoMin)") }
    if options.thinLinearTimeouts { texts.append("TCP_THIN_LINEAR_TIMEOUTS") }
    return texts
  }
}
