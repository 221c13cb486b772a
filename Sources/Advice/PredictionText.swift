internal import Timeline
public import TimerModel

extension Question {
  /// The answer as a person reads it: the whole schedule with its reasons, then the end and the limit that decides.
  public func text(_ prediction: Prediction) -> String {
    var lines: [String] = []
    lines.append(([situationText] + optionTexts).joined(separator: ", ") + "; " + failureText)
    lines.append(machineText)
    lines.append("")
    for event in prediction.schedule { lines += eventLines(event, prediction) }
    lines.append("")
    lines += endLines(prediction)
    return lines.joined(separator: "\n") + "\n"
  }

  private var machineText: String {
    let settings = kernel.settings.filter { $0.value != $0.key.defaultValue }
      .map { "\($0.key.rawValue)=\($0.value)" }.sorted()
    let machine = (["Linux \(kernel.version), HZ=\(kernel.rate.rawValue)"] + settings).joined(separator: ", ")
    let precision =
      if case .known = phase { "to the tick" } else { "windows, since the timer wheel's phase is unknown" }
    return "\(machine); times from \(originText), \(precision)"
  }

  private func eventLines(_ event: ScheduledEvent, _ prediction: Prediction) -> [String] {
    let first = clock(event.at.earliest)
    let last = event.at.width < .milliseconds(1) ? "" : clock(event.at.latest)
    var what = event.what
    if event.kind == .end, let errno = prediction.end?.errno { what += ", \(errno)" }
    if !event.certain { what += " (not in every phase)" }
    var lines = [pad(first, 14) + pad(last, 14) + what]
    if !event.why.isEmpty { lines.append(pad("", 28) + event.why) }
    return lines
  }

  private func endLines(_ prediction: Prediction) -> [String] {
    guard let end = prediction.end else { return ["Never ends: \(prediction.forever ?? "no timer is armed")."] }
    var lines = ["End: \(end.errno ?? "nobody is told") after \(end.window.text). Limit: \(end.limit.name)."]
    if prediction.ends.count > 1 {
      let windows = prediction.ends.map(\.text).joined(separator: ", or ")
      lines.append(
        "Which of these it is depends on the age of the neighbour entry: \(windows). Shown is the likeliest."
      )
    }
    lines.append(capitalized(end.explanation) + ".")
    if let difference = Textbook(self)?.difference(from: end.window) { lines.append(difference) }
    lines += traps(prediction).map { "Note: \($0)." }
    return lines
  }

  /// What is easily overlooked in this case.
  private func traps(_ prediction: Prediction) -> [String] {
    var traps: [String] = []
    if case .idle = situation, let keepalive = options.keepalive, options.userTimeout > 0 {
      let count = keepalive.count ?? kernel[.keepaliveProbes]
      let probes = prediction.probes.upperBound
      if probes != count {
        traps.append(
          "TCP_USER_TIMEOUT overrides TCP_KEEPCNT=\(count): \(probes) unanswered probe\(probes == 1 ? " decides" : "s decide")"
        )
      }
      if probes == 1 { traps.append("one lost probe ends a healthy connection") }
    }
    if case .sending = situation, options.keepalive != nil {
      traps.append("keepalive does not run while data is unacknowledged")
    }
    if case .sending = situation, case .local = path.failure {
      traps.append("data that the own machine never let out is on the probe timer, not on the retransmission timer")
    }
    return traps
  }

  /// A time as the worked examples write it: `00:15:37.692`.
  private func clock(_ duration: Duration) -> String {
    let milliseconds = duration.nanoseconds / 1_000_000
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let fraction = String(1000 + milliseconds % 1000).dropFirst()
    return
      "\(two(milliseconds / 3_600_000)):\(two(milliseconds / 60_000 % 60)):\(two(milliseconds / 1000 % 60)).\(fraction)"
  }
}

/// Fills up with blanks to a width.
func pad(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// The text with a capital first letter, unless it begins with a name.
func capitalized(_ text: String) -> String {
  guard let first = text.first, first.isLowercase, !text.hasPrefix("tcp_") else { return text }
  return first.uppercased() + text.dropFirst()
}
