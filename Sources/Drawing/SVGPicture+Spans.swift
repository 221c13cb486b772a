internal import Timeline

extension SVGPicture {
  /// The patterns by which states differ besides their colours.
  func drawPatterns(_ out: inout Markup) {
    out.element("defs") { out in
      let styles = Set(scene.spans.filter { $0.kind == .connection }.map(\.style)).sorted()
      for style in styles {
        let id = "hp\(style)"
        let size = [("id", id), ("width", "6"), ("height", "6"), ("patternUnits", "userSpaceOnUse")]
        out.element("pattern", size) { out in
          out.empty("rect", [("width", "6"), ("height", "6"), ("fill", "var(--s\(style))")])
          let line = [("stroke", "#000"), ("stroke-opacity", ".45"), ("stroke-width", "1.2")]
          switch Palette.pattern(of: style) {
          case .plain: break
          case .slashes: out.empty("path", [("d", "M-1 7L7 -1M-1 1L1 -1M5 7L7 5")] + line)
          case .backslashes: out.empty("path", [("d", "M-1 -1L7 7M5 -1L7 1M-1 5L1 7")] + line)
          case .lines: out.empty("path", [("d", "M0 3H6")] + line)
          case .dots:
            out.empty("circle", [("cx", "3"), ("cy", "3"), ("r", "1.1"), ("fill", "#000"), ("fill-opacity", ".5")])
          case .outline:
            out.empty(
              "rect",
              [("x", "0"), ("y", "0"), ("width", "6"), ("height", "6"), ("fill", "var(--bg)"), ("fill-opacity", ".6")]
            )
          }
        }
      }
      let hatch = [("id", "hpout"), ("width", "8"), ("height", "8"), ("patternUnits", "userSpaceOnUse")]
      out.element("pattern", hatch) { out in
        out.empty(
          "path",
          [("d", "M-1 9L9 -1M-1 1L1 -1M7 9L9 7"), ("stroke", "var(--out)"), ("stroke-opacity", ".28")]
        )
      }
    }
  }

  /// Draws what is behind everything: wires, outages, predicted windows.
  func drawGround(_ out: inout Markup) {
    let end = axis.bottom + 8
    for place in geometry.lanes {
      for x in [place.left - 3, place.right + 3] where x > 0 {
        out.empty("path", [("class", "rule"), ("d", "M\(px(x)) \(px(self.top))V\(px(end))")])
      }
    }
    if geometry.lanes.count > 1 {
      out.empty("path", [("class", "wire"), ("d", "M\(px(geometry.middle)) \(px(self.top))V\(px(end))")])
    }
    for span in scene.spans where span.kind == .outage {
      let (top, low) = (axis.y(span.from), axis.y(span.until))
      let edges: (Double, Double) =
        if let lane = span.lane { (geometry.lanes[lane].outer.lowerBound, geometry.lanes[lane].outer.upperBound) } else
        {
          (geometry.middle - 24, geometry.middle + 24)
        }
      out.empty(
        "rect",
        [
          ("class", "out"), ("x", px(edges.0)), ("y", px(top)), ("width", px(edges.1 - edges.0)),
          ("height", px(max(2, low - top))),
        ]
      )
    }
    let right = geometry.cards - 10
    for window in scene.windows {
      let top = axis.y(window.from)
      let last = axis.knots.last?.time ?? .zero
      let isOpen = window.until.map { $0 > last } ?? true
      let low = isOpen ? end : max(top + 2, axis.y(window.until ?? last))
      out.empty(
        "rect",
        [
          ("class", "win"), ("x", px(Geometry.timeRight + 4)), ("y", px(top)),
          ("width", px(right - Geometry.timeRight - 4)), ("height", px(low - top)),
        ]
      )
      for y in isOpen ? [top] : [top, low] {
        out.empty("path", [("class", "winline"), ("d", "M\(px(Geometry.timeRight + 4)) \(px(y))H\(px(right))")])
      }
    }
  }

  /// Draws the stretches that are folded: a band with torn edges and the words of what went on in it.
  func drawFolds(_ out: inout Markup) {
    let (left, right) = (Geometry.timeRight + 4, geometry.cards - 10)
    for fold in axis.folds {
      out.empty(
        "rect",
        [
          ("class", "fold"), ("x", px(left)), ("y", px(fold.top)), ("width", px(right - left)),
          ("height", px(fold.bottom - fold.top)),
        ]
      )
      for y in [fold.top, fold.bottom] {
        var path = "M\(px(left)) \(px(y))"
        var x = left
        var up = true
        while x < right {
          x += 5
          path += "L\(px(min(x, right))) \(px(up ? y - 2 : y + 2))"
          up.toggle()
        }
        out.empty("path", [("class", "zig"), ("d", path)])
      }
    }
  }

