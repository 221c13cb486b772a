internal import LabScript
internal import Timeline

/// The table of several labs: name, verdict and time of each, and how many passed.
public func summary(of runs: [LabRun], _ options: TextOptions) -> String {
  let rows =
    [TableLayout.Row(cells: ["lab", "time", ""], tint: .plain)]
    + runs.map { run in
      TableLayout.Row(
        cells: [run.script.name, run.length.text, run.judgement.passed ? "PASS" : "FAIL"],
        tint: run.judgement.passed ? .success : .failure
      )
    }
  let layout = TableLayout(rows, shares: [1, 0, 0], width: options.width - 2)
  let passed = runs.filter(\.judgement.passed).count
  let lines = rows.flatMap { layout.lines(of: $0, options) } + ["", "\(passed) of \(runs.count) labs passed"]
  return lines.map { $0 + "\n" }.joined()
}
