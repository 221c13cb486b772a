public import Timeline
public import TimerModel

/// What the timer model computed for a lab, by the line of the expectation that it is for.
public struct Forecast: Hashable, Sendable {
  /// The prediction for the expectation at each line; its times count from the last deed.
  public var predictions: [Int: Verdict.Prediction]
  /// The same window as it really counts, for the expectations where it does not begin with the deed.
  public var counts: [Int: Count]

  /// A forecast.
  public init(predictions: [Int: Verdict.Prediction] = [:], counts: [Int: Count] = [:]) {
    self.predictions = predictions
    self.counts = counts
  }

  /// A window that counts from a moment which only the run itself shows.
  ///
  /// A kernel's timer is armed by a packet, not by the lab's deed: keepalive counts from the last packet received,
  /// which may have come long before a wire was cut, and a SYN leaves when the program has started and calls connect.
  public struct Count: Hashable, Sendable {
    /// What it counts from.
    public var mark: Mark
    /// Not before this time after the mark.
    public var earliest: Duration
    /// Not after this time after the mark.
    public var latest: Duration
    /// What the timer model was asked, for the courses that are possible.
    ///
    /// With the phase of the kernel's timer wheel and the packets of the run each has a moment for an answer. Empty where
    /// more than that is unknown.
    public var questions: [Question]
    /// The full window that it is about, if it is about one.
    public var fullWindow: FullWindow?

    /// A window from `mark`.
    public init(from mark: Mark, earliest: Duration, latest: Duration, questions: [Question] = []) {
      self.mark = mark
      self.earliest = earliest
      self.latest = latest
      self.questions = questions
    }
  }

  /// A question to the timer model about a socket of a lab.
  public struct Question: Hashable, Sendable {
    /// Whose kernel, with the host's settings.
    public var kernel: Kernel
    /// What the socket is doing.
    public var situation: Situation
    /// Its options.
    public var options: SocketOptions
    /// What is between it and the other end.
    public var path: Path
    /// The socket's host.
    public var host: String
    /// The peer that holds the socket.
    public var peer: String
    /// The port of the end that listened; `nil` if that is not known.
    public var port: Port?

    /// The port of the end that listened.
    public enum Port: Hashable, Sendable {
      /// It is the socket's own.
      case own(Int)
      /// It is the other end's.
      case other(Int)
    }

    /// A question.
    public init(
      kernel: Kernel,
      situation: Situation,
      options: SocketOptions,
      path: Path,
      host: String,
      peer: String,
      port: Port? = nil
    ) {
      self.kernel = kernel
      self.situation = situation
      self.options = options
      self.path = path
      self.host = host
      self.peer = peer
      self.port = port
    }

    /// What the model answers about this socket; `nil` if it knows no answer.
    ///
    /// - Parameter situation: What the socket is doing; `nil` for what is asked about.
    public func predict(_ situation: Situation? = nil) -> Prediction? {
      try? kernel.predict(situation ?? self.situation, options: options, path: path)
    }
  }

  /// A moment that a timeline shows.
  public enum Mark: Hashable, Sendable {
    /// The peer enters this call, the first time after the step at the line.
    case entry(peer: String, call: String, after: Int)
    /// The call does its work: at some moment between its entry and its return.
    case call(peer: String, name: String, after: Int)
    /// The call returns.
    case exit(peer: String, call: String, after: Int)
    /// The peer's program ends after a signal: at some moment between the step at the line and the news of its end.
    case end(peer: String, after: Int)
  }
}
