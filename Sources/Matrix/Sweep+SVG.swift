internal import Timeline

extension Sweep {
  /// The sweep as one picture: the end against the first parameter, the predicted window as a band around the points;
  /// the second parameter's values each have a colour, a shape and an entry in the legend.
  public var svg: String {
    let plot = SweepPlot(self)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SweepPlot.width) \(plot.height)" role="img" \
      aria-labelledby="sweep-title sweep-text" font-family="system-ui, sans-serif" font-size="13">
      <title id="sweep-title">\(escaped(title))</title>
      <desc id="sweep-text">\(escaped(description))</desc>
      <style>
      \(SweepPlot.style)
      </style>
      <rect class="paper" width="\(SweepPlot.width)" height="\(plot.height)"/>
      \(plot.elements)
      </svg>

      """
  }

  var title: String { "\(lab): \(statement), against \(axes.map(\.name).joined(separator: " and "))" }

  /// The picture in words, for those who cannot see it.
  private var description: String {
    let ends = points.prefix(200).map { point in
      let end = point.after.map { "after \($0.text)" } ?? "not at all"
      return "\(label(point.values)): \(end), predicted \(point.windowWords)"
    }
    let more = points.count > 200 ? "; and \(points.count - 200) more" : ""
    return ends.joined(separator: "; ") + more + ". " + origin
  }
}

/// The geometry of a sweep's picture.
struct SweepPlot {
  static let width = 900
  private static let (left, right, top, bottom) = (86.0, 876.0, 56.0, 456.0)

  /// Colours of Okabe and Ito, which are told apart whatever colours one sees; and a shape each besides.
  static let style = """
    :root { color-scheme: light dark; }
    .paper { fill: #fff; } .ink { fill: #1b1b1f; } .faint { fill: #5a5a66; } .grid { stroke: #dcdce2; } .axis { stroke: #1b1b1f; }
    .s0 { --c: #0072b2; } .s1 { --c: #d55e00; } .s2 { --c: #007a5a; } .s3 { --c: #aa4499; } .s4 { --c: #8a6d00; } .s5 { --c: #444; }
    .band { fill: var(--c); fill-opacity: 0.2; stroke: var(--c); stroke-opacity: 0.55; stroke-width: 1; }
    .point { fill: var(--c); stroke: none; } .failed { fill: none; stroke: #c00000; stroke-width: 2.5; }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #16161a; } .ink { fill: #ececf1; } .faint { fill: #a9a9b6; } .grid { stroke: #34343d; } .axis { stroke: #ececf1; }
      .s0 { --c: #56b4e9; } .s1 { --c: #ff9a52; } .s2 { --c: #3ed0a5; } .s3 { --c: #e79bd5; } .s4 { --c: #f0e442; } .s5 { --c: #ccc; }
      .failed { stroke: #ff6b6b; } }
    """

  private let sweep: Sweep
  private let scale: SweepScale
  /// By the first parameter's value: where it stands.
  private let places: [String: Double]

  init(_ sweep: Sweep) {
    self.sweep = sweep
    scale = SweepScale(sweep.points)
    let axis = sweep.axes[0]
    let numbers =
      axis.isNumeric ? axis.values.map { SweepAxis.number($0) ?? 0 } : axis.values.indices.map { Double($0) }
    let (least, most) = (numbers.min() ?? 0, numbers.max() ?? 1)
    let margin = 14.0
    places = Dictionary(
      zip(axis.values, numbers).map { value, number in
        let share = most > least ? (number - least) / (most - least) : 0.5
        return (value, SweepPlot.left + margin + share * (SweepPlot.right - SweepPlot.left - 2 * margin))
      },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// The picture's height: what the legend takes comes below.
  var height: Int { 530 + (sweep.axes.count > 1 ? 22 * sweep.axes[1].values.count : 0) }

  /// Everything within the picture.
  var elements: String {
    var out = text(sweep.title, x: SweepPlot.left, y: 24, anchor: "start", style: "ink", size: 15)
    out += text(sweep.origin, x: SweepPlot.left, y: 43, anchor: "start", style: "faint", size: 12)
    out += timeAxis + valueAxis
    for (number, points) in series.enumerated() { out += drawn(points, number) }
    return out + legend
  }

  /// The points of each value of the second parameter, in the order of the first.
  private var series: [[SweepPoint]] {
    guard sweep.axes.count > 1 else { return [sweep.points] }
    return sweep.axes[1].values.map { value in sweep.points.filter { $0.values.last == value } }
  }

  private func y(_ time: Duration) -> Double {
    SweepPlot.bottom - scale.share(time) * (SweepPlot.bottom - SweepPlot.top)
  }

  private func x(_ point: SweepPoint) -> Double { places[point.values.first ?? ""] ?? SweepPlot.left }

  private func drawn(_ points: [SweepPoint], _ number: Int) -> String {
    var out = "<g class=\"s\(number % 6)\">\n"
    out += bands(points)
    for point in points {
      let x = x(point)
      let name = "<title>\(escaped(words(point)))</title>"
      guard let after = point.after else {
        // Nothing came: at the upper edge, hollow.
        let y = SweepPlot.top + 6
        out +=
          "<path class=\"failed\" d=\"M\(n(x - 6)) \(n(y + 5))L\(n(x)) \(n(y - 5))L\(n(x + 6)) \(n(y + 5))Z\">\(name)</path>\n"
        continue
      }
      out += "<path class=\"point\" d=\"\(shape(number, x, y(after)))\">\(name)</path>\n"
      if point.outcome != .held {
        out += "<circle class=\"failed\" cx=\"\(n(x))\" cy=\"\(n(y(after)))\" r=\"9\"/>\n"
      }
    }
    return out + "</g>\n"
  }

  /// The predicted windows: a band through neighbours on a scale, a box each where the values have none.
  private func bands(_ points: [SweepPoint]) -> String {
    let known = points.filter { $0.window != nil }
    func edge(_ point: SweepPoint) -> (x: Double, low: Double, high: Double) {
      let window = point.window ?? .init(earliest: .zero, latest: .zero)
      return (x(point), y(window.earliest) + 1, (window.latest.map(y) ?? SweepPlot.top) - 1)
    }
    guard sweep.axes[0].isNumeric, known.count == points.count, known.count > 1 else {
      return known.map { point in
        let (x, low, high) = edge(point)
        return "<rect class=\"band\" x=\"\(n(x - 8))\" y=\"\(n(high))\" width=\"16\" height=\"\(n(low - high))\"/>\n"
      }.joined()
    }
    let edges = known.map(edge).sorted { $0.x < $1.x }
    let there = edges.map { "\(n($0.x)) \(n($0.low))" }
    let back = edges.reversed().map { "\(n($0.x)) \(n($0.high))" }
    return "<path class=\"band\" d=\"M" + (there + back).joined(separator: "L") + "Z\"/>\n"
  }

  private func shape(_ number: Int, _ x: Double, _ y: Double) -> String {
    let r = 4.0
    switch number % 6 {
    case 0: return "M\(n(x - r)) \(n(y))a\(n(r)) \(n(r)) 0 1 0 \(n(2 * r)) 0a\(n(r)) \(n(r)) 0 1 0 \(n(-2 * r)) 0Z"
    case 1: return "M\(n(x - r)) \(n(y - r))h\(n(2 * r))v\(n(2 * r))h\(n(-2 * r))Z"
    case 2: return "M\(n(x)) \(n(y - r - 1))L\(n(x + r + 1)) \(n(y))L\(n(x)) \(n(y + r + 1))L\(n(x - r - 1)) \(n(y))Z"
    case 3: return "M\(n(x)) \(n(y - r - 1))L\(n(x + r + 1)) \(n(y + r))L\(n(x - r - 1)) \(n(y + r))Z"
    case 4: return "M\(n(x)) \(n(y + r + 1))L\(n(x + r + 1)) \(n(y - r))L\(n(x - r - 1)) \(n(y - r))Z"
    default:
      return "M\(n(x - 6)) \(n(y - 1.5))h12v3h-12ZM\(n(x - 1.5)) \(n(y - 6))h3v12h-3Z"
    }
  }

  private func words(_ point: SweepPoint) -> String {
    let end = point.after?.text ?? "nothing came"
    return "\(sweep.label(point.values)): \(end); predicted \(point.windowWords)"
      + (point.outcome == .held ? "" : "; did not hold")
  }

  // MARK: Axes

  private var timeAxis: String {
    var out = ""
    for tick in ticks {
      let y = n(y(tick))
      out += "<line class=\"grid\" x1=\"\(n(SweepPlot.left))\" x2=\"\(n(SweepPlot.right))\" y1=\"\(y)\" y2=\"\(y)\"/>\n"
      out += text(tick.text, x: SweepPlot.left - 8, y: self.y(tick) + 4, anchor: "end", style: "faint", size: 12)
    }
    out +=
      "<path class=\"axis\" fill=\"none\" d=\"M\(n(SweepPlot.left)) \(n(SweepPlot.top))V\(n(SweepPlot.bottom))H\(n(SweepPlot.right))\"/>\n"
    let name = scale.isLogarithmic ? "end (logarithmic)" : "end"
    return out + "<g transform=\"translate(18 \(n((SweepPlot.top + SweepPlot.bottom) / 2))) rotate(-90)\">"
      + text(name, x: 0, y: 0, anchor: "middle", style: "ink", size: 13) + "</g>\n"
  }

  /// Round times along the axis, at most a dozen.
  private var ticks: [Duration] {
    let steps = [
      0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600,
      7200,
      14_400, 43_200, 86_400, 172_800, 604_800,
    ]
    if scale.isLogarithmic {
      let within = steps.filter { $0 >= scale.lowest && $0 <= scale.highest }
      let every = within.count / 12 + 1
      return within.enumerated().filter { $0.offset % every == 0 }.map { .nanoseconds(Int64($0.element * 1e9)) }
    }
    let step = steps.first { scale.highest / $0 <= 10 } ?? scale.highest / 8
    return (0...10).map { Double($0) * step }.filter { $0 <= scale.highest }.map { .nanoseconds(Int64($0 * 1e9)) }
  }

  private var valueAxis: String {
    let values = sweep.axes[0].values
    let widest = values.map(\.count).max() ?? 1
    let most = max(2, Int((SweepPlot.right - SweepPlot.left) / Double(widest * 8 + 14)))
    let every = (values.count + most - 1) / most
    var out = ""
    for (index, value) in values.enumerated() where index % every == 0 {
      let x = places[value] ?? SweepPlot.left
      out +=
        "<line class=\"axis\" x1=\"\(n(x))\" x2=\"\(n(x))\" y1=\"\(n(SweepPlot.bottom))\" y2=\"\(n(SweepPlot.bottom + 5))\"/>\n"
      out += text(value, x: x, y: SweepPlot.bottom + 20, anchor: "middle", style: "faint", size: 12)
    }
    let middle = (SweepPlot.left + SweepPlot.right) / 2
    return out + text(sweep.axes[0].name, x: middle, y: SweepPlot.bottom + 42, anchor: "middle", style: "ink", size: 13)
  }

  private var legend: String {
    var y = 526.0
    var out = text(
      "band: predicted window; mark: measured; red: did not hold",
      x: SweepPlot.left,
      y: y - 8,
      anchor: "start",
      style: "faint",
      size: 12
    )
    guard sweep.axes.count > 1 else { return out }
    for (number, value) in sweep.axes[1].values.enumerated() {
      y += 20
      out +=
        "<g class=\"s\(number % 6)\"><path class=\"point\" d=\"\(shape(number, SweepPlot.left + 8, y - 8))\"/></g>\n"
      let words = "\(sweep.axes[1].name) \(value)"
      out += text(words, x: SweepPlot.left + 24, y: y - 4, anchor: "start", style: "ink", size: 12)
    }
    return out
  }

  private func text(_ text: String, x: Double, y: Double, anchor: String, style: String, size: Int) -> String {
    "<text class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor)\" font-size=\"\(size)\">"
      + "\(escaped(text))</text>\n"
  }

  /// A coordinate with one decimal.
  private func n(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let text = "\(abs(tenths) / 10)" + (tenths % 10 == 0 ? "" : ".\(abs(tenths) % 10)")
    return (tenths < 0 ? "-" : "") + text
  }
}
