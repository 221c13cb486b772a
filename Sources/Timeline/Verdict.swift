/// What became of one expectation, or of a wait that failed.
public struct Verdict: Hashable, Sendable {
  /// Whether what was expected came about.
  public enum Outcome: String, Hashable, Sendable {
    /// It came about, and in time.
    case held
    /// It did not, or at another time.
    case failed
    /// The run ended before it could be seen whether it would.
    case notReached = "not-reached"
  }

  /// The statement's line in the lab file.
  public var line: Int
  /// The statement as written.
  public var text: String
  /// Whether it held.
  public var outcome: Outcome
  /// What was seen, in words: `ETIMEDOUT after 15m38.912s`; `nil` if nothing was.
  public var measured: String?
  /// How long after the deed it was seen; `nil` where no single moment decides.
  public var after: Duration?
  /// What the timer model computed for it, if it was asked and could say.
  public var predicted: Prediction?
  /// What sources say of the same subject: `client read fails ETIMEDOUT after 5m11s (illumos, TCP puzzlers)`.
  public var published: [String]
  /// Why: expected, actual, tolerance, and the rule that set the tolerance.
  public var reason: String

  /// A verdict.
  public init(
    line: Int,
    text: String,
    outcome: Outcome,
    measured: String? = nil,
    after: Duration? = nil,
    predicted: Prediction? = nil,
    published: [String] = [],
    reason: String
  ) {
    self.line = line
    self.text = text
    self.outcome = outcome
    self.measured = measured
    self.after = after
    self.predicted = predicted
    self.published = published
    self.reason = reason
  }
}

extension Verdict {
  /// What the timer model computed for one expectation; each part may be missing.
  public struct Prediction: Hashable, Sendable {
    /// Not before this time after the deed.
    public var earliest: Duration?
    /// Not later than this time after the deed; `nil` with an ``earliest`` means no upper bound.
    public var latest: Duration?
    /// The errno's name, such as `ETIMEDOUT`.
    public var errorName: String?
    /// The limit that ends it: `tcp_retries2`.
    public var limit: String?
    /// How that limit comes to this window, in one sentence.
    public var explanation: String?
    /// How often the host retransmits, tail loss probes not counted.
    public var retransmissions: Int?

    /// A prediction.
    public init(
      earliest: Duration? = nil,
      latest: Duration? = nil,
      errorName: String? = nil,
      limit: String? = nil,
      explanation: String? = nil,
      retransmissions: Int? = nil
    ) {
      self.earliest = earliest
      self.latest = latest
      self.errorName = errorName
      self.limit = limit
      self.explanation = explanation
      self.retransmissions = retransmissions
    }
  }
}

/// What the judge says of a whole run.
public struct Judgement: Hashable, Sendable {
  /// One verdict for each expectation and each wait that failed, in the script's order.
  public var verdicts: [Verdict]
  /// What went wrong with the run itself, in sentences: it was torn, or stopped early.
  public var problems: [String]
  /// Which limit ended each connection, in sentences that follow from the events alone.
  public var attributions: [String]

  /// A judgement.
  public init(verdicts: [Verdict], problems: [String] = [], attributions: [String] = []) {
    self.verdicts = verdicts
    self.problems = problems
    self.attributions = attributions
  }

  /// Whether the run was whole and every expectation held.
  public var passed: Bool { problems.isEmpty && verdicts.allSatisfy { $0.outcome == .held } }

  /// The program's exit status: 0 passed, 1 not.
  public var exitStatus: Int32 { passed ? 0 : 1 }

  /// The judgement as the events that end a saved timeline, all at `time`.
  public func events(at time: Moment) -> [Event] {
    verdicts.map { Event(time: time, body: .verdict($0)) }
      + [Event(time: time, body: .judgement(passed: passed, problems: problems, attributions: attributions))]
  }

  /// The judgement that a saved timeline holds; `nil` if its run was not judged.
  public init?(events: [Event]) {
    self.init(verdicts: [])
    var judged = false
    for event in events {
      switch event.body {
      case .verdict(let verdict): verdicts.append(verdict)
      case .judgement(_, let problems, let attributions):
        judged = true
        self.problems = problems
        self.attributions = attributions
      default: break
      }
    }
    if !judged { return nil }
  }
}
