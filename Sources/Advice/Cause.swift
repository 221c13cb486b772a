public import TimerModel

/// Something that can be behind a symptom.
public struct Cause: Hashable, Sendable {
  /// What happened, in a few words.
  public var title: String
  /// How it leads to the symptom.
  public var explanation: String
  /// When it shows, if the time tells it from others.
  public var window: Window?
  /// The lab that reproduces it, if there is one: `halfopen run LAB`.
  public var lab: String?
  /// The prediction that shows its course: the arguments of `halfopen predict`, if there is one.
  public var prediction: String?
  /// How well it fits: the smaller the better; 0 where the time given lies in the window.
  var misfit: Double

  init(
    _ title: String,
    _ explanation: String,
    window: Window? = nil,
    lab: String? = nil,
    prediction: String? = nil,
    misfit: Double
  ) {
    self.title = title
    self.explanation = explanation
    self.window = window
    self.lab = lab
    self.prediction = prediction
    self.misfit = misfit
  }

  /// The cause with another rank.
  func ranked(_ misfit: Double) -> Cause {
    var cause = self
    cause.misfit = misfit
    return cause
  }
}

/// Lists the causes that fit a symptom, the most likely first, in lines for a person.
public func causesText(_ causes: [Cause]) -> String {
  var lines: [String] = []
  // With a time given, what is far from it hardly explains the symptom.
  let fitting = causes.filter { $0.misfit < 0.5 }
  let shown = fitting.isEmpty ? causes : fitting
  for (index, cause) in shown.enumerated() {
    lines.append("\(index + 1). \(cause.title)" + (cause.window.map { "  [\($0.text)]" } ?? ""))
    lines.append("   \(cause.explanation)")
    if let lab = cause.lab { lines.append("   See it happen:  halfopen run \(lab)") }
    if let prediction = cause.prediction { lines.append("   Its course:     halfopen predict \(prediction)") }
    lines.append("")
  }
  let rest = causes.filter { cause in !shown.contains(cause) }
  if !rest.isEmpty {
    lines.append("Hardly, going by the time:")
    lines += rest.map { "- \($0.title)" + ($0.window.map { "  [\($0.text)]" } ?? "") }
    lines.append("")
  }
  return lines.joined(separator: "\n")
}
