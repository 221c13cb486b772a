internal import Report
internal import Timeline

/// Which way time is drawn.
public enum TimeAxis: String, Hashable, Sendable, CaseIterable {
  /// Every row has its place, and idle stretches are folded, each fold saying how long it is and what went on in it.
  case folded
  /// To scale: a second is everywhere as long.
  case linear
}

/// Where moments stand from top to bottom, in pixels.
///
/// The folded axis runs through its moments in order. Between two of them it goes on by a length that grows with the
/// logarithm of the time, and by more where rows need room for their texts; from a second on the stretch is a fold.
/// The page's script does the same (Page/AxisScript.swift): both are measured against each other by a test.
struct Axis {
  /// A moment and its height.
  struct Knot {
    var time: Moment
    var y: Double
  }

  /// An idle stretch that is drawn short.
  struct Fold {
    var from: Moment
    var until: Moment
    var top: Double
    var bottom: Double
    var text: String
  }

  /// From this length on an idle stretch is a fold.
  static let shortestFold: Duration = .seconds(1)

  private(set) var knots: [Knot] = []
  private(set) var folds: [Fold] = []
  /// The height of each visible item, by its place in the scene's items.
  private(set) var rows: [Int: Double] = [:]
  private(set) var bottom: Double

  /// The height of a moment, in between two of the axis's own in proportion.
  func y(_ time: Moment) -> Double {
    guard let first = knots.first, let last = knots.last else { return bottom }
    if time <= first.time { return first.y }
    if time >= last.time { return last.y }
    var (low, high) = (0, knots.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if knots[middle].time < time { low = middle } else { high = middle }
    }
    let (before, after) = (knots[low], knots[high])
    let share = (time - before.time).inSeconds / max((after.time - before.time).inSeconds, 1e-12)
    return before.y + (after.y - before.y) * min(1, max(0, share))
  }

  /// The heights of the axis's own moments within a stretch, its ends included: where a slope bends.
  func bends(from: Moment, until: Moment) -> [Knot] {
    [Knot(time: from, y: y(from))] + knots.filter { $0.time > from && $0.time < until }
      + [Knot(time: until, y: y(until))]
  }

  /// Lays the moments of the visible items of a scene out.
  init(_ scene: Scene, level: UInt8, top: Double, kind: TimeAxis) {
    bottom = top
    var layout = Layout(scene: scene, level: level, y: top)
    layout.run(kind)
    knots = layout.knots
    folds = layout.folds
    rows = layout.rows
    bottom = max(layout.knots.last?.y ?? top, layout.columns.values.max() ?? top)
  }
}

extension Axis {
  /// The axis while it is made.
  private struct Layout {
    let scene: Scene
    let level: UInt8
    var y: Double
    var knots: [Knot] = []
    var folds: [Fold] = []
    var rows: [Int: Double] = [:]
    /// How far down each column is taken: -1 and below the wires, 0 and above the texts of the lanes.
    var columns: [Int: Double] = [:]
    /// How many items before each one are not shown, what the script did not counted.
    let unshown: [Int]

    init(scene: Scene, level: UInt8, y: Double) {
      self.scene = scene
      self.level = level
      self.y = y
      var counts = [0]
      counts.reserveCapacity(scene.items.count + 1)
      for item in scene.items {
        counts.append((counts.last ?? 0) + (item.level > level && item.kind != .script ? 1 : 0))
      }
      unshown = counts
    }

    /// The place of the first item at `time` or later.
    private func place(before time: Moment) -> Int {
      var (low, high) = (0, scene.items.count)
      while low < high {
        let middle = (low + high) / 2
        if scene.items[middle].time < time { low = middle + 1 } else { high = middle }
      }
      return low
    }

    /// The place of the first item after `time`.
    private func place(after time: Moment) -> Int { place(before: time + .nanoseconds(1)) }

    /// What happens at one moment: items that stand there, by their place.
    private func moments(_ visible: [Int]) -> [(time: Moment, items: [Int])] {
      var stops: [(time: Moment, item: Int?)] = []
      for index in visible {
        let item = scene.items[index]
        stops.append((item.time, index))
        if let until = item.until, item.kind.isArrow { stops.append((until, nil)) }
      }
      for span in scene.spans where span.kind != .call && span.track != nil { stops.append((span.from, nil)) }
      for window in scene.windows { stops.append((window.from, nil)) }
      stops.sort { ($0.time, $0.item ?? -1) < ($1.time, $1.item ?? -1) }
      var moments: [(time: Moment, items: [Int])] = []
      for stop in stops {
        if moments.last?.time != stop.time { moments.append((stop.time, [])) }
        if let item = stop.item { moments[moments.count - 1].items.append(item) }
      }
      return moments
    }

    mutating func run(_ kind: TimeAxis) {
      let visible = scene.items.indices.filter { scene.items[$0].level <= level }
      let moments = moments(visible)
      guard let first = moments.first, let last = moments.last else { return }
      let length = max((last.time - first.time).inSeconds, 1e-6)
      // To scale, the picture is as high as it would be folded, but for very short ones.
      let scale = max(600, Double(visible.count) * 14) / length
      var previous = first.time
      for moment in moments {
        let gap = moment.time - previous
        switch kind {
        case .folded: advance(over: gap, from: previous, to: moment.time)
        case .linear: y += gap.inSeconds * scale
        }
        if kind == .folded { place(moment.items) }
        knots.append(Knot(time: moment.time, y: y))
        if kind == .folded { stack(moment.items) } else { for item in moment.items { rows[item] = y } }
        previous = moment.time
      }
      if kind == .linear { dropCrowded() }
    }

