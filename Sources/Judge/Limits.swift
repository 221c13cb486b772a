internal import LabScript
internal import Timeline
internal import TimerModel

/// Between which times after a deed something has to come, and who said so.
struct Limits {
  /// Not before this.
  var earliest: Duration
  /// Not after this; `nil` for no upper bound.
  var latest: Duration?
  /// By how much the limits were widened on either side; zero for a script's own.
  var tolerance: Duration
  /// Who set the limits, in words.
  var rule: String
  /// Where a moment is predicted: the latest that it could be in any phase of the timer wheel.
  ///
  /// A processor that was busy or asleep when the last timer was due runs it late; nobody can foresee that, and up to here
  /// it is no fault of the kernel's rules.
  var latestOfAnyPhase: Duration?

  /// For how long the machine let nothing run between the deed and what came of it: that much later it may come than
  /// predicted, since a timer that runs late makes all that follow it late.
  var lateness = Duration.zero

  /// For how long the program, waiting in a call, was not let run after the kernel had ended its connection.
  var waking = Duration.zero

  /// By how much `time` is too early, if it is.
  func isEarlyBy(_ time: Duration) -> Duration? { time + tolerance < earliest ? earliest - time : nil }

  /// Whether `time` is later than the limits say, excused or not.
  func arePast(_ time: Duration) -> Bool { latest.map { time > $0 + tolerance } ?? false }

  /// By how much `time` is too late, if it is; of a prediction it counts from when somebody had last looked, `unseen`
  /// earlier.
  func isLateBy(_ time: Duration, unseen: Duration = .zero) -> Duration? {
    let first = tolerance == .zero ? time : time - unseen
    guard let latest, first > max(latest, latestOfAnyPhase ?? latest) + tolerance + allowance else { return nil }
    return time - latest
  }

  /// What a busy machine excuses; a script's own limits are taken as they stand.
  private var allowance: Duration { tolerance == .zero ? .zero : lateness + waking }

  /// How a time that is held to be in time is later than the limits say, in words.
  func wordsOfLateness(_ time: Duration, unseen: Duration) -> String? {
    guard let latest, arePast(time) else { return nil }
    let late = "\((time - latest).text) late"
    if time - unseen <= latest + tolerance { return ", \(late), but nobody had looked for \(unseen.text)" }
    if waking > .zero, time - unseen <= latest + tolerance + waking {
      return ", \(late), but its connection had ended \(waking.text) before the program was let run"
    }
    if time - unseen <= latest + tolerance + allowance {
      return ", \(late), but the machine was busy elsewhere for \(lateness.text) of that"
    }
    guard let latestOfAnyPhase else { return nil }
    return
      ", \(late): the processor ran the last timer late, and with another phase of jiffies it could have been as late "
      + "as \(latestOfAnyPhase.text)"
  }

  /// The limits in words: `within 5s`, `at 1.646s`, `between 15m37.690s and 15m39.730s (give or take 20ms)`.
  var words: String {
    let range =
      switch (earliest, latest) {
      case (let earliest, let latest?) where earliest == latest && earliest > .zero: "at \(earliest.text)"
      case (.zero, let latest?): "within \(latest.text)"
      case (let earliest, let latest?): "between \(earliest.text) and \(latest.text)"
      case (let earliest, nil): "not before \(earliest.text)"
      }
    return tolerance == .zero ? range : range + " (give or take \(tolerance.text))"
  }
}

extension Limits {
  /// The limits of a script, where it names them or says nothing; `nil` for those of the model.
  ///
  /// - Parameter reached: How long after the deed the run came to the statement: the usual limit counts from there.
  init?(_ timing: Timing, reached: Duration) {
    tolerance = .zero
    switch timing {
    case .usual:
      (earliest, latest) = (.zero, reached + Timing.usualLimit)
      rule = "the usual limit where a script names none"
    case .within(let limit):
      (earliest, latest) = (.zero, limit)
      rule = "the script's limit"
    case .between(let first, let last):
      (earliest, latest) = (first, last)
      rule = "the script's limits"
    case .asPredicted, .lasting: return nil
    }
  }

  /// The limits of a prediction that is a moment: a tick before and after it, and a moment that late timers have moved.
  init(_ moment: PredictedMoment, tolerance: Duration) {
    earliest = min(moment.window.earliest, moment.late?.earliest ?? moment.window.earliest)
    latest = max(moment.window.latest, moment.late?.latest ?? moment.window.latest)
    self.tolerance = moment.tick + tolerance
    rule =
      "predicted for \(moment.end.limit.name): \(moment.end.explanation); a moment, since the run shows \(moment.origin) "
      + "and the phase of jiffies"
    latestOfAnyPhase = moment.latestOfAnyPhase
    if moment.late != nil { rule += ", and that the processor ran timers late" }
    rule += "; the tolerance is a tick of \(moment.tick.text) and what the observer may be off"
  }

  /// The limits of a prediction; `nil` if it has none.
  init?(_ prediction: Verdict.Prediction?, tolerance: Duration) {
    guard let prediction, prediction.earliest != nil || prediction.latest != nil else { return nil }
    earliest = prediction.earliest ?? .zero
    latest = prediction.latest
    self.tolerance = tolerance
    let source = ["predicted for " + (prediction.limit ?? "this lab"), prediction.explanation].compactMap { $0 }
    rule = source.joined(separator: ": ") + "; the tolerance is what the observer may be off"
  }
}
