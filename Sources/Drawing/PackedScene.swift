internal import Report
internal import Timeline

/// A scene as the page holds it: a head in JSON with every text once, and columns of numbers (``PackedColumn``).
///
/// A million events are some fifteen megabytes so. The page's script (Page/DataScript.swift) reads the marks and spans at
/// once, one typed array a column, and of the events only what is asked for.
struct PackedScene {
  /// The texts, each once.
  private var texts = TextTable()
  private var shapes: [[String]] = []
  private(set) var head = ""
  private(set) var items: [UInt8] = []
  private(set) var spans: [UInt8] = []
  private(set) var events: [UInt8] = []

  init(_ scene: Scene) {
    pack(items: scene.items)
    pack(spans: scene.spans)
    let packed = PackedEvents(scene.events, &texts)
    events = packed.bytes
    shapes = packed.shapeList
    head = JSON.object(headObject(of: scene)).text
  }

  private mutating func pack(items marks: [Scene.Item]) {
    items.add(column: differences(marks.map(\.time.nanoseconds)))
    items.add(
      column: marks.map { Int64($0.kind.rawValue) | Int64(min($0.level, 3)) << 4 | Int64($0.tone.rawValue) << 6 }
    )
    items.add(column: marks.map { Int64($0.lane ?? -1) })
    items.add(column: marks.map { Int64($0.target ?? -1) })
    items.add(column: marks.map { item in item.until.map { max(0, ($0 - item.time).nanoseconds) } ?? -1 })
    items.add(column: marks.map { $0.reach.map { Int64($0 * 100) } ?? -1 })
    items.add(column: marks.map { Int64(texts.place(of: $0.text)) })
    items.add(column: marks.map { $0.cause.map { Int64(texts.place(of: $0)) } ?? -1 })
    items.add(column: differences(marks.map { Int64($0.event) }))
  }

  private mutating func pack(spans bars: [Scene.Span]) {
    spans.add(column: differences(bars.map(\.from.nanoseconds)))
    spans.add(column: bars.map { max(0, ($0.until - $0.from).nanoseconds) })
    spans.add(column: bars.map { Int64($0.kind.rawValue) })
    spans.add(column: bars.map { Int64($0.lane ?? -1) })
    spans.add(column: bars.map { Int64($0.track ?? -1) })
    spans.add(column: bars.map { Int64($0.style) })
    spans.add(column: bars.map { Int64(texts.place(of: $0.text)) })
    spans.add(column: bars.map { span in span.expiry.map { max(0, ($0 - span.from).nanoseconds) } ?? -1 })
    spans.add(column: bars.map { Int64($0.entity ?? -1) })
  }

  /// Each value as its distance from the one before; a column of rising values is one of small numbers then.
  private func differences(_ values: [Int64]) -> [Int64] {
    var before: Int64 = 0
    return values.map { value in
      defer { before = value }
      return value &- before
    }
  }

  private func headObject(of scene: Scene) -> JSONObject {
    func list<Element>(_ elements: [Element], _ body: (Element) -> JSONObject) -> JSON {
      .array(elements.map { .object(body($0)) })
    }
    return [
      "items": .integer(Int64(scene.items.count)), "spans": .integer(Int64(scene.spans.count)),
      "events": .integer(Int64(scene.events.count)), "middle": .string(scene.middle),
      "kinds": .array(Scene.Kind.allCases.map { .string($0.name) }),
      "patterns": .array((0...12).map { .string(Palette.pattern(of: $0).rawValue) }),
      "lanes": list(scene.lanes) {
        [
          "name": .string($0.name.shown), "address": .string($0.address.shown), "slots": .integer(Int64($0.slots)),
          "timers": .integer(Int64($0.timers)), "programs": .integer(Int64($0.programs)),
        ]
      },
      "entities": list(scene.entities) { ["name": .string($0.name.shown)] },
      "windows": list(scene.windows) {
        [
          "from": .integer($0.from.nanoseconds), "until": $0.until.map { .integer($0.nanoseconds) } ?? .null,
          "text": .string($0.text),
        ]
      },
      "cards": list(scene.cards) { card in
        [
          "time": .integer(card.time.nanoseconds), "statement": .string(card.statement),
          "outcome": .string(card.outcome.rawValue), "reason": .string(card.reason),
          "lines": .array(card.lines.map { .array([.string($0.name), .string($0.text)]) }),
        ]
      },
      "shapes": .array(shapes.map { .array($0.map { .string($0) }) }),
      "strings": .array(texts.all.map { .string($0) }),
    ]
  }
}

/// Every text once, by its place.
struct TextTable {
  private(set) var all: [String] = []
  private var places: [String: Int] = [:]
  /// The places of texts as they stand in the timeline, before what is in them was made fit to be shown.
  private var wholes: [String: Int] = [:]

  mutating func place(of text: String) -> Int {
    if let place = places[text] { return place }
    places[text] = all.count
    all.append(text)
    return all.count - 1
  }

  /// The place of a text of a timeline, which is cut where it would make a page unusable.
  mutating func place(ofWhole text: String) -> Int {
    if let place = wholes[text] { return place }
    let place = place(of: text.bounded)
    wholes[text] = place
    return place
  }
}

extension String {
  /// The text, cut where it would make a page unusable, and saying so.
  var bounded: String {
    let limit = 20_000
    guard utf8.count > limit, unicodeScalars.count > limit else { return printable }
    var head = String.UnicodeScalarView()
    head.append(contentsOf: unicodeScalars.prefix(limit))
    return String(head).printable + "… (cut here: \(utf8.count) bytes in all)"
  }
}
