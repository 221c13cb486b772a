internal import Judge
internal import LabScript
package import Timeline

extension LabRun {
  /// What is shown after the timeline: the verdicts with what was expected, measured, predicted and published side by
  /// side, why, what ended each connection, the answer, and whether the lab passed.
  public func conclusion(_ options: TextOptions) -> String {
    var lines = [""]
    if !judgement.verdicts.isEmpty {
      lines += options.width >= 90 ? verdictTable(options) : verdictBlocks(options)
      lines.append("")
    }
    lines += section("Why", reasons(options), options)
    lines += section("What went wrong", judgement.problems, options)
    lines += section("What ended the connections", judgement.attributions, options)
    lines += section("Also published", otherClaims, options)
    if !script.answer.isEmpty {
      lines += [Tint.heading.paint("Answer", options)] + paragraphs(script.answer, indent: 2, options) + [""]
    }
    lines += lastLine.wrapped(to: options.width).map {
      (judgement.passed ? Tint.success : Tint.failure).paint($0, options)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The last line: `PASS  poweroff: 5 of 5 expectations held, in 15m41s (measured with …)`.
  package var lastLine: String {
    let held = judgement.verdicts.filter { $0.outcome == .held }.count
    let word = judgement.passed ? "PASS" : "FAIL"
    let total = judgement.verdicts.count
    return "\(word)  \(script.name): \(held) of \(total) expectations held, in \(length.text) (\(origin))".printable
  }

  /// Why what did not hold did not; with more detail, why each verdict is what it is.
  private func reasons(_ options: TextOptions) -> [String] {
    judgement.verdicts.filter { $0.outcome != .held || options.verbosity >= .details }.map {
      "line \($0.line): \($0.reason)"
    }
  }

  /// Claims that no verdict shows, since nothing is expected of their subject.
  private var otherClaims: [String] {
    let shown = Set(judgement.verdicts.flatMap(\.published))
    return script.published.map(\.words).filter { !shown.contains($0) }
  }

  /// The claims beside a verdict; of one that names a time, how far what came about is from it.
  package func compared(_ verdict: Verdict) -> [String] {
    verdict.published.map { words in
      guard verdict.outcome == .held, let after = verdict.after,
        let claim = script.published.first(where: { $0.words == words })?.after
      else {
        return words
      }
      let difference = after - claim
      return words + "; here "
        + (difference < .zero ? "\((.zero - difference).text) earlier" : "\(difference.text) later")
    }
  }

  private func section(_ title: String, _ texts: [String], _ options: TextOptions) -> [String] {
    if texts.isEmpty { return [] }
    let items = texts.flatMap { text in
      text.printable.wrapped(to: options.width - 4).enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
    }
    return [Tint.heading.paint(title, options)] + items + [""]
  }

  private func verdictTable(_ options: TextOptions) -> [String] {
    let head = TableLayout.Row(cells: ["expected", "measured", "predicted", "published", "verdict"], tint: .plain)
    let rows = judgement.verdicts.map { verdict in
      TableLayout.Row(
        cells: [
          verdict.statement, verdict.measured ?? "-", verdict.predicted?.words ?? "-",
          verdict.published.isEmpty ? "-" : compared(verdict).joined(separator: "; "), verdict.outcome.word,
        ],
        tint: verdict.outcome.tint
      )
    }
    // The verdict is never broken; the others share what is left.
    let layout = TableLayout([head] + rows, shares: [30, 22, 22, 26, 0], width: options.width - 2)
    let rule = "  " + String(repeating: "-", count: options.width - 2)
    return layout.lines(of: head, options).map { Tint.heading.paint($0, options) } + [Tint.faint.paint(rule, options)]
      + rows.flatMap { layout.lines(of: $0, options) }
  }

  /// The verdicts one below the other, for pages too narrow for the table.
  private func verdictBlocks(_ options: TextOptions) -> [String] {
    judgement.verdicts.flatMap { verdict in
      var parts = [("", verdict.statement)]
      parts += verdict.measured.map { [("measured", $0)] } ?? []
      parts += verdict.predicted.map { [("predicted", $0.words)] } ?? []
      parts += compared(verdict).map { ("published", $0) }
      return parts.enumerated().flatMap { index, part in
        let word = index == 0 ? verdict.outcome.word : "  " + part.0
        let text = part.1.printable.wrapped(to: options.width - 15)
        return text.enumerated().map { line, text in
          let front = (line == 0 ? word : "").padded(to: 11)
          return "  " + (index == 0 ? verdict.outcome.tint.paint(front, options) : front) + "  " + text
        }
      }
    }
  }
}

extension Verdict {
  /// The statement without its first word, which the table's head says.
  package var statement: String { text.hasPrefix("expect ") ? String(text.dropFirst("expect ".count)) : text }
}

extension Verdict.Outcome {
  /// The verdict in a word.
  var word: String {
    switch self {
    case .held: "held"
    case .failed: "FAILED"
    case .notReached: "not reached"
    }
  }

  var tint: Tint { self == .held ? .success : .failure }
}

extension Verdict.Prediction {
  /// The prediction in a cell: `ETIMEDOUT between 15m37.690s and 15m39.730s (tcp_retries2)`.
  package var words: String {
    var words = errorName.map { [$0] } ?? []
    switch (earliest, latest) {
    case (.zero?, .zero?): words.append("at once")
    case (let earliest?, let latest?) where earliest == latest: words.append(latest.text)
    case (let earliest?, let latest?): words.append("\(earliest.text) to \(latest.text)")
    case (let earliest?, nil): words.append("not before \(earliest.text)")
    case (nil, let latest?): words.append("within \(latest.text)")
    case (nil, nil): break
    }
    if let retransmissions { words.append(counted(retransmissions, "retransmission")) }
    let text = words.isEmpty ? "-" : words.joined(separator: ", ")
    return limit.map { "\(text) (\($0))" } ?? text
  }
}
