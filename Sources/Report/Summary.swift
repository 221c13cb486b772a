internal import Judge
internal import LabScript
internal import Timeline

/// The table of several labs: of each what every side was told and when, what was predicted and published of it, and
/// the verdict; and how many passed.
///
/// On pages under 90 columns each lab has lines below one another in place of a row. Below the table stand the labs that
/// this machine could not run, `notRun`, each with the reason.
public func summary(
  of runs: [LabRun],
  notRun: [(name: String, reason: String)] = [],
  _ options: TextOptions
) -> String {
  let passed = runs.filter(\.judgement.passed).count
  var lines: [String] = []
  if !runs.isEmpty {
    lines = options.width >= 90 ? summaryTable(runs, options) : runs.flatMap { $0.summaryBlock(options) }
  }
  for lab in notRun {
    let text = "not run: \(lab.name): \(lab.reason)".printable.wrapped(to: options.width - 4)
    lines += text.enumerated().map { Tint.failure.paint(($0 == 0 ? "  " : "    ") + $1, options) }
  }
  let rest = notRun.isEmpty ? "" : ", \(notRun.count) not run"
  return (lines + ["", "\(passed) of \(runs.count) labs passed\(rest)"]).map { $0 + "\n" }.joined()
}

private func summaryTable(_ runs: [LabRun], _ options: TextOptions) -> [String] {
  let head = TableLayout.Row(
    cells: ["lab", "what each side was told", "predicted", "published", "time", ""],
    tint: .plain
  )
  let rows = runs.flatMap(\.summaryRows)
  let layout = TableLayout([head] + rows, shares: [30, 30, 22, 18, 0, 0], width: options.width - 2)
  let rule = "  " + String(repeating: "-", count: options.width - 2)
  return layout.lines(of: head, options).map { Tint.heading.paint($0, options) } + [Tint.faint.paint(rule, options)]
    + rows.flatMap { layout.lines(of: $0, options) }
}

extension LabRun {
  private var word: String { judgement.passed ? "PASS" : "FAIL" }
  /// The name as it may be broken: before the variant's.
  private var name: String { script.name.replacing(":", with: " :") }
  private var tint: Tint { judgement.passed ? .success : .failure }

  /// A row for each side; the lab's name, time and verdict stand in the first.
  fileprivate var summaryRows: [TableLayout.Row] {
    let sides = sides
    if sides.isEmpty {
      return [TableLayout.Row(cells: [name, "-", "-", "-", length.rounded, word], tint: tint)]
    }
    return sides.enumerated().map { index, side in
      let ends = index == 0 ? [length.rounded, word] : ["", ""]
      return TableLayout.Row(
        cells: [index == 0 ? name : "", side.told, side.predicted ?? "-", side.published ?? "-"] + ends,
        tint: index == 0 ? tint : .plain
      )
    }
  }

  /// The lab in lines of their own, for a narrow page.
  fileprivate func summaryBlock(_ options: TextOptions) -> [String] {
    var lines = [tint.paint("  \(word)  \(script.name)", options) + "  \(length.rounded)"]
    for side in sides {
      var text = side.told
      if let predicted = side.predicted { text += "; predicted \(predicted)" }
      if let published = side.published { text += "; published \(published)" }
      lines += text.wrapped(to: options.width - 8).map { "        " + $0 }
    }
    return lines
  }

  /// What a side was told, each part in the words of a cell.
  private struct Side {
    var told: String
    var predicted: String?
    var published: String?
  }

  /// The most telling verdict of each host.
  private var sides: [Side] {
    script.hosts.compactMap { host in
      let subjects = Set([host.name] + script.peers.filter { $0.host == host.name }.map(\.name))
      let candidates = judgement.verdicts.compactMap { verdict -> (verdict: Verdict, condition: Condition)? in
        guard let condition = script.expectation(at: verdict.line)?.condition, subjects.contains(condition.subject)
        else { return nil }
        return (verdict, condition)
      }
      guard let (verdict, condition) = candidates.max(by: { rank($0) < rank($1) }) else { return nil }
      let what = verdict.measured ?? (verdict.outcome == .notReached ? "not reached" : "not seen")
      return Side(
        told: "\(condition.subject): \(what)".printable,
        predicted: verdict.predicted?.brief,
        published: script.published.first { verdict.published.contains($0.words) }?.brief.printable
      )
    }
  }

  /// How much a verdict tells of what a side was told; of equals the last one counts.
  private func rank(_ candidate: (verdict: Verdict, condition: Condition)) -> (Int, Int) {
    let kind =
      switch candidate.condition {
      case .call(_, _, .fails): 5
      case .call(_, "read", .returnsValue(0)): 4
      case .toldNothing: 3
      case .connection, .prints, .exits: 2
      case .retransmits: 1
      case .call, .listens: 0
      }
    // What did not hold is what a reader looks for.
    return ((candidate.verdict.outcome == .held ? 0 : 10) + kind, candidate.verdict.line)
  }
}

extension Script {
  fileprivate func expectation(at line: Int) -> Expectation? {
    for step in steps where step.line == line {
      if case .expect(let expectation) = step.action { return expectation }
    }
    return nil
  }
}

extension Verdict.Prediction {
  /// The window and the limit, without what the row says anyway.
  fileprivate var brief: String? {
    var copy = self
    copy.errorName = nil
    return copy.words == "-" ? nil : copy.words
  }
}

extension PublishedClaim {
  /// The claim without its subject and source: `ETIMEDOUT after 5m11s`.
  fileprivate var brief: String {
    var isLasting = false
    let what: String
    switch condition {
    case .call(_, _, .fails(let error)): what = error ?? "failed"
    case .call(_, _, .returnsValue(let value)): what = "returned \(value)"
    case .call(_, _, .returns): what = "returned"
    case .prints(_, let text): what = "\"\(text)\""
    case .exits(_, .signaled(let name)): what = "ends by \(name)"
    case .exits: what = "exits"
    case .toldNothing: (what, isLasting) = ("nothing", true)
    case .connection(_, _, .state(let state)): what = state.name
    case .connection(_, _, .gone): what = "gone"
    case .listens(_, let port): what = "listens on \(port)"
    case .retransmits(_, .exactly(let count)): what = "\(count) retransmissions"
    case .retransmits(_, .atLeast(let count)): what = "at least \(count) retransmissions"
    case .retransmits(_, .asPredicted): what = "retransmissions"
    }
    guard let after else { return what }
    return "\(what) \(isLasting ? "for" : "after") \(after.text)"
  }
}

extension Duration {
  /// The length to a tenth of a second, at least that, or to the second if it is ten or more.
  var rounded: String {
    if self < .milliseconds(9950) {
      return Duration.nanoseconds(max(nanoseconds, 100_000_000)).seconds(digits: 1) + "s"
    }
    return Duration.nanoseconds((nanoseconds + 500_000_000) / 1_000_000_000 * 1_000_000_000).text
  }
}
