internal import Digests
public import Report
internal import Timeline

/// The runs as one page for a browser: the ladder and the state map, to be zoomed, measured and filtered.
///
/// The page is one file, needs no network, and holds every event with all its members. What it cannot show without a
/// script, or in print, it shows as the static picture and as a table.
public func html(_ runs: [LabRun], _ options: DrawingOptions) -> String {
  var out = Markup()
  let scenes = runs.map { run in
    var builder = SceneBuilder(run: run, notes: options.notes)
    return builder.build()
  }
  out.element("main") { out in
    for (number, scene) in scenes.enumerated() { about(scene, number, &out) }
    out.raw(PageBody.controls)
    runChoice(scenes, &out)
    out.raw(PageBody.picture)
  }
  // Behind the script stands what it does not need to draw: the events' members, which are asked for one by one, and what
  // it hides. So a large page is drawn before a browser has read half of it.
  var fallback = Markup()
  for (number, scene) in scenes.enumerated() {
    let packed = PackedScene(scene)
    block("head", number, "application/json", HTMLPage.data(packed.head), &out)
    block("items", number, "application/octet-stream", Base64.text(packed.items), &out)
    block("spans", number, "application/octet-stream", Base64.text(packed.spans), &out)
    block("events", number, "application/octet-stream", Base64.text(packed.events), &fallback)
  }
  for scene in scenes { still(scene, options, &fallback) }
  let title = scenes.count == 1 ? scenes[0].title : "\(scenes.count) labs"
  return HTMLPage(
    title: "\(title.shown) · halfopen",
    style: SVGPicture.css + PageStyle.css,
    script: PageScript.all,
    attributes: [("data-axis", options.axis.rawValue), ("data-level", "\(options.verbosity.rawValue)")],
    body: out.text,
    fallback: fallback.text
  ).document
}

/// What stands above the picture: the question, how the run ended, what a reader must know, the verdicts.
private func about(_ scene: Scene, _ number: Int, _ out: inout Markup) {
  out.element("section", [("class", "about"), ("id", "about\(number)")]) { out in
    out.element("h1", [], scene.title)
    if !scene.question.isEmpty { out.element("p", [("class", "question")], scene.question.oneLine) }
    out.element("p", [("class", scene.hasPassed ? "passed" : "failed")], scene.conclusion)
    if !scene.notes.isEmpty {
      out.element("ul", [("class", "notes")]) { out in
        for note in scene.notes.prefix(50) { out.element("li", [], note.shown) }
        if scene.notes.count > 50 { out.element("li", [], "\(scene.notes.count - 50) more") }
      }
    }
    if !scene.answer.isEmpty {
      out.element("details") { out in
        out.element("summary", [], "The answer")
        out.element("p", [], scene.answer.oneLine)
      }
    }
    if scene.cards.isEmpty { return }
    out.element("details") { out in
      let held = scene.cards.count { $0.outcome == .held }
      out.element("summary", [], "What was expected: \(held) of \(scene.cards.count) held")
      out.element("table", [("class", "verdicts")]) { verdicts(scene, &$0) }
    }
  }
}

private func verdicts(_ scene: Scene, _ out: inout Markup) {
  let columns = ["measured", "predicted", "published"]
  out.element("thead") { out in
    out.element("tr") { out in
      for name in ["expected"] + columns + ["verdict", "why"] { out.element("th", [("scope", "col")], name) }
    }
  }
  out.element("tbody") { out in
    for card in scene.cards {
      out.element("tr") { out in
        out.element("td", [], card.statement)
        for column in columns {
          let texts = card.lines.filter { $0.name == column }.map(\.text)
          out.element("td", [], texts.isEmpty ? "–" : texts.joined(separator: "; "))
        }
        out.element("td", [("class", card.outcome == .held ? "passed" : "failed")], card.outcome.rawValue)
        out.element("td", [], card.reason)
      }
    }
  }
}

/// The choice among several runs; hidden where there is one.
private func runChoice(_ scenes: [Scene], _ out: inout Markup) {
  out.element("p", scenes.count < 2 ? [("hidden", "")] : []) { out in
    out.element("label", [("for", "run")], "Lab ")
    out.element("select", [("id", "run")]) { out in
      for (number, scene) in scenes.enumerated() { out.element("option", [("value", "\(number)")], scene.title) }
    }
  }
}

/// The picture and the story for print, and for where no script runs.
private func still(_ scene: Scene, _ options: DrawingOptions, _ out: inout Markup) {
  let level = UInt8(options.verbosity.rawValue)
  out.element("section", [("class", "still")]) { out in
    out.raw(SVGPicture(scene, level: level, axis: options.axis).draw(isInline: true))
    out.element("table", [("class", "rows")]) { out in
      out.element("caption", [], "The story")
      let visible = scene.items.filter { $0.level <= level }
      for item in visible.prefix(1000) {
        out.element("tr") { out in
          out.element("td", [], (item.time - .zero).seconds(digits: 3))
          out.element("td", [], scene.place(of: item))
          out.element("td", [], item.text + (item.cause.map { " (lost: \($0))" } ?? ""))
        }
      }
      if visible.count > 1000 {
        out.element("tr") { $0.element("td", [("colspan", "3")], "… and \(visible.count - 1000) more") }
      }
    }
  }
}

/// Adds data for the script, which a browser does not run.
private func block(_ name: String, _ number: Int, _ type: String, _ text: String, _ out: inout Markup) {
  out.raw("<script type=\"\(type)\" id=\"\(name)\(number)\">\(text)</script>\n")
}

extension Scene {
  /// Where an item happened, in words.
  func place(of item: Item) -> String {
    let from = item.lane.map { lanes[$0].name }
    guard item.kind.isArrow else { return from ?? "" }
    return "\(from ?? middle) → \(item.target.map { lanes[$0].name } ?? middle)"
  }
}

extension String {
  /// The text with its own line ends as blanks.
  fileprivate var oneLine: String { split(separator: "\n").joined(separator: " ") }
}
