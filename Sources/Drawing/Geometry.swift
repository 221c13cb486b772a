internal import Timeline

/// Where things stand from left to right, in pixels: time, lanes with wires between them, verdicts.
///
/// The first lane has its texts on its left, every other on its right, so that the wires are between the bars.
struct Geometry {
  /// Where one lane's parts are.
  struct Lane {
    /// The edge at which its texts begin, or end (``textEnds``).
    var text: Double
    /// Whether its texts stand before that edge.
    var textEnds: Bool
    /// The left and right edges of its bars: arrows begin and end there.
    var left: Double
    var right: Double
    /// The left edges of the columns of programs, timers and connections.
    var programs: [Double]
    var timers: [Double]
    var slots: [Double]
    /// The whole lane, texts included.
    var outer: ClosedRange<Double>
  }

  static let bar = 14.0
  static let timer = 16.0
  static let program = 7.0
  static let timeRight = 58.0
  /// The width of a character of the fixed-width text (11 px).
  static let character = 6.63
  static let textWidth = 190.0
  static let wireWidth = 262.0
  static let cardWidth = 228.0
  static let lineHeight = 13.0

  var lanes: [Lane] = []
  var cards: Double
  var width: Double

  /// How many characters a line of a lane's text has.
  static var textColumns: Int { Int(textWidth / character) }
  /// How many characters a line of a card has, in proportional letters, and how many bold ones.
  static var cardColumns: Int { Int((cardWidth - 24) / 6.2) }
  static var arrowColumns: Int { Int((wireWidth - 20) / 6.8) }
  static var boldColumns: Int { Int((cardWidth - 24) / 7.1) }

  init(_ scene: Scene) {
    var x = Geometry.timeRight + 8
    for (index, lane) in scene.lanes.enumerated() {
      let start = x
      var (programs, timers, slots): ([Double], [Double], [Double]) = ([], [], [])
      let (textEdge, left, right): (Double, Double, Double)
      if index == 0 {
        textEdge = x + Geometry.textWidth
        x = textEdge + 7
        left = x
        for _ in 0..<lane.programs { take(Geometry.program, &x, &programs) }
        for _ in 0..<lane.timers { take(Geometry.timer, &x, &timers) }
        for _ in 0..<max(1, lane.slots) { take(Geometry.bar, &x, &slots) }
        slots.reverse()
        right = x
      } else {
        left = x
        for _ in 0..<max(1, lane.slots) { take(Geometry.bar, &x, &slots) }
        for _ in 0..<lane.timers { take(Geometry.timer, &x, &timers) }
        for _ in 0..<lane.programs { take(Geometry.program, &x, &programs) }
        right = x
        textEdge = x + 6
        x = textEdge + Geometry.textWidth
      }
      lanes.append(
        Lane(
          text: textEdge,
          textEnds: index == 0,
          left: left,
          right: right,
          programs: programs,
          timers: timers,
          slots: slots,
          outer: start...x
        )
      )
      // A lane's wire begins at its bars; behind a middle lane's texts it goes on.
      if index == 0 && scene.lanes.count > 1 {
        x += Geometry.wireWidth
      } else if index + 1 < scene.lanes.count {
        x += 40
      }
    }
    cards = x + 14
    width = cards + (scene.cards.isEmpty ? 0 : Geometry.cardWidth + 8)
    width = max(width, 480)
  }

  /// The middle between the lanes, where the switch or router is.
  var middle: Double {
    guard lanes.count > 1 else { return (lanes.first?.right ?? 0) + Geometry.wireWidth / 2 }
    return (lanes[0].right + lanes[1].left) / 2
  }

  /// From where to where an arrow goes.
  func arrow(from: Int?, to: Int?) -> (start: Double, end: Double) {
    switch (from, to) {
    case (let from?, let to?) where from < to: (lanes[from].right, lanes[to].left)
    case (let from?, let to?): (lanes[from].left, lanes[to].right)
    case (let from?, nil): (from == 0 ? lanes[0].right : lanes[from].left, middle)
    case (nil, let to?): (middle, to == 0 ? lanes[0].right : lanes[to].left)
    case (nil, nil): (middle, middle)
    }
  }
}

/// Takes a column of this width.
private func take(_ width: Double, _ x: inout Double, _ columns: inout [Double]) {
  columns.append(x)
  x += width + 2
}