    /// On an axis to scale rows cannot move: those that have no room are left out, the weightiest last.
    private mutating func dropCrowded() {
      func weight(_ index: Int) -> Int {
        let item = scene.items[index]
        return item.kind == .fault || item.tone == .failure ? 0 : item.kind == .published ? 1 : Int(item.level) + 2
      }
      var taken: [Int: [ClosedRange<Double>]] = [:]
      for index in rows.keys.sorted(by: { (weight($0), $0) < (weight($1), $1) }) {
        let item = scene.items[index]
        let y = rows[index] ?? 0
        let own = (y - item.ascent + 0.5)...(y + item.descent)
        let ownColumns = scene.columns(of: item)
        if ownColumns.contains(where: { taken[$0, default: []].contains { $0.overlaps(own) } }) {
          rows[index] = nil
          continue
        }
        for column in ownColumns { taken[column, default: []].append(own) }
      }
    }

    /// Goes on from one moment to the next: by a step, or by a fold.
    private mutating func advance(over gap: Duration, from: Moment, to: Moment) {
      guard gap >= Axis.shortestFold else {
        if gap > .zero { y += Axis.step(gap) }
        return
      }
      // What stands at the moment before must be over before the fold begins.
      let top = max(y, columns.values.max() ?? y) + 2
      if top > y { knots.append(Knot(time: from, y: top)) }
      y = top + Axis.height(ofFold: gap)
      let text = "\(gap.text), \(words(from, to))"
      folds.append(Fold(from: from, until: to, top: top, bottom: y, text: text))
      for column in columns.keys { columns[column] = y }
      y += 2
    }

    /// Moves the moment down until its rows have room.
    private mutating func place(_ items: [Int]) {
      for index in items {
        let item = scene.items[index]
        for column in scene.columns(of: item) { y = max(y, (columns[column] ?? 0) + item.ascent) }
      }
    }

    /// Stacks the rows of one moment below each other.
    private mutating func stack(_ items: [Int]) {
      for index in items {
        let item = scene.items[index]
        let own = scene.columns(of: item)
        let free = own.map { (columns[$0] ?? 0) + item.ascent }.max() ?? y
        rows[index] = max(y, free)
        for column in own { columns[column] = max(y, free) + item.descent }
      }
    }

    /// What went on in a fold.
    private func words(_ from: Moment, _ to: Moment) -> String {
      let middle = from + .nanoseconds((to - from).nanoseconds / 2)
      let across = scene.spans.filter { $0.from <= middle && $0.until >= middle }
      let timers = across.filter { $0.kind == .timer }.compactMap { span in
        span.lane.map { "\(scene.lanes[$0].name)'s \(span.text)" }
      }
      let hidden = unshown[place(before: to)] - unshown[place(after: from)]
      let events = hidden > 0 ? " (\(hidden) \(hidden == 1 ? "event" : "events") not shown)" : ""
      var names: [String] = []
      for timer in timers where !names.contains(timer) { names.append(timer) }
      if names.count > 2 { names = ["\(timers.count) timers"] }
      if !names.isEmpty { return "nothing but \(names.joined(separator: " and "))\(events)" }
      let isOpen = across.contains { $0.kind == .connection && $0.style != TCPState.listen.rawValue }
      return (isOpen ? "nothing at all: no timer is armed" : "nothing") + events
    }
  }

  /// How far the axis goes on over a gap that is no fold.
  static func step(_ gap: Duration) -> Double { 3 + 5 * log10(1 + gap.inSeconds / 1e-4) }

  /// How high a fold is.
  static func height(ofFold gap: Duration) -> Double { 22 + 5 * log10(max(1, gap.inSeconds)) }
}

extension Scene {
  /// The columns that an item needs to itself: a lane's texts, or the wires that it goes over.
  func columns(of item: Item) -> [Int] {
    if item.kind.isAcross { return Array(-lanes.count..<lanes.count) }
    guard item.kind.isArrow else { return [item.lane ?? 0] }
    let ends = [item.lane, item.target].compactMap { $0 }
    guard let low = ends.min(), let high = ends.max() else { return [-1] }
    // The wire between the lanes n and n+1 is column -1-n.
    if low == high { return [low == 0 ? -1 : -low] }
    return (low..<high).map { -1 - $0 }
  }
}

extension Scene.Item {
  /// The lines of its text in a lane, or over an arrow.
  var lines: [String] {
    let columns = kind.isArrow ? Geometry.arrowColumns : Geometry.textColumns
    let most = kind.isArrow ? 2 : 3
    let all = text.wrapped(to: columns)
    return all.count <= most ? all : Array(all.prefix(most - 1)) + [all[most - 1].prefix(columns - 1) + "…"]
  }

  /// How much room it needs above its height.
  var ascent: Double {
    kind.isAcross ? 11 : kind.isArrow ? 1 + Geometry.lineHeight * Double(lines.count) : 8
  }
  /// How much room it needs below.
  var descent: Double {
    if kind.isAcross { return 10 }
    if kind.isArrow { return cause == nil ? 4 : 6 }
    return 6 + Double(lines.count - 1) * Geometry.lineHeight
  }
}

/// The decimal logarithm, for axes: a pure room has no C library, and a thousandth of a pixel is exact enough.
func log10(_ value: Double) -> Double {
  guard value > 0, value.isFinite else { return 0 }
  // ln m = 2 artanh((m-1)/(m+1)) for the significand m from 1 to 2.
  let ratio = (value.significand - 1) / (value.significand + 1)
  var (sum, power) = (0.0, ratio)
  for odd in stride(from: 1.0, through: 25, by: 2) {
    sum += power / odd
    power *= ratio * ratio
  }
  return (2 * sum + Double(value.exponent) * 0.693_147_180_559_945_3) / 2.302_585_092_994_046
}
