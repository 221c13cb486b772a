internal import Timeline

/// A cell in a few short words, for tables.
struct CellWords {
  /// What is seen first: `9.42s`, `never`, `(15m37s-15m40s)` if it was not run.
  var head: String
  /// What the program was told: `ETIMEDOUT`, `read returns 0`, `20s watched`.
  var news: String
  /// What is predicted: `9.41s-9.45s`; empty where that says nothing more.
  var predicted: String
  /// What the cell is in one word, which colours depend on.
  var heat: Heat
  /// When the program is told: measured, or the earliest that is predicted; `nil` if it is not.
  var time: Duration?

  /// How long a program hangs, roughly.
  enum Heat: Int, CaseIterable {
    case atOnce, seconds, tens, minutes, quarters, never, unknown

    /// The heat of an end after `time`.
    init(_ time: Duration) {
      switch time {
      case ..<(.seconds(1)): self = .atOnce
      case ..<(.seconds(10)): self = .seconds
      case ..<(.seconds(60)): self = .tens
      case ..<(.seconds(600)): self = .minutes
      default: self = .quarters
      }
    }

    /// What it means, for the legend.
    var words: String {
      switch self {
      case .atOnce: "under 1s"
      case .seconds: "1s to 10s"
      case .tens: "10s to 1m"
      case .minutes: "1m to 10m"
      case .quarters: "over 10m"
      case .never: "never"
      case .unknown: "not known"
      }
    }
  }

  init(_ cell: CellResult) {
    predicted = CellWords.words(cell)
    switch cell.measured {
    case .told(let told):
      (head, news, heat, time) = (told.after.short, told.news, Heat(told.after), told.after)
    case .nothing(let watched):
      (head, news, heat) = ("never", "\(watched.short) watched", .never)
      if case .ends = cell.predicted { (head, heat) = ("not seen", .unknown) }
      if case .unknown = cell.predicted { (head, heat) = ("not seen", .unknown) }
      if case .never = cell.predicted { predicted = "" }
    case .before(let told): (head, news, heat) = ("before it", told.news, .unknown)
    case .broken: (head, news, heat) = ("lab broken", "", .unknown)
    case nil:
      switch cell.predicted {
      case .ends(let end):
        (head, news, heat) = ("(\(predicted))", end.errorName ?? end.limit, Heat(end.earliest))
        time = end.earliest
        predicted = ""
      case .never: (head, news, predicted, heat) = ("(never)", "", "", .never)
      case .unknown: (head, news, predicted, heat) = ("-", "not run", "", .unknown)
      }
    }
  }

  private static func words(_ cell: CellResult) -> String {
    switch cell.predicted {
    case .ends(let end):
      let earliest = cell.inRun?.earliest ?? end.earliest
      guard let latest = cell.inRun.map(\.latest) ?? end.latest else { return "from " + earliest.short }
      if end.limit == "FIN" || latest < .milliseconds(100) { return "at once" }
      let (first, last) = (earliest.short, latest.shortUp)
      return first == last ? first : "\(first)-\(last)"
    case .never: return "never"
    case .unknown: return ""
    }
  }
}

extension Measured.Told {
  /// What the program was told, in words.
  var news: String {
    if let errorName { return errorName }
    return call == "exit" ? "program ends" : "\(call) returns 0"
  }
}

extension Duration {
  /// The length in at most seven characters: `4ms`, `9.42s`, `15m38s`, `2h11m`.
  var short: String { rounded(up: false) }

  /// The same, rounded up.
  var shortUp: String { rounded(up: true) }

  private func rounded(up: Bool) -> String {
    let unit: Int64
    switch self {
    case ..<(.milliseconds(1)): return self <= .zero ? "0s" : up ? "1ms" : text
    case ..<(.seconds(1)): unit = 1_000_000
    case ..<(.seconds(60)): unit = 10_000_000
    case ..<(.seconds(3600)): unit = 1_000_000_000
    default: unit = 60_000_000_000
    }
    let count = (nanoseconds + (up ? unit - 1 : 0)) / unit
    let rounded = Duration.nanoseconds(count * unit)
    guard unit == 10_000_000 else { return rounded.text }
    let text = rounded.seconds(digits: 2)
    return text.hasSuffix(".00") ? text.dropLast(3) + "s" : text + "s"
  }
}
