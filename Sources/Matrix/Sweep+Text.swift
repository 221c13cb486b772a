internal import Timeline

extension Sweep {
  /// The sweep as a table with a plot beside it: a line a combination of values, `-` the predicted window, `o` the end.
  ///
  /// Of more than `mostRows` rows it shows as many, evenly chosen, and every one that did not hold.
  public func text(_ options: TableOptions, mostRows: Int = 60) -> String {
    let shown = rows(mostRows)
    let labels = shown.map { label(points[$0].values) }
    let head = String(printable(axes.map(\.name).joined(separator: " ")).prefix(options.width / 3))
    let labelWidth = min(options.width / 3, ([head.count] + labels.map(\.count)).max() ?? 0)
    let ends = shown.map { points[$0].after?.short ?? "-" }
    let windows = shown.map { points[$0].windowWords }
    let (endWidth, windowWidth) = (column("end", ends), column("predicted", windows))
    let scale = SweepScale(points)
    let plotWidth = max(0, options.width - labelWidth - endWidth - windowWidth - 8)
    var lines = wrapped(printable("\(lab), line \(line): \(statement)"), options.width)
    lines += [
      "",
      "  \(padded(head, labelWidth))  \(padded("end", endWidth))  \(padded("predicted", windowWidth))  "
        + scale.words(plotWidth),
    ]
    for (row, index) in shown.enumerated() {
      let point = points[index]
      let text =
        "  \(padded(String(labels[row].prefix(labelWidth)), labelWidth))  \(padded(ends[row], endWidth))  "
        + "\(padded(windows[row], windowWidth))  \(scale.plot(point, plotWidth))"
      lines.append(paint(trimmed(text), point.outcome == .held ? "0" : "1;31", options))
    }
    if shown.count < points.count { lines.append("  (\(shown.count) of \(points.count) rows are shown)") }
    lines.append("")
    lines += notes.flatMap { wrapped(printable($0), options.width) }
    return lines.map { trimmed($0) + "\n" }.joined()
  }

  /// What stands below the picture.
  var notes: [String] {
    var notes = ["\(heldCount) of \(points.count) held what the lab expects; \(origin)."]
    for point in points where point.outcome != .held { notes.append("! \(label(point.values)): \(point.reason)") }
    let again = points.filter { $0.attempts > 1 }.map { label($0.values) }
    if !again.isEmpty {
      notes.append("Run a second time, alone, since the first run did not hold: \(again.joined(separator: "; ")).")
    }
    return notes
  }

  /// The values of a point, as a person tells them apart.
  func label(_ values: [String]) -> String { printable(values.joined(separator: " ")) }

  private func column(_ head: String, _ texts: [String]) -> Int { ([head.count] + texts.map(\.count)).max() ?? 0 }

  private func rows(_ most: Int) -> [Int] {
    guard points.count > most else { return Array(points.indices) }
    let even = Set((0..<most).map { $0 * (points.count - 1) / max(1, most - 1) })
    return points.indices.filter { even.contains($0) || points[$0].outcome != .held }
  }
}

extension SweepPoint {
  /// The predicted window in a few characters.
  var windowWords: String {
    guard let window else { return "-" }
    guard let latest = window.latest else { return "from " + window.earliest.short }
    let (first, last) = (window.earliest.short, latest.shortUp)
    return first == last ? first : "\(first)-\(last)"
  }
}

/// The time axis of a sweep: linear, or logarithmic where the times differ by more than a factor of fifty.
struct SweepScale {
  let lowest: Double
  let highest: Double
  let isLogarithmic: Bool

  init(_ points: [SweepPoint]) {
    var times: [Double] = []
    for point in points {
      times += [point.after, point.window?.earliest, point.window?.latest].compactMap { $0?.inSeconds }
    }
    let positive = times.filter { $0 > 0 }
    let (least, most) = (positive.min() ?? 1, positive.max() ?? 1)
    isLogarithmic = most / max(least, 1e-3) > 50
    lowest = isLogarithmic ? max(least, 1e-3) * 0.8 : 0
    highest = most * (isLogarithmic ? 1.25 : 1.05)
  }

  /// Where a time is, from 0 to 1.
  func share(_ time: Duration) -> Double {
    let seconds = time.inSeconds
    let share =
      isLogarithmic
      ? (max(seconds, lowest) / lowest).binaryLogarithm / (highest / lowest).binaryLogarithm
      : seconds / highest
    return min(1, max(0, share))
  }

  /// What the plot's columns mean.
  func words(_ width: Int) -> String {
    guard width >= 24 else { return "" }
    let (first, last) = (
      Duration.nanoseconds(Int64(lowest * 1e9)).short, Duration.nanoseconds(Int64(highest * 1e9)).short
    )
    return first + String(repeating: " ", count: max(1, width - first.count - last.count)) + last
  }

  /// A line of the plot.
  func plot(_ point: SweepPoint, _ width: Int) -> String {
    guard width >= 24 else { return point.outcome == .held ? "" : "!" }
    var cells = [Character](repeating: " ", count: width)
    func place(_ time: Duration) -> Int { min(width - 1, Int(share(time) * Double(width - 1) + 0.5)) }
    if let window = point.window {
      let last = window.latest.map(place) ?? width - 1
      for index in place(window.earliest)...max(place(window.earliest), last) { cells[index] = "-" }
    }
    if let after = point.after { cells[place(after)] = point.outcome == .held ? "o" : "!" }
    return String(cells)
  }
}

extension Double {
  /// The logarithm to base 2 of a positive number, to some 1e-9: the exponent, and the rest by squaring.
  var binaryLogarithm: Double {
    guard isFinite, self > 0 else { return 0 }
    var (result, rest, digit) = (Double(exponent), significand, 0.5)
    for _ in 0..<30 {
      rest *= rest
      if rest >= 2 { (rest, result) = (rest / 2, result + digit) }
      digit /= 2
    }
    return result
  }
}
