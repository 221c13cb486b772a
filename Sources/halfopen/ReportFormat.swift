internal import CommandLine
internal import Report

/// The forms in which a run can be told.
enum ReportFormat: String, CaseIterable {
  /// For people.
  case text
  /// The timeline itself, with the verdicts: JSON Lines.
  case jsonl
  /// For CI systems: JUnit's XML.
  case junit
  /// For test harnesses such as prove: the Test Anything Protocol.
  case tap

  /// The format called `text`, or what would be one.
  static func named(_ text: some StringProtocol) throws(InvalidValue) -> ReportFormat {
    guard let format = ReportFormat(rawValue: String(text)) else {
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      throw InvalidValue("'\(text)' is no format: choose one of \(names)")
    }
    return format
  }

  /// The runs in this form.
  func document(of runs: [LabRun], _ options: TextOptions) -> String {
    switch self {
    case .text: runs.map { $0.text(options) }.joined(separator: "\n")
    case .jsonl: runs.map { $0.jsonLines() }.joined()
    case .junit: Report.junit(runs)
    case .tap: Report.tap(runs)
    }
  }
}

/// A report that goes to a file: `--report junit:out.xml`.
struct ReportFile {
  var format: ReportFormat
  var path: String

  /// Reads `FORMAT:FILE`.
  init(_ text: String) throws(InvalidValue) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else {
      throw InvalidValue("'\(text)' is not of the form FORMAT:FILE, such as junit:out.xml")
    }
    format = try ReportFormat.named(parts[0])
    path = String(parts[1])
  }
}
