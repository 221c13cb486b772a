internal import Judge
internal import Timeline
internal import TimerModel

/// What the timer model says of one connection or attempt, and since when it counts.
struct Course {
  private var results: [Prediction] = []
  private var since: Occurrence?
  private var questions: [Forecast.Question] = []
  private var fullWindow: Forecast.FullWindow?
  private var bare: Verdict.Prediction?

  /// The course that one of several results will be.
  init?(
    _ results: [Prediction],
    since: Occurrence,
    questions: [Forecast.Question] = [],
    fullWindow: Forecast.FullWindow? = nil
  ) {
    guard !results.isEmpty else { return nil }
    self.results = results
    self.since = since
    self.questions = questions
    self.fullWindow = fullWindow
  }

  /// A prediction without a time.
  init(bare: Verdict.Prediction) {
    self.bare = bare
  }

  private var window: Window? { results.endWindow }

  /// The limit's name.
  var limit: String? { results.last?.end?.limit.name }
  /// How the limit comes to the window.
  var explanation: String? { results.last?.end?.explanation }

  /// How often something is retransmitted, if that is certain.
  var retransmissions: Int? {
    guard let first = results.first?.retransmissions.lowerBound,
      results.allSatisfy({ $0.retransmissions == first...first })
    else { return nil }
    return first
  }

  /// The prediction with times that count from the last deed, as far as the script's own waiting tells them.
  func prediction(after lastDeed: Duration) -> Verdict.Prediction {
    if let bare { return bare }
    guard let since, let window, let end = results.last?.end else {
      return Verdict.Prediction(explanation: results.lazy.compactMap(\.forever).first)
    }
    // The time between is at least what the script itself waits; running the steps takes a little more.
    let elapsed = lastDeed - since.clock
    // What came before the deed has been predicted for an earlier expectation.
    guard window.latest > elapsed || elapsed == .zero else { return Verdict.Prediction() }
    let slack = since.mark == nil && elapsed == .zero ? .zero : Forecaster.stepDuration
    return Verdict.Prediction(
      earliest: max(.zero, window.earliest - elapsed - slack),
      latest: window.latest - elapsed + slack,
      errorName: Set(results.map(\.end?.errno)).count == 1 ? end.errno : nil,
      limit: end.limit.name,
      explanation: end.explanation
    )
  }

  /// The window as it really counts.
  var count: Forecast.Count? {
    guard let mark = since?.mark, let window else { return nil }
    var count = Forecast.Count(from: mark, earliest: window.earliest, latest: window.latest, questions: questions)
    count.fullWindow = fullWindow
    return count
  }
}

extension Occurrence {
  /// Whether it is the connection's own beginning.
  var isOfTheHandshake: Bool {
    switch mark {
    case .call(_, "connect", _), .exit(_, "accept", _): true
    default: false
    }
  }
}

extension Verdict.Prediction {
  /// Whether it says nothing at all.
  var isEmpty: Bool { self == Verdict.Prediction() }
}

extension Ways.Way {
  /// What is wrong, for what is sent; `nil` if nothing is, or nobody knows.
  var failure: Path.Failure? {
    switch self {
    case .broken(let failure): failure
    case .oneWay: .silence
    case .open, .lossy, .unknown: nil
    }
  }
}
