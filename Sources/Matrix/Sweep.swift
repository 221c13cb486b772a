public import Judge
public import LabScript
public import Timeline

/// A lab that was run with different values of one parameter or two, and what came of the expectation in question.
public struct Sweep: Hashable, Sendable {
  /// The lab's name.
  public var lab: String
  /// The expectation's line in the lab file.
  public var line: Int
  /// The expectation as written.
  public var statement: String
  /// The parameters: one, or two.
  public var axes: [SweepAxis]
  /// `real` or `virtual`, as in ``MatrixResult/world``.
  public var world: String
  /// The kernel's release.
  public var kernel: String
  /// Its timer frequency.
  public var hz: Int
  /// One for every combination of values, the first parameter changing slowest.
  public var points: [SweepPoint] = []

  /// A sweep without points.
  public init(
    lab: String,
    line: Int,
    statement: String,
    axes: [SweepAxis],
    world: String,
    kernel: String,
    hz: Int
  ) {
    self.lab = lab
    self.line = line
    self.statement = statement
    self.axes = axes
    self.world = world
    self.kernel = kernel
    self.hz = hz
  }

  /// Every combination of values.
  public static func combinations(_ axes: [SweepAxis]) -> [[String]] {
    axes.reduce([[]]) { combinations, axis in
      combinations.flatMap { start in axis.values.map { start + [$0] } }
    }
  }

  /// The expectation whose end a sweep shows unless told otherwise: the first with a predicted window; else the first
  /// of a failing call; else the last.
  public static func subject(of script: Script, _ forecast: Forecast) -> Step? {
    let expectations = script.steps.filter { if case .expect = $0.action { true } else { false } }
    let predicted = expectations.first { step in
      guard case .expect(let expectation) = step.action, expectation.timing == .asPredicted else { return false }
      return forecast.predictions[step.line]?.latest != nil
    }
    let failing = expectations.first { step in
      guard case .expect(let expectation) = step.action, case .call(_, _, .fails) = expectation.condition else {
        return false
      }
      return true
    }
    return predicted ?? failing ?? expectations.last
  }

  /// Where the figures come from, in a sentence.
  public var origin: String {
    "measured in \(world == "virtual" ? "virtual" : "real") time on Linux \(kernel), HZ \(hz)"
  }

  /// How many points held what was expected.
  var heldCount: Int { points.count { $0.outcome == .held } }
}

/// What came of one combination of values.
public struct SweepPoint: Hashable, Sendable {
  /// The parameters' values.
  public var values: [String]
  /// When the expectation came about, counted from the deed; `nil` if it did not.
  public var after: Duration?
  /// What was seen, in words.
  public var measured: String
  /// The predicted window, whatever the phase of the timer wheel is; `nil` if there is none.
  public var window: CellResult.Window?
  /// The rule that the model says decides.
  public var limit: String?
  /// Whether what the lab expects came about.
  public var outcome: Verdict.Outcome
  /// Why not; empty if it did.
  public var reason: String
  /// How often it was run.
  public var attempts: Int

  /// A point.
  public init(
    values: [String],
    after: Duration? = nil,
    measured: String = "",
    window: CellResult.Window? = nil,
    limit: String? = nil,
    outcome: Verdict.Outcome,
    reason: String = "",
    attempts: Int = 1
  ) {
    self.values = values
    self.after = after
    self.measured = measured
    self.window = window
    self.limit = limit
    self.outcome = outcome
    self.reason = reason
    self.attempts = attempts
  }

  /// What a run says of the expectation at `line`.
  public init(values: [String], line: Int, events: [Event], judgement: Judgement, forecast: Forecast) {
    let verdict = judgement.verdicts.first { $0.line == line }
    var outcome = verdict?.outcome ?? .notReached
    var reason = verdict?.outcome == .held ? "" : verdict?.reason ?? "the lab did not come to the expectation"
    if let problem = judgement.problems.first {
      outcome = .failed
      reason = problem
    }
    self.init(
      values: values,
      after: SweepPoint.lengthOfConnect(line, events, forecast) ?? verdict?.after,
      measured: verdict?.measured ?? "nothing",
      window: SweepPoint.window(line, forecast, verdict),
      limit: forecast.predictions[line]?.limit,
      outcome: outcome,
      reason: reason
    )
  }

  /// How long connect took, where a failing connect is what counts: what the program needs to come to it is no part of it.
  private static func lengthOfConnect(_ line: Int, _ events: [Event], _ forecast: Forecast) -> Duration? {
    guard case .entry(let peer, "connect", let step)? = forecast.counts[line]?.mark,
      let start = events.firstIndex(where: { if case .step(step, _) = $0.body { true } else { false } })
    else { return nil }
    for event in events[start...] where event.peer == peer {
      if case .call(let call) = event.body, call.family == "connect", call.isOutcome, call.hasFailed {
        return call.took.map { .nanoseconds($0) }
      }
    }
    return nil
  }

  /// The window whatever the phase: as the timer counts, where that begins with the deed; as the script's own time tells
  /// it otherwise.
  private static func window(_ line: Int, _ forecast: Forecast, _ verdict: Verdict?) -> CellResult.Window? {
    guard let prediction = forecast.predictions[line], let earliest = prediction.earliest else { return nil }
    if let count = forecast.counts[line], count.earliest - earliest <= .milliseconds(301),
      earliest - count.earliest <= .milliseconds(301)
    {
      return .init(earliest: count.earliest, latest: count.latest)
    }
    return .init(earliest: earliest, latest: prediction.latest)
  }
}
