internal import Judge
internal import LabScript
internal import Report
internal import Timeline

extension SceneBuilder {
  /// Adds what the judge says: a card for each verdict, the windows that were predicted, and where on the axis the
  /// published moments would be.
  mutating func addVerdicts() {
    let deeds = Judge.deeds(of: run.script, in: run.events)
    for verdict in run.judgement.verdicts {
      let deed = deeds[verdict.line]
      var moment = settled(verdict.line) ?? end
      if let deed, let after = verdict.after { moment = min(end, deed + after) }
      scene.cards.append(
        Scene.Card(
          time: moment,
          statement: verdict.statement.shown,
          outcome: verdict.outcome,
          lines: lines(of: verdict),
          reason: verdict.reason.shown
        )
      )
      guard let deed else { continue }
      addWindow(of: verdict, deed)
      addPublished(of: verdict, deed)
    }
    scene.cards.sort { $0.time < $1.time }
  }

  private func settled(_ line: Int) -> Moment? {
    scene.events.first { if case .settled(line, _) = $0.body { true } else { false } }?.time
  }

  private func lines(of verdict: Verdict) -> [(name: String, text: String)] {
    var lines = verdict.measured.map { [(name: "measured", text: $0.shown)] } ?? []
    if let words = verdict.predicted?.words, words != "-" { lines.append(("predicted", words.shown)) }
    lines += run.compared(verdict).map { ("published", $0.shown) }
    return lines
  }

  private mutating func addWindow(of verdict: Verdict, _ deed: Moment) {
    guard let earliest = verdict.predicted?.earliest, deed + earliest <= end else { return }
    let window = Scene.Window(
      from: deed + earliest,
      until: verdict.predicted?.latest.map { deed + $0 },
      text: "predicted: \(verdict.predicted?.words ?? "")".shown
    )
    // What takes no time needs no window to be seen in.
    if let until = window.until, until - window.from < .milliseconds(1) { return }
    if scene.windows.contains(where: { $0.from == window.from && $0.until == window.until }) { return }
    scene.windows.append(window)
    place = scene.place(after: window.from) - 1
    add(window.text, .published, .window, at: window.from)
  }

  private mutating func addPublished(of verdict: Verdict, _ deed: Moment) {
    for claim in run.script.published where verdict.published.contains(claim.words) {
      guard let after = claim.after, after >= .seconds(1), deed + after < end else { continue }
      if case .toldNothing = claim.condition { continue }
      let text = "published: \(claim.words)".shown
      if scene.items.contains(where: { $0.kind == .published && $0.text == text }) { continue }
      place = scene.place(after: deed + after) - 1
      add(text, .published, .faint, at: deed + after)
    }
  }
}

extension Scene {
  /// The place of the first event after `time`.
  fileprivate func place(after time: Moment) -> Int { events.firstIndex { $0.time > time } ?? events.count }
}
