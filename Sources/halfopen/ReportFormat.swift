internal import CommandLine
internal import Drawing
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
  /// For a browser: the drawn timeline, one file that needs nothing else.
  case html
  /// The drawn timeline as a picture.
  case svg

  /// The format called `text`, or what would be one.
  static func named(_ text: some StringProtocol) throws(InvalidValue) -> ReportFormat {
    guard let format = ReportFormat(rawValue: String(text)) else {
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      throw InvalidValue("'\(text)' is no format: choose one of \(names)")
    }
    return format
  }

  /// Whether it is a drawn timeline.
  var isDrawn: Bool { self == .html || self == .svg }

  /// Whether it is one document of all runs, which can be written only when the last has ended.
  var isWholeDocument: Bool { self != .text && self != .jsonl }

  /// The runs in this form.
  ///
  /// - Parameters:
  ///   - axis: The axis of a drawn timeline; in a page its reader may choose the other one.
  ///   - notes: What a reader must know of the timeline that they were read from.
  func document(
    of runs: [LabRun],
    _ options: TextOptions,
    axis: TimeAxis = .folded,
    notes: [String] = []
  ) -> String {
    let drawing = DrawingOptions(verbosity: options.verbosity, axis: axis, notes: notes)
    return switch self {
    case .text: runs.map { $0.text(options) }.joined(separator: "\n")
    case .jsonl: runs.map { $0.jsonLines() }.joined()
    case .junit: Report.junit(runs)
    case .tap: Report.tap(runs)
    case .html: Drawing.html(runs, drawing)
    case .svg: Drawing.svg(runs, drawing)
    }
  }
}

/// A report that goes to a file: `--report junit:out.xml`.
struct ReportFile {
  var format: ReportFormat
  var path: String

  init(format: ReportFormat, path: String) {
    self.format = format
    self.path = path
  }

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
