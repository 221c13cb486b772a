/// The members of a JSON object, in the order in which they were written.
public struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// Name and value of each member.
  public private(set) var members: [(name: String, value: JSON)]

  /// Up to so many members looking at each is quicker than a dictionary.
  private static let fewMembers = 24

  /// An object of these members; of two with one name the later counts.
  public init(_ members: [(String, JSON)] = []) {
    self.members = []
    guard members.count > JSONObject.fewMembers else {
      for (name, value) in members { self[name] = value }
      return
    }
    // A dictionary of places, so that hostile input with very many names takes no quadratic time.
    var places: [String: Int] = [:]
    for (name, value) in members {
      if let place = places[name] {
        self.members[place].value = value
      } else {
        places[name] = self.members.count
        self.members.append((name, value))
      }
    }
  }

  /// An object of these members, whose names must be distinct.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    members = elements
  }

  /// Adds a member whose name is new to the object, without looking for it; nothing where the value is `nil`.
  mutating func append(_ name: String, _ value: JSON?) {
    if let value { members.append((name, value)) }
  }

  /// Adds the members of another object, whose names are new to this one.
  mutating func append(_ other: JSONObject) { members += other.members }

  /// The member called `name`; setting `nil` removes it, setting a new one appends it.
  public subscript(name: String) -> JSON? {
    get { members.first { $0.name == name }?.value }
    set {
      if let index = members.firstIndex(where: { $0.name == name }) {
        if let newValue { members[index].value = newValue } else { members.remove(at: index) }
      } else if let newValue {
        members.append((name, newValue))
      }
    }
  }

  /// Takes the member called `name` out of the object, if `understood` can make something of its value.
  ///
  /// A value that is not understood stays, so that what a newer version wrote is kept.
  public mutating func take<Value>(_ name: String, _ understood: (JSON) -> Value?) -> Value? {
    guard let index = members.firstIndex(where: { $0.name == name }), let value = understood(members[index].value)
    else { return nil }
    members.remove(at: index)
    return value
  }

  /// Takes a string out of the object.
  public mutating func take(string name: String) -> String? { take(name) { $0.string } }

  /// Takes an integer out of the object.
  public mutating func take(integer name: String) -> Int64? { take(name) { $0.integer } }

  /// Takes an integer that fits `Int` out of the object.
  mutating func take(count name: String) -> Int? { take(name) { $0.integer.flatMap { Int(exactly: $0) } } }

  /// Takes an array of nothing but strings out of the object.
  mutating func take(strings name: String) -> [String]? {
    take(name) { value in
      let strings = value.array?.compactMap(\.string)
      return strings?.count == value.array?.count ? strings : nil
    }
  }

  /// Whether the object has no member.
  public var isEmpty: Bool { members.isEmpty }

  /// Whether both have the same members in the same order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.count == right.members.count && zip(left.members, right.members).allSatisfy { $0 == $1 }
  }

  /// Feeds names and values into `hasher`.
  public func hash(into hasher: inout Hasher) {
    for member in members {
      hasher.combine(member.name)
      hasher.combine(member.value)
    }
  }
}