  /// Draws the bars of calls, timers and states.
  func drawSpans(_ out: inout Markup) {
    for span in scene.spans {
      guard let lane = span.lane, let track = span.track else { continue }
      let place = geometry.lanes[lane]
      switch span.kind {
      case .call:
        guard track < place.programs.count else { continue }
        let (top, low) = (axis.y(span.from), axis.y(span.until))
        out.element("rect", rect("call", place.programs[track], top, Geometry.program, low)) {
          $0.element("title", [], "\(span.text) for \((span.until - span.from).text)")
        }
      case .timer:
        if track < place.timers.count { drawTimer(span, place.timers[track], lane, &out) }
      case .connection:
        if track < place.slots.count { drawState(span, place.slots[track], &out) }
      case .outage: break
      }
    }
  }

  private func rect(_ name: String, _ x: Double, _ top: Double, _ width: Double, _ low: Double) -> [(String, String)] {
    [("class", name), ("x", px(x)), ("y", px(top)), ("width", px(width)), ("height", px(max(1.5, low - top)))]
  }

  /// The bar of a state, with its name along it where there is room.
  private func drawState(_ span: Scene.Span, _ x: Double, _ out: inout Markup) {
    let (top, low) = (axis.y(span.from), axis.y(span.until))
    var attributes = rect("edge", x, top, Geometry.bar, low)
    attributes.append(("fill", "url(#hp\(span.style))"))
    attributes[0] = ("stroke", "var(--ink)")
    attributes.append(("stroke-opacity", ".35"))
    out.element("rect", attributes) {
      $0.element("title", [], "\(span.text) for \((span.until - span.from).text)")
    }
    // Folds keep their hatch above a bar, so that its length there is seen not to be to scale.
    for fold in axis.folds where fold.top >= top - 1 && fold.bottom <= low + 1 {
      for y in [fold.top, fold.bottom] {
        out.empty(
          "path",
          [("class", "zig"), ("d", "M\(px(x)) \(px(y))l3.5 -2l3.5 4l3.5 -4l3.5 2"), ("stroke-width", "1.2")]
        )
      }
    }
    let need = Double(span.text.count) * 6.3 + 10
    let name = Palette.hasWhiteLabel(span.style) ? "labw" : "lab"
    for start in labelPlaces(from: top, to: low, need: need) {
      out.element(
        "text",
        [("class", name), ("transform", "translate(\(px(x + Geometry.bar / 2 - 3.2)) \(px(start))) rotate(90)")],
        span.text
      )
    }
  }

  /// Where a label of this length fits along a bar, between folds and bands; a long bar has several.
  private func labelPlaces(from top: Double, to low: Double, need: Double) -> [Double] {
    guard low - top >= need else { return [] }
    var places: [Double] = []
    var start = top
    for obstacle in obstacles.filter({ $0.upperBound > top && $0.lowerBound < low }) + [low...low] {
      if obstacle.lowerBound - start >= need, start + 5 > (places.last ?? -1000) + 400 { places.append(start + 5) }
      start = max(start, obstacle.upperBound)
    }
    return places
  }

  /// The countdown of a timer: as wide as the time that is left, and a line while it is due.
  private func drawTimer(_ span: Scene.Span, _ x: Double, _ lane: Int, _ out: inout Markup) {
    let expiry = span.expiry ?? span.until
    let whole = max((expiry - span.from).inSeconds, 1e-9)
    let stop = min(expiry, span.until)
    let width = Geometry.timer - 2
    // The narrow end points away from the bars.
    let grows = lane == 0 ? -1.0 : 1.0
    let base = lane == 0 ? x + width : x
    func edge(_ knot: Axis.Knot) -> String {
      let left = max(0, (expiry - knot.time).inSeconds / whole)
      return "L\(px(base + grows * width * min(1, left))) \(px(knot.y))"
    }
    let bends = axis.bends(from: span.from, until: stop)
    let first = bends[0].y
    let last = bends[bends.count - 1].y
    let path = "M\(px(base)) \(px(first))" + bends.map(edge).joined() + "L\(px(base)) \(px(last))Z"
    out.element("path", [("class", "timer"), ("d", path)]) {
      $0.element("title", [], "\(span.text): \((expiry - span.from).text)")
    }
    let low = axis.y(max(expiry, span.until))
    if low > last + 1 { out.empty("path", [("class", "due"), ("d", "M\(px(base)) \(px(last))V\(px(low))")]) }
  }
}
