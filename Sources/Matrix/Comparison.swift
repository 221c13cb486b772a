internal import Timeline

/// What has changed between an earlier matrix and this one.
public struct Comparison: Hashable, Sendable {
  /// By the cell's name: how it changed, in a sentence.
  public var changes: [String: String] = [:]
  /// Cells of the earlier matrix that this one lacks.
  public var missing: [String] = []
  /// Cells that the earlier matrix lacks.
  public var added: [String] = []
  /// What is not the same about the two as a whole: kernel, world, a column's settings.
  public var circumstances: [String] = []

  /// Compares cell by cell.
  ///
  /// Two times are the same if they lie no farther apart than the predicted window is wide, since the phase of the
  /// timer wheel moves an end within it, and what the observer may be off; a cell that was not run is compared by what
  /// is predicted.
  public init(from old: MatrixResult, to new: MatrixResult) {
    let before = Dictionary(old.cells.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for cell in new.cells {
      guard let earlier = before[cell.name] else {
        added.append(cell.name)
        continue
      }
      if let change = Comparison.change(earlier, cell) { changes[cell.name] = change }
    }
    let now = Set(new.cells.map(\.name))
    missing = old.cells.map(\.name).filter { !now.contains($0) }
    for (name, first, second) in [
      ("kernel", "Linux \(old.kernel), HZ \(old.hz)", "Linux \(new.kernel), HZ \(new.hz)"),
      ("time", old.world, new.world),
    ] where first != second {
      circumstances.append("\(name): \(first) before, \(second) now")
    }
    for column in new.columns {
      guard let earlier = old.columns.first(where: { $0.name == column.name }), earlier.settings != column.settings
      else { continue }
      circumstances.append(
        "\(column.name): \(Comparison.words(earlier.settings)) before, \(Comparison.words(column.settings)) now"
      )
    }
  }

  private static func words(_ settings: [String]) -> String {
    settings.isEmpty ? "nothing set" : settings.joined(separator: ", ")
  }

  private static func change(_ old: CellResult, _ new: CellResult) -> String? {
    let (before, now) = (Sight(old), Sight(new))
    let sentence = "\(before.words) before, \(now.words) now"
    switch (before, now) {
    case (.told(let old), .told(let new)):
      if old.news != new.news { return sentence }
      return old.isApart(from: new) ? sentence : nil
    case (.never, .never), (.unknown, .unknown): return nil
    // A cell that only one of the two ran may be known in one of them only.
    case (.unknown, _) where old.measured == nil, (_, .unknown) where new.measured == nil: return nil
    default: return sentence
    }
  }
}

/// What is known of a cell: measured where it was run, predicted otherwise.
private enum Sight {
  case told(Span)
  case never(String)
  case unknown(String)

  /// Between when and when a program is told what.
  struct Span {
    var news: String
    var first: Duration
    var last: Duration
    /// How much it may move without anything having changed.
    var play: Duration
    var words: String

    /// Whether two lie farther apart than they may.
    func isApart(from other: Span) -> Bool {
      let play = max(play, other.play) + Sight.observers
      return first > other.last + play || other.first > last + play
    }
  }

  /// Two observers may each be off by 20 ms; see Judge's tolerance.
  static let observers = Duration.milliseconds(40)

  init(_ cell: CellResult) {
    let words = CellWords(cell)
    var window: (Duration, Duration)?
    if case .ends(let end) = cell.predicted { window = (end.earliest, end.latest ?? end.earliest) }
    switch (cell.measured, cell.predicted) {
    case (.told(let told), _):
      let play = window.map { max(.zero, $0.1 - $0.0) } ?? .zero
      let text = "\(told.news) after \(told.after.text)"
      self = .told(Span(news: told.news, first: told.after, last: told.after, play: play, words: text))
    case (.nothing(let watched), .never): self = .never("nothing for \(watched.text)")
    case (nil, .ends(let end)):
      let news = end.errorName ?? "read returns 0"
      let text = "\(news), predicted \(words.head)"
      self = .told(
        Span(news: news, first: end.earliest, last: end.latest ?? .seconds(1 << 30), play: .zero, words: text)
      )
    case (nil, .never): self = .never("predicted never")
    case (.nothing(let watched), _): self = .unknown("not seen in \(watched.text)")
    case (.before, _): self = .unknown("ended before the failure")
    case (.broken, _): self = .unknown("the lab was broken")
    case (nil, .unknown): self = .unknown("not known")
    }
  }

  var words: String {
    switch self {
    case .told(let span): span.words
    case .never(let words), .unknown(let words): words
    }
  }
}
