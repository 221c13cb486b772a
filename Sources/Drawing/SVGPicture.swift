internal import Report
internal import Timeline

/// The static picture: everything of a scene on one page, as SVG.
struct SVGPicture {
  let scene: Scene
  let geometry: Geometry
  let axis: Axis
  let level: UInt8

  /// Where the ladder begins.
  let top: Double
  /// Where a bar's name has no room: folds and bands of faults, from top to bottom.
  let obstacles: [ClosedRange<Double>]

  init(_ scene: Scene, level: UInt8, axis kind: TimeAxis) {
    self.scene = scene.thinned(to: level)
    self.level = level
    geometry = Geometry(self.scene)
    top = 68 + 14 * Double(SVGPicture.headLines(self.scene, geometry).count)
    let axis = Axis(self.scene, level: level, top: top + 6, kind: kind)
    let items = self.scene.items
    let bands = axis.rows.filter { items[$0.key].kind == .fault }.map { $0.value - 10...$0.value + 10 }
    obstacles = (axis.folds.map { $0.top...max($0.top, $0.bottom) } + bands).sorted { $0.lowerBound < $1.lowerBound }
    self.axis = axis
  }

  /// The style of the picture, which is also the page's.
  static let css = """
    .b{fill:var(--bg)}.lane{fill:var(--lane)}text{fill:var(--ink);font:11px ui-sans-serif,system-ui,"Segoe UI",\
    "DejaVu Sans",sans-serif}.m{font:11px ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
    .h1{font-size:17px;font-weight:650}.h2{font-size:13px;font-weight:650}.s{fill:var(--soft)}.f{fill:var(--faint)}
    .good{fill:var(--good)}.bad{fill:var(--bad)}.deed{fill:var(--deed)}.st{fill:var(--state)}.pb{fill:var(--pub)}
    .tm{fill:var(--tm)}.wn{fill:var(--wn)}
    .e{text-anchor:end}.c{text-anchor:middle}.bold{font-weight:650}.i{font-style:italic}
    .halo{paint-order:stroke;stroke:var(--bg);stroke-width:3px;stroke-linejoin:round}
    .rule{stroke:var(--rule);fill:none}.wire{stroke:var(--rule);stroke-dasharray:2 4;fill:none}
    .arrow{stroke:var(--arrow);stroke-width:1.2;fill:none}.head{fill:var(--arrow)}
    .lost{stroke:var(--bad);stroke-width:1.4;fill:none}.lostdash{stroke:var(--bad);stroke-dasharray:5 3;fill:none}
    .fold{fill:var(--fold)}.zig{stroke:var(--faint);fill:none;stroke-width:.8}
    .band{fill:var(--deedbg)}.bandline{stroke:var(--deed);fill:none}.win{fill:var(--window);fill-opacity:.16}
    .winline{stroke:var(--window);stroke-dasharray:4 3;fill:none}.pub{stroke:var(--pub);stroke-dasharray:1 3;\
    stroke-width:1.4;fill:none}.call{fill:var(--call)}.timer{fill:var(--timer)}.due{stroke:var(--timer);fill:none;\
    stroke-width:1.5}.out{fill:url(#hpout)}.card{fill:var(--lane);stroke:var(--rule)}.lead{stroke:var(--rule);fill:none}
    .edge{stroke:var(--ink);stroke-opacity:.45;fill:none;stroke-width:.7}.lab{font-size:9px;font-weight:650;\
    fill:#101010}.labw{font-size:9px;font-weight:650;fill:#fff}

    """

  /// Draws everything.
  ///
  /// - Parameter isInline: Whether the picture stands in a page that has its style already.
  func draw(isInline: Bool) -> String {
    var out = Markup()
    let cards = placedCards()
    let legend = legendItems()
    let foot = foot(cards, legend)
    let height = foot.height
    let attributes = [
      ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", "0 0 \(px(geometry.width)) \(px(height))"),
      ("width", px(geometry.width)), ("height", px(height)), ("class", "hp"), ("role", "img"),
      ("aria-label", "The ladder of \(scene.title)".shown),
    ]
    out.element("svg", attributes) { out in
      out.element("title", [], scene.title)
      out.element("desc", [], description)
      if !isInline { out.raw("<style>\n\(Palette.css(".hp"))\(SVGPicture.css)</style>\n") }
      drawPatterns(&out)
      out.empty("rect", [("class", "b"), ("width", px(geometry.width)), ("height", px(height))])
      drawHead(&out)
      drawGround(&out)
      drawFolds(&out)
      drawSpans(&out)
      drawItems(&out)
      drawTimes(&out)
      drawCards(&out, cards)
      drawFoot(&out, foot, legend)
    }
    return out.text
  }

  /// How high the whole picture is.
  var height: Double { foot(placedCards(), legendItems()).height }

