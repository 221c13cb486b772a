internal import LabScript
internal import Timeline

/// The same labs on several kernels: where their answers differ.
public struct KernelTable {
  /// The labs' runs on one kernel.
  public struct Column {
    /// The kernel's release.
    public var kernel: String
    /// The runs, in the same order on every kernel.
    public var runs: [LabRun]

    /// The runs on a kernel.
    public init(kernel: String, runs: [LabRun]) {
      (self.kernel, self.runs) = (kernel, runs)
    }
  }

  /// An expectation whose answers differ.
  struct Difference: Hashable {
    var lab: String
    var expectation: String
    /// What was seen on each kernel.
    var answers: [String]
  }

  private let columns: [Column]

  /// The table of these columns.
  public init(_ columns: [Column]) {
    self.columns = columns
  }

  /// The expectations whose answers differ, in the labs' order.
  var differences: [Difference] {
    guard let first = columns.first else { return [] }
    var found: [Difference] = []
    for (index, run) in first.runs.enumerated() {
      let runs = columns.compactMap { index < $0.runs.count ? $0.runs[index] : nil }
      guard runs.count == columns.count else { continue }
      for verdict in run.judgement.verdicts {
        let verdicts = runs.map { $0.judgement.verdicts.first { $0.line == verdict.line } }
        guard KernelTable.differ(verdicts) else { continue }
        found.append(
          Difference(lab: run.script.name, expectation: verdict.text, answers: verdicts.map(KernelTable.answer))
        )
      }
    }
    return found
  }

  /// Whether two of the answers are not the same answer: other words, or moments farther apart than either kernel's timer
  /// wheel alone can make them.
  private static func differ(_ verdicts: [Verdict?]) -> Bool {
    guard Set(verdicts.map { $0.map(words) }).count == 1 else { return true }
    let moments = verdicts.compactMap { $0?.after }
    guard let earliest = moments.min(), let latest = moments.max() else { return false }
    let windows = verdicts.compactMap { verdict -> Duration? in
      guard let predicted = verdict?.predicted, let from = predicted.earliest, let to = predicted.latest else {
        return nil
      }
      return to - from
    }
    return latest - earliest > max(windows.max() ?? .zero, latest / 100, .milliseconds(50))
  }

  /// An answer without its moment.
  private static func words(_ verdict: Verdict) -> [String] {
    [verdict.outcome.rawValue]
      + (verdict.measured ?? "").split(separator: " ").map(String.init).filter { (try? Duration(text: $0)) == nil }
  }

  private static func answer(_ verdict: Verdict?) -> String {
    guard let verdict else { return "not reached" }
    let text = verdict.measured ?? "nothing"
    return verdict.outcome == .held ? text : "\(text) (\(verdict.outcome.rawValue))"
  }

  /// The table as text.
  public func text(_ options: TextOptions) -> String {
    let count = columns.first?.runs.reduce(0) { $0 + $1.judgement.verdicts.count } ?? 0
    let differences = differences
    guard !differences.isEmpty else {
      return "Each of \(count) expectations has the same answer on \(columns.map(\.kernel).joined(separator: ", "))\n"
    }
    var rows = [TableLayout.Row(cells: ["lab", "expected"] + columns.map(\.kernel), tint: .plain)]
    for difference in differences {
      rows.append(TableLayout.Row(cells: [difference.lab, difference.expectation] + difference.answers, tint: .plain))
    }
    let layout = TableLayout(rows, shares: [1, 2] + columns.map { _ in 2 }, width: options.width - 2)
    let head = "Answers that differ: \(differences.count) of \(count)\n\n"
    return head + rows.flatMap { layout.lines(of: $0, options) }.map { $0 + "\n" }.joined()
  }
}
