internal import LabScript
internal import Timeline

/// The table of one lab that was run in many phases of the timer wheel: for each expectation how often it held, and the
/// whole window of moments at which it came about.
///
/// - Parameters:
///   - runs: Runs of the same lab.
///   - phases: Of each the phase, in ticks.
public func phaseTable(of runs: [LabRun], phases: [Int], _ options: TextOptions) -> String {
  guard let first = runs.first else { return "" }
  let head = TableLayout.Row(cells: ["expected", "earliest", "latest", "predicted", "held"], tint: .plain)
  let rows = first.judgement.verdicts.indices.map { index in
    row(runs.compactMap { index < $0.judgement.verdicts.count ? $0.judgement.verdicts[index] : nil }, of: runs.count)
  }
  let layout = TableLayout([head] + rows, shares: [3, 0, 0, 3, 0], width: options.width - 2)
  let title = "\(first.script.name) in \(runs.count) phases of the timer wheel, \(phaseText(phases))"
  var lines = [title, ""] + ([head] + rows).flatMap { layout.lines(of: $0, options) }
  let failed = zip(runs, phases).filter { !$0.0.judgement.passed }
  if !failed.isEmpty {
    lines += ["", "not as expected in the phases " + failed.prefix(20).map { String($0.1) }.joined(separator: ", ")]
    if let (run, phase) = failed.first(where: { !$0.0.judgement.problems.isEmpty }) {
      lines += run.judgement.problems.map { "  phase \(phase): \($0)" }
    }
  }
  lines += ["", "\(runs.count - failed.count) of \(runs.count) runs passed (\(first.origin))"]
  return lines.map { $0.printable + "\n" }.joined()
}

private func phaseText(_ phases: [Int]) -> String {
  guard let first = phases.first, let last = phases.last, phases.count > 1 else { return "begun at their beginning" }
  return "\(first) to \(last) ticks after their beginning"
}

private func row(_ verdicts: [Verdict], of count: Int) -> TableLayout.Row {
  let times = verdicts.compactMap(\.after)
  let predictions = verdicts.compactMap(\.predicted)
  let earliest = predictions.compactMap(\.earliest).min()
  let latest = predictions.compactMap(\.latest).max()
  var predicted = predictions.first?.errorName ?? ""
  if let earliest, let latest { predicted += (predicted.isEmpty ? "" : ", ") + "\(earliest.text) to \(latest.text)" }
  let held = verdicts.filter { $0.outcome == .held }.count
  return TableLayout.Row(
    cells: [
      verdicts.first?.text ?? "", times.min()?.text ?? "-", times.max()?.text ?? "-",
      predicted.isEmpty ? "-" : predicted, held == count ? "held" : "held \(held) of \(count)",
    ],
    tint: held == count ? .success : .failure
  )
}
