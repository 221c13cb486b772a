internal import Report
internal import Timeline

/// A scene as the page holds it: a head in JSON with every text once, and columns of small numbers.
///
/// A million events are some tens of megabytes so, and are read by the page's script in one pass (Page/DataScript.swift).
struct PackedScene {
  /// The texts, each once.
  private var texts = TextTable()
  /// The shapes of events: which members they have.
  private var shapes: [String: Int] = [:]
  private var shapeList: [[String]] = []
  private(set) var head = ""
  private(set) var items: [UInt8] = []
  private(set) var spans: [UInt8] = []
  private(set) var events: [UInt8] = []

  init(_ scene: Scene) {
    pack(items: scene)
    pack(spans: scene)
    pack(events: scene)
    head = JSON.object(headObject(of: scene)).text
  }

  private mutating func pack(items scene: Scene) {
    var time: Int64 = 0
    var event = 0
    for item in scene.items {
      items.add(signed: item.time.nanoseconds &- time)
      time = item.time.nanoseconds
      items.add(UInt64(item.kind.rawValue) | UInt64(min(item.level, 3)) << 4 | UInt64(item.tone.rawValue) << 6)
      items.add(UInt64((item.lane ?? -1) + 1))
      items.add(UInt64((item.target ?? -1) + 1))
      items.add(UInt64(item.until.map { max(0, ($0 - item.time).nanoseconds) + 1 } ?? 0))
      items.add(UInt64(item.reach.map { Int($0 * 100) + 1 } ?? 0))
      items.add(UInt64(texts.place(of: item.text)))
      items.add(UInt64(item.cause.map { texts.place(of: $0) + 1 } ?? 0))
      items.add(signed: Int64(item.event - event))
      event = item.event
    }
  }

  private mutating func pack(spans scene: Scene) {
    var time: Int64 = 0
    for span in scene.spans {
      spans.add(signed: span.from.nanoseconds &- time)
      time = span.from.nanoseconds
      spans.add(UInt64(max(0, (span.until - span.from).nanoseconds)))
      spans.add(UInt64(span.kind.rawValue))
      spans.add(UInt64((span.lane ?? -1) + 1))
      spans.add(UInt64((span.track ?? -1) + 1))
      spans.add(UInt64(span.style))
      spans.add(UInt64(texts.place(of: span.text)))
      spans.add(UInt64(span.expiry.map { max(0, ($0 - span.from).nanoseconds) + 1 } ?? 0))
      spans.add(UInt64((span.entity ?? -1) + 1))
    }
  }

  private mutating func pack(events scene: Scene) {
    var record: [UInt8] = []
    for event in scene.events {
      record.removeAll(keepingCapacity: true)
      var shape: [String] = []
      for (index, member) in event.json.members.enumerated() {
        // The marks of the event know its moment already.
        shape.append(index == 0 ? "t" : pack(member.name, member.value, into: &record))
      }
      let key = shape.joined(separator: "\n")
      if shapes[key] == nil {
        shapes[key] = shapeList.count
        shapeList.append(shape)
      }
      var number: [UInt8] = []
      number.add(UInt64(shapes[key] ?? 0))
      events.add(UInt64(number.count + record.count))
      events += number
      events += record
    }
  }

  /// Members that have few different values: those are a part of the shape, and not of each event.
  private static let constant: Set = [
    "kind", "host", "peer", "direction", "carries", "flags", "fate", "state", "timer", "stream", "call", "phase", "of",
    "errno",
  ]

  /// Adds a member's value, and returns its type and name.
  private mutating func pack(_ name: String, _ value: JSON, into record: inout [UInt8]) -> String {
    // The page's numbers are exact to 53 bits; longer ones are kept as text.
    switch value {
    case .integer(let number) where number.magnitude < 1 << 53:
      record.add(signed: number)
      return "i" + name.bounded
    case .bool(let value):
      record.add(value ? 1 : 0)
      return "b" + name.bounded
    case .string(let text)
    where PackedScene.constant.contains(name) && text.utf8.count <= 40 && shapeList.count < 2000:
      return "c\(name)=\(text.bounded)"
    case .string(let text): record.add(UInt64(texts.place(of: text.bounded)))
    default: record.add(UInt64(texts.place(of: value.text.bounded)))
    }
    return "s" + name.bounded
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
      "shapes": .array(shapeList.map { .array($0.map { .string($0) }) }),
      "strings": .array(texts.all.map { .string($0) }),
    ]
  }
}

/// Every text once, by its place.
private struct TextTable {
  private(set) var all: [String] = []
  private var places: [String: Int] = [:]

  mutating func place(of text: String) -> Int {
    if let place = places[text] { return place }
    places[text] = all.count
    all.append(text)
    return all.count - 1
  }
}

extension String {
  /// The text, cut where it would make a page unusable, and saying so.
  fileprivate var bounded: String {
    let limit = 20_000
    guard utf8.count > limit, unicodeScalars.count > limit else { return printable }
    var head = String.UnicodeScalarView()
    head.append(contentsOf: unicodeScalars.prefix(limit))
    return String(head).printable + "… (cut here: \(utf8.count) bytes in all)"
  }
}

extension [UInt8] {
  /// Adds a number: 7 bits a byte, the lowest first.
  fileprivate mutating func add(_ number: UInt64) {
    var rest = number
    while rest > 127 {
      append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// Adds a number with a sign: 0, -1, 1, -2, … as 0, 1, 2, 3, ….
  fileprivate mutating func add(signed number: Int64) {
    add(UInt64(bitPattern: (number << 1) ^ (number >> 63)))
  }
}
