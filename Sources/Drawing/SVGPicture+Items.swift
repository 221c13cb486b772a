internal import Report
internal import Timeline

extension SVGPicture {
  /// Draws every visible item in its row.
  func drawItems(_ out: inout Markup) {
    for (index, item) in scene.items.enumerated() {
      guard let y = axis.rows[index] else { continue }
      if item.kind.isAcross {
        drawAcross(item, y, &out)
      } else if item.kind.isArrow {
        drawArrow(item, y, &out)
      } else {
        drawText(item, y, &out)
      }
    }
    // What is written over folds comes last, so that no bar hides it.
    for fold in axis.folds {
      let y = (fold.top + fold.bottom) / 2 + 3.5
      out.element("text", [("class", "s c i halo"), ("x", px(foldCentre)), ("y", px(y))], fold.text)
    }
  }

  private var foldCentre: Double {
    geometry.lanes.count > 1 ? geometry.middle : (Geometry.timeRight + geometry.cards) / 2
  }

  private func drawAcross(_ item: Scene.Item, _ y: Double, _ out: inout Markup) {
    let (left, right) = (Geometry.timeRight + 4, geometry.cards - 10)
    let text: [(String, String)]
    switch item.kind {
    case .fault:
      out.empty(
        "rect",
        [("class", "band"), ("x", px(left)), ("y", px(y - 9)), ("width", px(right - left)), ("height", "18")]
      )
      out.empty(
        "path",
        [("class", "bandline"), ("d", "M\(px(left)) \(px(y - 9))H\(px(right))M\(px(left)) \(px(y + 9))H\(px(right))")]
      )
      text = [("class", "deed bold c")]
      out.element("text", text + [("x", px(foldCentre)), ("y", px(y + 4))], "⚡ \(item.text)")
    case .published:
      // A window draws its own edges.
      if item.tone != .window {
        out.empty("path", [("class", "pub"), ("d", "M\(px(left)) \(px(y))H\(px(right))")])
      }
      let tone = item.tone == .window ? "wn" : "pb"
      out.element("text", [("class", "\(tone) c halo"), ("x", px(foldCentre)), ("y", px(y + 4))], item.text)
    default:
      let tone = item.tone == .failure ? "bad" : "f"
      let text = item.text.cut(to: Int((right - left) / 6.2))
      out.element("text", [("class", "\(tone) i c halo"), ("x", px(foldCentre)), ("y", px(y + 4))], text)
    }
  }

  private func drawText(_ item: Scene.Item, _ y: Double, _ out: inout Markup) {
    let place = geometry.lanes[min(item.lane ?? 0, geometry.lanes.count - 1)]
    let tone =
      switch item.tone {
      case .plain: ""
      case .faint: " f"
      case .deed: " deed bold"
      case .failure: " bad bold"
      case .success: " good"
      case .state: " st bold"
      case .timer, .window: " tm"
      }
    let end = place.textEnds ? " e" : ""
    for (line, text) in item.lines.enumerated() {
      let height = y + 4 + Double(line) * Geometry.lineHeight
      out.element("text", [("class", "m\(tone)\(end) halo"), ("x", px(place.text)), ("y", px(height))], text)
    }
    // A short line ties the text to the bars at its own height.
    let (from, to) = place.textEnds ? (place.text + 2, place.left - 4) : (place.right + 4, place.text - 2)
    if to > from { out.empty("path", [("class", "rule"), ("d", "M\(px(from)) \(px(y))H\(px(to))")]) }
  }

  private func drawArrow(_ item: Scene.Item, _ y: Double, _ out: inout Markup) {
    let (start, end) = geometry.arrow(from: item.lane, to: item.target)
    let sign = end >= start ? 1.0 : -1.0
    let (x0, x1) = (start + sign * 4, end - sign * 4)
    let fall = min(10, max(3, item.until.map { axis.y($0) - y } ?? 3))
    let lines = item.lines
    let words = [("class", item.tone == .failure ? "bad c halo" : item.tone == .deed ? "deed bold c halo" : "c halo")]
    guard let reach = item.reach else {
      out.empty("path", [("class", "arrow"), ("d", "M\(px(x0)) \(px(y))L\(px(x1 - sign * 6)) \(px(y + fall))")])
      let tip = y + fall
      out.empty("path", [("class", "head"), ("d", "M\(px(x1)) \(px(tip))l\(px(-sign * 8)) -3.6v7.2Z")])
      for (index, line) in lines.reversed().enumerated() {
        let height = y - 3 - Double(index) * Geometry.lineHeight
        out.element("text", words + [("x", px((x0 + x1) / 2)), ("y", px(height))], line)
      }
      return
    }
    let dead = x0 + (x1 - x0) * reach
    out.empty("path", [("class", "lost"), ("d", "M\(px(x0)) \(px(y))L\(px(dead)) \(px(y + 2))")])
    out.empty(
      "path",
      [("class", "lost"), ("d", "M\(px(dead - 4)) \(px(y - 2))l8 8m0 -8l-8 8"), ("stroke-width", "2")]
    )
    // The label stands over the way it went; the cause behind the cross, or before it where there is no room.
    let isLong = reach > 0.6
    for (index, line) in lines.reversed().enumerated() {
      let height = y - 4 - Double(index) * Geometry.lineHeight
      out.element(
        "text",
        [("class", "bad \(sign > 0 ? "" : "e") halo"), ("x", px(x0 + sign * 3)), ("y", px(height))],
        line
      )
    }
    let room = isLong ? abs(dead - x0) - 12 : abs(x1 - dead) - 12
    let cause = (item.cause ?? "").prefix { $0 != ":" }
    let text = String(cause).cut(to: max(6, Int(room / 5.6)))
    let x = isLong ? dead - sign * 8 : dead + sign * 8
    let ends = isLong == (sign > 0)
    out.element(
      "text",
      [("class", "bad i \(ends ? "e" : "") halo"), ("x", px(x)), ("y", px(isLong ? y + 12 : y + 5))],
      text
    )
  }

  /// Writes the moments at the left edge, where rows stand.
  func drawTimes(_ out: inout Markup) {
    var free = -Double.infinity
    var last = ""
    let visible = axis.rows.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    for (index, _) in visible {
      let time = scene.items[index].time
      let y = axis.y(time)
      let text = (time - .zero).seconds(digits: 3)
      if y < free || text == last { continue }
      out.element("text", [("class", "m f e"), ("x", px(Geometry.timeRight)), ("y", px(y + 4))], text)
      free = y + 12
      last = text
    }
  }
}
