internal import Timeline

/// A parameter of a lab and the values that it takes in a sweep.
public struct SweepAxis: Hashable, Sendable {
  /// The parameter's name.
  public var name: String
  /// Its values, as the lab is given them.
  public var values: [String]

  /// At most so many values in a sweep.
  public static let mostValues = 10_000

  /// Reads `NAME=VALUES`.
  ///
  /// VALUES is a list, `1s,5s,9s` (with `|` between the values where they have commas themselves), a range of so many
  /// values at equal distances, `1s..60s/20`, or every whole number of a range, `3..15`.
  public init(text: String) throws(Mistake) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw Mistake(
        "'\(text)' is not of the form NAME=VALUES, such as user_timeout=1s..60s/20 or user_timeout=1s,5s,9s"
      )
    }
    name = parts[0]
    let separator: Character = parts[1].contains("|") ? "|" : ","
    let items = parts[1].split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    values = []
    for item in items {
      guard !item.isEmpty else { throw Mistake("'\(parts[1])' has an empty value") }
      values += try SweepAxis.values(item)
    }
    guard values.count <= SweepAxis.mostValues else { throw SweepAxis.tooMany }
    var seen: Set<String> = []
    for value in values where !seen.insert(value).inserted { throw Mistake("\(name) has the value '\(value)' twice") }
  }

  private static let tooMany = Mistake("a sweep has at most \(mostValues) values")

  /// Where a value stands on the axis: a number, or a duration in seconds; `nil` if it is neither.
  static func number(_ value: String) -> Double? {
    if let number = Double(value), number.isFinite { return number }
    return (try? Duration(text: value))?.inSeconds
  }

  /// Whether the values are times.
  var isTime: Bool { values.allSatisfy { Double($0) == nil && SweepAxis.number($0) != nil } }

  /// Whether every value has a place on a scale.
  var isNumeric: Bool { values.allSatisfy { SweepAxis.number($0) != nil } }

  private static func values(_ item: String) throws(Mistake) -> [String] {
    guard let dots = item.firstRange(of: "..") else { return [item] }
    let first = String(item[..<dots.lowerBound])
    let rest = item[dots.upperBound...].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard rest.count <= 2, let last = rest.first else {
      throw Mistake("'\(item)' is not a range: write FROM..TO/COUNT, such as 1s..60s/20")
    }
    var count: Int?
    if rest.count == 2 {
      guard let number = Int(rest[1]), number >= 2 else {
        throw Mistake("'\(rest[1])' is not a number of values: write a whole number from 2 to \(mostValues)")
      }
      guard number <= mostValues else { throw tooMany }
      count = number
    }
    if let low = Int(first), let high = Int(last) { return try numbers(low, high, count, item) }
    guard let count else {
      throw Mistake("'\(item)' does not say how many values: write FROM..TO/COUNT, such as 1s..60s/20")
    }
    return try durations(first, last, count, item)
  }

  private static func numbers(_ low: Int, _ high: Int, _ count: Int?, _ item: String) throws(Mistake) -> [String] {
    guard low.magnitude <= 1 << 40, high.magnitude <= 1 << 40 else {
      throw Mistake("'\(item)' has numbers that are too large")
    }
    guard low < high else { throw Mistake("'\(item)' does not go up: the second number has to be the larger") }
    let count = count ?? high - low + 1
    guard count <= mostValues else { throw tooMany }
    guard count <= high - low + 1 else {
      throw Mistake("'\(item)' has only \(high - low + 1) whole numbers, not \(count)")
    }
    return spread(low, high, count).map { String($0) }
  }

  /// Durations at equal distances, rounded to the unit in which the ends are whole, or the next finer one if that leaves
  /// too few.
  private static func durations(_ first: String, _ last: String, _ count: Int, _ item: String) throws(Mistake)
    -> [String]
  {
    let low: Duration
    let high: Duration
    do throws(Duration.TextError) { (low, high) = (try Duration(text: first), try Duration(text: last)) } catch {
      throw Mistake("'\(item)' is not a range of numbers or durations: \(error.message)")
    }
    guard low < high else { throw Mistake("'\(item)' does not go up: the second duration has to be the longer") }
    for unit in [3_600_000_000_000, 60_000_000_000, 1_000_000_000, 1_000_000, 1000, 1] as [Int64] {
      guard low.nanoseconds % unit == 0, high.nanoseconds % unit == 0,
        (high.nanoseconds - low.nanoseconds) / unit >= Int64(count - 1)
      else { continue }
      let values = spread(Int(low.nanoseconds / unit), Int(high.nanoseconds / unit), count)
      return values.map { exactText(.nanoseconds(Int64($0) * unit)) }
    }
    throw Mistake("'\(item)' has no \(count) different durations")
  }

  private static func spread(_ low: Int, _ high: Int, _ count: Int) -> [Int] {
    (0..<count).map { index in
      low + Int((Double(high - low) * Double(index) / Double(count - 1)).rounded())
    }
  }

  /// A duration as a script can say it, nothing rounded.
  private static func exactText(_ duration: Duration) -> String {
    let nanoseconds = duration.nanoseconds
    if nanoseconds % 1_000_000 == 0 { return duration.text }
    return nanoseconds % 1000 == 0 ? "\(nanoseconds / 1000)us" : "\(nanoseconds)ns"
  }
}
