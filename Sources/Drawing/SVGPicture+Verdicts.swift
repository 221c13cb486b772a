internal import Report
internal import Timeline

extension SVGPicture {
  /// A card and where it stands.
  struct PlacedCard {
    var card: Scene.Card
    var lines: [(text: String, style: String)]
    var anchor: Double
    var top: Double
    var height: Double
  }

  /// Every card at the height of its moment, or as near to it as those above it allow.
  func placedCards() -> [PlacedCard] {
    var free = self.top + 2
    return scene.cards.map { card in
      var lines: [(String, String)] = card.statement.wrapped(to: Geometry.boldColumns).map { ($0, "bold") }
      for (name, text) in card.lines {
        let style = name == "published" ? "pb" : name == "predicted" ? "deed" : card.outcome == .held ? "good" : "bad"
        // The measured needs no name where it stands alone.
        let words = card.lines.count == 1 && name == "measured" ? text : "\(name): \(text)"
        lines += words.wrapped(to: Geometry.cardColumns).map { ($0, style) }
      }
      if card.lines.isEmpty { lines.append((card.outcome == .held ? "held" : "not seen", "f")) }
      let anchor = axis.y(card.time)
      let height = Double(lines.count) * Geometry.lineHeight + 8
      let top = max(free, anchor - 12)
      free = top + height + 5
      return PlacedCard(card: card, lines: lines, anchor: anchor, top: top, height: height)
    }
  }

  /// Draws the cards, each tied to its moment.
  func drawCards(_ out: inout Markup, _ cards: [PlacedCard]) {
    for place in cards {
      let x = geometry.cards
      out.empty(
        "path",
        [("class", "lead"), ("d", "M\(px(x - 10)) \(px(place.anchor))L\(px(x)) \(px(place.top + 12))")]
      )
      out.empty(
        "rect",
        [
          ("class", "card"), ("x", px(x)), ("y", px(place.top)), ("width", px(Geometry.cardWidth)),
          ("height", px(place.height)), ("rx", "4"),
        ]
      )
      let held = place.card.outcome == .held
      let sign = held ? "✓" : place.card.outcome == .failed ? "✗" : "?"
      out.element(
        "text",
        [("class", held ? "good bold" : "bad bold"), ("x", px(x + 5)), ("y", px(place.top + 14))],
        sign
      )
      for (index, line) in place.lines.enumerated() {
        let y = place.top + 14 + Double(index) * Geometry.lineHeight
        out.element("text", [("class", line.style), ("x", px(x + 18)), ("y", px(y))], line.text)
      }
    }
  }

  /// What the legend explains: only what is in the picture.
  func legendItems() -> [(sign: LegendSign, text: String)] {
    var items: [(LegendSign, String)] = []
    var seen: Set<UInt8> = []
    for span in scene.spans where span.kind == .connection && seen.insert(span.style).inserted {
      items.append((.state(span.style), span.text))
    }
    if scene.spans.contains(where: { $0.kind == .timer && $0.track != nil }) {
      items.append((.timer, "armed timer: as wide as the time left"))
    }
    if scene.spans.contains(where: { $0.kind == .call && $0.track != nil }) {
      items.append((.call, "blocked in a system call"))
    }
    if scene.spans.contains(where: { $0.kind == .outage }) { items.append((.outage, "out of order")) }
    if !scene.windows.isEmpty { items.append((.window, "predicted window")) }
    if !axis.folds.isEmpty { items.append((.fold, "folded: not to scale")) }
    return items
  }

  /// A sign in the legend.
  enum LegendSign {
    case state(UInt8)
    case timer, call, outage, window, fold
  }

  private func width(of text: String) -> Double { 22 + Double(text.columns) * 6.1 + 14 }

  /// How high the legend is: it breaks where its room ends.
  func legendHeight(_ items: [(sign: LegendSign, text: String)], _ room: Double) -> Double {
    var (x, rows) = (14.0, 1.0)
    for item in items {
      if x + width(of: item.text) > room - 4 { (x, rows) = (14, rows + 1) }
      x += width(of: item.text)
    }
    return rows * 18
  }

  /// Draws what stands below the ladder: how it went, the answer, the legend.
  func drawFoot(_ out: inout Markup, _ foot: Foot, _ legend: [(sign: LegendSign, text: String)]) {
    var y = foot.top + 8
    let style = scene.hasPassed ? "good bold" : "bad bold"
    for line in foot.conclusion {
      y += 14
      out.element("text", [("class", style), ("x", "14"), ("y", px(y))], line)
    }
    y += 6
    for line in foot.answer {
      y += 14
      out.element("text", [("class", "s"), ("x", "14"), ("y", px(y))], line)
    }
    y += 24
    var x = 14.0
    for item in legend {
      if x + width(of: item.text) > foot.width - 4 {
        x = 14
        y += 18
      }
      drawSign(item.sign, x, y - 9, &out)
      out.element("text", [("class", "s"), ("x", px(x + 20)), ("y", px(y))], item.text)
      x += width(of: item.text)
    }
  }

  private func drawSign(_ sign: LegendSign, _ x: Double, _ y: Double, _ out: inout Markup) {
    let box = [("x", px(x)), ("y", px(y)), ("width", "14"), ("height", "11")]
    switch sign {
    case .state(let state):
      out.empty("rect", box + [("fill", "url(#hp\(state))"), ("stroke", "var(--ink)"), ("stroke-opacity", ".35")])
    case .timer: out.empty("path", [("class", "timer"), ("d", "M\(px(x)) \(px(y))h13L\(px(x)) \(px(y + 11))Z")])
    case .call:
      out.empty("rect", [("class", "call"), ("x", px(x + 4)), ("y", px(y)), ("width", "7"), ("height", "11")])
    case .outage: out.empty("rect", [("class", "out")] + box)
    case .window: out.empty("rect", [("class", "win")] + box)
    case .fold:
      out.empty("rect", [("class", "fold")] + box)
      out.empty("path", [("class", "zig"), ("d", "M\(px(x)) \(px(y))l3.5 -2l3.5 4l3.5 -4l3.5 2")])
    }
  }
}