  /// What stands below the ladder, and how much room there is for it: where the verdicts reach further down than the
  /// ladder, it stands beside them.
  struct Foot {
    var top: Double
    var width: Double
    var answer: [String]
    var conclusion: [String]
    /// The height of the whole picture.
    var height: Double
  }

  /// Lays out what stands below the ladder.
  func foot(_ cards: [PlacedCard], _ legend: [(sign: LegendSign, text: String)]) -> Foot {
    let ladder = axis.bottom + 14
    let low = cards.map { $0.top + $0.height }.max() ?? 0
    let isBeside = low > ladder + 40
    let top = isBeside ? ladder : max(ladder, low)
    let width = isBeside ? geometry.cards - 20 : geometry.width
    let answer = scene.answer.split(separator: "\n").joined(separator: " ").wrapped(to: Int((width - 40) / 6))
    let conclusion = scene.conclusion.wrapped(to: Int((width - 28) / 7.2))
    var foot = Foot(
      top: top,
      width: width,
      answer: scene.answer.isEmpty ? [] : answer,
      conclusion: conclusion,
      height: 0
    )
    let end = top + 48 + Double(foot.answer.count + conclusion.count) * 14 + legendHeight(legend, width)
    foot.height = max(end, low + 10)
    return foot
  }

  /// The picture in two sentences, for who cannot see it.
  private var description: String {
    let hosts = scene.lanes.map(\.name).joined(separator: ", ")
    let faults = scene.items.filter { $0.kind == .fault }.map(\.text).prefix(5).joined(separator: "; ")
    return "A ladder with a lane for each of \(hosts), time downwards. Faults: \(faults.isEmpty ? "none" : faults). "
      + scene.conclusion
  }

  /// The question, and what a reader must know.
  private static func headLines(_ scene: Scene, _ geometry: Geometry) -> [String] {
    let columns = Int((geometry.width - 28) / 6)
    let question = scene.question.split(separator: "\n").flatMap { String($0).wrapped(to: columns) }
    let notes = scene.notes.prefix(8).flatMap { $0.wrapped(to: columns).prefix(3) }
    let more = scene.notes.count > 8 ? ["… and \(scene.notes.count - 8) more notes"] : []
    return Array(question.prefix(6)) + notes + more
  }

  private func drawHead(_ out: inout Markup) {
    out.element("text", [("class", "h1"), ("x", "14"), ("y", "26")], scene.title.cut(to: Int(geometry.width / 9)))
    for (line, text) in SVGPicture.headLines(scene, geometry).enumerated() {
      out.element("text", [("class", "s"), ("x", "14"), ("y", px(44 + Double(line) * 14))], text)
    }
    for (lane, place) in zip(scene.lanes, geometry.lanes) {
      let (low, high) = (place.outer.lowerBound, place.outer.upperBound)
      out.empty(
        "rect",
        [
          ("class", "lane"), ("x", px(low)), ("y", px(top - 22)), ("width", px(high - low)),
          ("height", "20"),
          ("rx", "4"),
        ]
      )
      let edge = place.text
      let anchor = place.textEnds ? "h2 e" : "h2"
      out.element("text", [("class", anchor), ("x", px(edge)), ("y", px(top - 8))], lane.name)
      let width = Double(lane.name.columns) * 8 + 8
      out.element(
        "text",
        [
          ("class", place.textEnds ? "f m e" : "f m"), ("x", px(edge + (place.textEnds ? -width : width))),
          ("y", px(top - 8)),
        ],
        lane.address
      )
    }
    if geometry.lanes.count > 1 {
      out.element(
        "text",
        [("class", "f c"), ("x", px(geometry.middle)), ("y", px(top - 8))],
        scene.middle
      )
    }
    if !scene.cards.isEmpty {
      out.element(
        "text",
        [("class", "h2"), ("x", px(geometry.cards)), ("y", px(top - 8))],
        "expected"
      )
    }
    out.element("text", [("class", "f e"), ("x", px(Geometry.timeRight)), ("y", px(top - 8))], "seconds")
  }
}

extension Scene {
  /// The scene with so few rows that a page can hold them: the first, the last, and what matters of the rest.
  func thinned(to level: UInt8) -> Scene {
    let most = 2000
    var copy = self
    let visible = items.indices.filter { items[$0].level <= level }
    if visible.count > most {
      var important = 0
      var dropped = 0
      for (rank, index) in visible.enumerated() where rank >= most / 2 && rank < visible.count - most / 4 {
        let item = items[index]
        let matters = item.kind == .fault || item.kind == .published || item.tone == .failure
        if matters && important < most / 4 {
          important += 1
        } else {
          copy.items[index].level = 9
          dropped += 1
        }
      }
      copy.notes.insert("\(dropped) of \(visible.count) rows are not drawn here; the page has them all", at: 0)
    }
    let mostSpans = 4000
    if spans.count > mostSpans { copy.spans = Array(spans.filter { $0.track != nil }.prefix(mostSpans)) }
    return copy
  }
}
