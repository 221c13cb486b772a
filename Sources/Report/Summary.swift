internal import LabScript
internal import Timeline

/// The table of several labs: name, verdict and time of each, and how many passed.
public func summary(of runs: [LabRun], _ options: TextOptions) -> String {
  let name = min(options.width - 30, runs.map(\.script.name.printable.columns).max() ?? 0)
  let layout = TableLayout(widths: [max(4, name), 12, 6])
  var lines = layout.lines(of: TableLayout.Row(cells: ["lab", "time", ""], tint: .plain), options)
  lines += runs.flatMap { run in
    layout.lines(
      of: TableLayout.Row(
        cells: [run.script.name, run.length.text, run.judgement.passed ? "PASS" : "FAIL"],
        tint: run.judgement.passed ? .success : .failure
      ),
      options
    )
  }
  let passed = runs.filter(\.judgement.passed).count
  lines += ["", "\(passed) of \(runs.count) labs passed"]
  return lines.map { $0 + "\n" }.joined()
}
