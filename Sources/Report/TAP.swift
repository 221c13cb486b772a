internal import LabScript
internal import Timeline

/// The runs in the Test Anything Protocol, version 13: a test for each expectation and one for each run itself.
public func tap(_ runs: [LabRun]) -> String {
  var lines: [String] = []
  var number = 0
  func test(_ isPassed: Bool, _ name: String, _ details: [(String, String)]) {
    number += 1
    lines.append("\(isPassed ? "ok" : "not ok") \(number) - \(description(name))")
    if isPassed { return }
    lines += ["  ---"] + details.map { "  \($0): \(JSON.string($1.printable).text)" } + ["  ..."]
  }
  for run in runs {
    for verdict in run.judgement.verdicts {
      let measured = verdict.measured.map { " (\($0))" } ?? ""
      var details = [("message", verdict.reason), ("severity", verdict.outcome == .failed ? "fail" : "error")]
      details += verdict.measured.map { [("measured", $0)] } ?? []
      details += verdict.predicted.map { [("predicted", $0.words)] } ?? []
      details += verdict.published.isEmpty ? [] : [("published", verdict.published.joined(separator: "; "))]
      test(verdict.outcome == .held, "\(run.script.name) line \(verdict.line): \(verdict.text)\(measured)", details)
    }
    let problems = run.judgement.problems
    let name = "\(run.script.name): the lab ran to its end"
    test(problems.isEmpty, name, [("message", problems.joined(separator: "; ")), ("severity", "error")])
  }
  return (["TAP version 13", "1..\(number)"] + lines + runs.map { "# \(description($0.lastLine))" })
    .map { $0 + "\n" }.joined()
}

/// A description that holds no directive: `#` would begin one.
private func description(_ text: String) -> String {
  text.printable.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
    .split(separator: "#", omittingEmptySubsequences: false).joined(separator: "\\#")
}
