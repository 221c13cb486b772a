internal import Forecasting
internal import Judge
internal import LabScript
internal import Timeline
public import TimerModel

extension Cell {
  /// The cell of a failure and a column's settings on a machine with this kernel.
  ///
  /// - Parameter watch: How long a program is watched that should be told nothing.
  public init(_ failure: Failure, _ tuning: Tuning, kernel: Kernel, watch: Duration) {
    // What is predicted decides what the lab expects; so a draft is asked first.
    let draft = Draft(failure, tuning, expecting: "expect client \(failure.call) fails as predicted")
    let predicted = Cell.predicted(failure, tuning, kernel, draft)
    let final = Draft(failure, tuning, predicted: predicted, watch: watch)
    self.init(
      failure: failure,
      tuning: tuning,
      text: final.text,
      script: final.script,
      predicted: predicted,
      deed: final.deed,
      decisive: final.decisive,
      watch: watch
    )
  }

  private static func predicted(_ failure: Failure, _ tuning: Tuning, _ kernel: Kernel, _ draft: Draft) -> Predicted {
    if failure.news == .endOfStream {
      return .ends(.init(earliest: .zero, latest: .milliseconds(500), errorName: nil, limit: "FIN"))
    }
    let forecast = Forecaster(script: draft.script, kernel: kernel).forecast()
    let prediction = forecast.predictions[draft.decisive]
    if let prediction, let limit = prediction.limit, let earliest = prediction.earliest {
      var end = Predicted.End(
        earliest: earliest,
        latest: prediction.latest,
        errorName: prediction.errorName,
        limit: limit,
        explanation: prediction.explanation ?? ""
      )
      // Where it counts from the call itself, what the program needs to come to it is left out.
      if failure.countsFromCall, let count = forecast.counts[draft.decisive] {
        (end.earliest, end.latest) = (count.earliest, count.latest)
      }
      return .ends(end)
    }
    if let reason = prediction?.explanation { return .never(reason: reason) }
    switch failure.otherwise {
    case .unknown: return .unknown
    case .never(let reason): return .never(reason: reason)
    case .situation(let situation, let path):
      var kernel = kernel
      for setting in tuning.sysctls { try? kernel.set(setting.sysctl, to: setting.value) }
      guard let prediction = try? kernel.predict(situation, options: tuning.options, path: path) else {
        return .unknown
      }
      guard let end = prediction.end else { return .never(reason: prediction.forever ?? "") }
      return .ends(
        .init(
          earliest: end.earliest,
          latest: end.latest,
          errorName: end.errno,
          limit: end.limit.name,
          explanation: end.explanation
        )
      )
    }
  }
}

/// A lab's text, put together.
private struct Draft {
  private let name: String
  private(set) var text = ""
  private(set) var deed = 0
  private(set) var decisive = 0
  private var line = 0

  /// The lab as it is run.
  init(_ failure: Failure, _ tuning: Tuning, predicted: Predicted, watch: Duration) {
    name = failure.name + "--" + tuning.name
    var answer: String
    var expectation: String
    var needsWatch = false
    switch predicted {
    case .ends(let end) where failure.news == .endOfStream:
      answer = "At once: a \(end.limit) comes, and \(failure.call) returns 0."
      expectation = "expect client read returns 0"
    case .ends(let end):
      let error = end.errorName.map { " " + $0 } ?? ""
      let latest = end.latest.map { " to \($0.text)" } ?? " at the earliest"
      answer = "The timer model says: \(failure.call) fails\(error), \(end.earliest.text)\(latest), by \(end.limit)."
      if !end.explanation.isEmpty { answer += " " + end.explanation }
      var limit = "as predicted"
      // The forecaster does not follow the lab; whether the time is right is judged by the call's own length.
      if case .situation = failure.otherwise { limit = "within \(((end.latest ?? watch) + .seconds(1)).text)" }
      expectation = "expect client \(failure.call) fails\(error) \(limit)"
    case .never(let reason):
      answer = "Never: \(reason)."
      (expectation, needsWatch) = ("expect client is told nothing for $watch", true)
    case .unknown:
      answer = "The timer model does not follow this case; see for yourself."
      (expectation, needsWatch) = ("expect client \(failure.call) fails within $watch", true)
    }
    write(failure, tuning, answer: answer, watch: needsWatch ? watch : nil, expecting: expectation)
  }

  /// A lab to ask the forecaster about.
  init(_ failure: Failure, _ tuning: Tuning, expecting expectation: String) {
    name = failure.name
    write(failure, tuning, answer: nil, watch: nil, expecting: expectation)
  }

  /// The lab; generated text is always well-formed, and a test reads every one.
  var script: Script {
    switch Script.read(text: Array(text.utf8), path: name + ".lab") {
    case .script(let script): return script
    case .mistakes(let mistakes): preconditionFailure(mistakes.map(\.rendered).joined(separator: "\n"))
    }
  }

  private mutating func write(
    _ failure: Failure,
    _ tuning: Tuning,
    answer: String?,
    watch: Duration?,
    expecting expectation: String
  ) {
    add("title     \(failure.group.rawValue), \(failure.title): \(tuning.name)")
    add("question  The client has set: \(tuning.words). What is it told, and when?")
    if let answer { add("answer    \(answer)") }
    add("")
    add("network   \(failure.network.rawValue)")
    for declaration in failure.declarations where declaration.hasPrefix("middlebox") { add(declaration) }
    if let watch {
      add("# How long to watch.")
      add("parameter watch = \(watch.text)")
    }
    for setting in tuning.sysctls { add("sysctl    \(setting.sysctl.rawValue) = \(setting.value)") }
    if let server = failure.server { add("peer      server on kodos: \(server)") }
    for declaration in failure.declarations where !declaration.hasPrefix("middlebox") { add(declaration) }
    let options = tuning.dncOptions.map { $0 + " " }.joined()
    add("peer      client on kang:  dnc \(options)kodos 8080")
    add("")
    for statement in failure.stage { add(statement) }
    add("")
    add(failure.deed)
    deed = line
    for statement in failure.then { add(statement) }
    add(expectation)
    decisive = line
  }

  private mutating func add(_ statement: String) {
    text += statement + "\n"
    line += 1
  }
}
