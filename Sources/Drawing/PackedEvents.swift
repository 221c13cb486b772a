internal import Report
internal import Timeline

/// The events' members in columns: those of all events of one shape, that is with the same members, beside each other.
///
/// A reader who asks for one event decodes a block of each of its columns, and nothing of the others.
struct PackedEvents {
  /// What the events of one shape have in common, and what they differ in.
  private struct Shape {
    /// Type and name of each member; of one that all have alike the value too.
    var members: [String]
    /// The members' values in the order of the events.
    var columns: [[Int64]]
  }

  private var shapes: [Shape] = []
  private var shapeNumbers: [[Int]: Int] = [:]
  /// The descriptions of members, each once, by type, name and value.
  private var descriptions: [String] = []
  /// Those that are a name and a type, by the type's place in ``types``.
  private var plain: [[String: Int]] = types.map { _ in [:] }
  private var constants: [String: [String: Int]] = [:]
  /// The shape of each event.
  private var numbers: [Int64] = []

  /// The descriptions of each shape's members.
  var shapeList: [[String]] { shapes.map(\.members) }

  /// The shapes of the events, then the columns of each shape.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.add(column: numbers)
    for shape in shapes { for column in shape.columns { bytes.add(column: column) } }
    return bytes
  }

  init(_ events: [Event], _ texts: inout TextTable) {
    numbers.reserveCapacity(events.count)
    var key: [Int] = []
    var values: [Int64] = []
    for event in events {
      key.removeAll(keepingCapacity: true)
      values.removeAll(keepingCapacity: true)
      for (index, member) in event.json.members.enumerated() {
        // The marks of the event know its moment already.
        key.append(index == 0 ? description(0, "") : describe(member.name, member.value, &values, &texts))
      }
      let number = shapeNumbers[key] ?? shapes.count
      if number == shapes.count {
        shapeNumbers[key] = number
        shapes.append(Shape(members: key.map { descriptions[$0] }, columns: values.map { _ in [] }))
      }
      for (column, value) in values.enumerated() { shapes[number].columns[column].append(value) }
      numbers.append(Int64(number))
    }
  }

  /// Members that have few different values: those are a part of the shape, and not of each event.
  private static let constant: Set = [
    "kind", "host", "peer", "direction", "carries", "flags", "fate", "state", "timer", "stream", "call", "phase", "of",
    "errno",
  ]

  /// Adds a member's value, and returns the place of its description.
  private mutating func describe(
    _ name: String,
    _ value: JSON,
    _ values: inout [Int64],
    _ texts: inout TextTable
  ) -> Int {
    // The page's numbers are exact to 53 bits; longer ones are kept as text.
    switch value {
    case .integer(let number) where number.magnitude < 1 << 53:
      values.append(number)
      return description(1, name)
    case .bool(let value):
      values.append(value ? 1 : 0)
      return description(2, name)
    case .string(let text)
    where PackedEvents.constant.contains(name) && text.utf8.count <= 40 && shapes.count < 2000:
      if let known = constants[name]?[text] { return known }
      let place = add("c\(name)=\(text.bounded)")
      constants[name, default: [:]][text] = place
      return place
    case .string(let text): values.append(Int64(texts.place(ofWhole: text)))
    default: values.append(Int64(texts.place(ofWhole: value.text)))
    }
    return description(3, name)
  }

  /// Time, whole number, truth value, text.
  private static let types = ["t", "i", "b", "s"]

  private mutating func description(_ type: Int, _ name: String) -> Int {
    if let known = plain[type][name] { return known }
    let place = add(PackedEvents.types[type] + name.bounded)
    plain[type][name] = place
    return place
  }

  private mutating func add(_ description: String) -> Int {
    descriptions.append(description)
    return descriptions.count - 1
  }
}
