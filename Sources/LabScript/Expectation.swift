public import Timeline

/// What a lab expects, and when.
public struct Expectation: Hashable, Sendable {
  /// What should come about, or last.
  public var condition: Condition
  /// When, counted from the last step that did something.
  public var timing: Timing

  /// An expectation.
  public init(condition: Condition, timing: Timing) {
    self.condition = condition
    self.timing = timing
  }
}

/// When something is expected.
public enum Timing: Hashable, Sendable {
  /// The script does not say: within ``Timing/usualLimit`` after the statement was reached.
  case usual
  /// At the latest after this time.
  case within(Duration)
  /// Not before the first and not after the second.
  case between(Duration, Duration)
  /// In the window of the timer model.
  case asPredicted
  /// All the time, for this long.
  case lasting(Duration)

  /// The limit where the script names none: enough for whatever needs no timer.
  public static let usualLimit: Duration = .seconds(5)
  /// How long a `wait` is patient where the script does not say: nothing is measured by it, and on a busy machine a
  /// server may take its time to start.
  public static let usualPatience: Duration = .seconds(30)
}

/// Something that can be seen in a timeline.
public enum Condition: Hashable, Sendable {
  /// `client read fails ETIMEDOUT`, `client write returns 22`, `client read returns`
  case call(peer: String, name: String, CallResult)
  /// `client prints "text"`: a line of its output contains the text.
  case prints(peer: String, text: String)
  /// `client exits`, `client exits 1`, `client ends by SIGINT`
  case exits(peer: String, PeerEnding?)
  /// `client is told nothing`: no call of it returns anything, and it does not end.
  case toldNothing(peer: String)
  /// `kodos connection is FIN_WAIT_2`; with `port 8080`, of the connections from or to that port.
  case connection(host: String, port: Int?, ConnectionState)
  /// `kodos listens on 8080`
  case listens(host: String, port: Int)
  /// `kang retransmits 15 times`, `kang retransmits at least 3 times`, `kang retransmits as predicted`
  case retransmits(host: String, RetransmissionCount)

  /// The host or peer that the condition is about.
  public var subject: String {
    switch self {
    case .call(let peer, _, _), .prints(let peer, _), .exits(let peer, _), .toldNothing(let peer): peer
    case .connection(let host, _, _), .listens(let host, _), .retransmits(let host, _): host
    }
  }
}

/// What a call returns.
public enum CallResult: Hashable, Sendable {
  /// Anything but a failure.
  case returns
  /// Exactly this.
  case returnsValue(Int64)
  /// A failure with this errno's name; `nil` for any.
  case fails(String?)
}

/// What a host's connection is expected to be.
public enum ConnectionState: Hashable, Sendable {
  /// In this state at some moment.
  case state(TCPState)
  /// Known to the host's kernel no more.
  case gone
}

/// How often a host is expected to retransmit; tail loss probes do not count.
public enum RetransmissionCount: Hashable, Sendable {
  /// Exactly so often.
  case exactly(Int)
  /// So often or more.
  case atLeast(Int)
  /// As often as the timer model says.
  case asPredicted
}
