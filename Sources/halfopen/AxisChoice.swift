internal import CommandLine
internal import Drawing

/// The settings of a command that draws timelines.
protocol DrawsTimelines: SendableMetatype {
  /// The axis that was asked for.
  var axis: TimeAxis? { get set }
  /// Every form in which the runs are to be told.
  var formats: [ReportFormat] { get }
}

extension DrawsTimelines {
  /// Whether an axis was asked for although nothing is drawn, which is then told.
  func hasIdleAxis() -> Bool {
    guard axis != nil, !formats.contains(where: \.isDrawn) else { return false }
    Console.complain("--axis is for drawn timelines, and none is asked for: add html or svg")
    return true
  }

  /// The option that chooses the axis.
  static func axisOption() -> Option<Self> {
    .value("axis", "AXIS", "Draw html and svg on this axis: folded (the default: idle stretches are short) or linear.")
    {
      (settings, text) throws(InvalidValue) in
      guard let axis = TimeAxis(rawValue: text) else {
        throw InvalidValue("'\(text)' is no axis: choose folded or linear")
      }
      settings.axis = axis
    }
  }
}
