internal import Timeline

extension MatrixResult {
  /// Reads a matrix that `json` wrote.
  ///
  /// What a newer version adds is passed over; what is missing or of another kind is refused with its place.
  public init(json text: String) throws(Mistake) {
    let value: JSON
    do {
      value = try JSON(text: text)
    } catch {
      throw Mistake("this is not JSON: \(error)")
    }
    guard let object = value.object, let format = object["format"]?.string else {
      throw Mistake("this is no matrix: write it with 'halfopen matrix --json FILE'")
    }
    guard format == MatrixResult.format else {
      throw Mistake("the matrix is in the format '\(format)', and this version reads '\(MatrixResult.format)'")
    }
    let place = Place(object, "the matrix")
    self.init(
      world: try place.string("world"),
      kernel: try place.string("kernel"),
      hz: Int(try place.number("hz")),
      watch: try place.seconds("watch_s")
    )
    for row in try place.objects("failures") {
      rows.append(Row(name: try row.string("name"), group: try row.string("group"), title: try row.string("title")))
    }
    for column in try place.objects("settings") {
      columns.append(
        Column(
          name: try column.string("name"),
          settings: try column.strings("set"),
          remarks: try column.strings("remarks")
        )
      )
    }
    for cell in try place.objects("cells") { cells.append(try CellResult(cell)) }
  }
}

extension CellResult {
  fileprivate init(_ place: Place) throws(Mistake) {
    self.init(
      failure: try place.string("failure"),
      tuning: try place.string("settings"),
      predicted: try Predicted(place.object("predicted"))
    )
    if place.members["predicted_in_run"] != nil {
      let window = try place.object("predicted_in_run")
      inRun = Window(earliest: try window.seconds("earliest_s"), latest: try window.optionalSeconds("latest_s"))
    }
    switch place.members["measured"] {
    case .null?: break
    default: measured = try Measured(place.object("measured"))
    }
    agrees = place.members["agrees"]?.bool
    remark = place.members["remark"]?.string ?? ""
    attempts = place.members["attempts"]?.integer.flatMap { Int(exactly: $0) } ?? 1
  }
}

extension Predicted {
  fileprivate init(_ place: Place) throws(Mistake) {
    switch try place.string("outcome") {
    case "never": self = .never(reason: try place.string("reason"))
    case "unknown": self = .unknown
    case "told":
      self = .ends(
        End(
          earliest: try place.seconds("earliest_s"),
          latest: try place.optionalSeconds("latest_s"),
          errorName: place.members["errno"]?.string,
          limit: try place.string("limit"),
          explanation: place.members["explanation"]?.string ?? ""
        )
      )
    case let other: throw Mistake("\(place.name): there is no outcome '\(other)'")
    }
  }
}

extension Measured {
  fileprivate init(_ place: Place) throws(Mistake) {
    func told() throws(Mistake) -> Told {
      Told(
        after: try place.seconds("after_s"),
        call: try place.string("call"),
        errorName: place.members["errno"]?.string
      )
    }
    switch try place.string("outcome") {
    case "told": self = .told(try told())
    case "before": self = .before(try told())
    case "never": self = .nothing(watched: try place.seconds("watched_s"))
    case "broken": self = .broken(reason: try place.string("reason"))
    case let other: throw Mistake("\(place.name): there is no outcome '\(other)'")
    }
  }
}

/// An object within a JSON text, and where it is.
private struct Place {
  let members: JSONObject
  let name: String

  init(_ members: JSONObject, _ name: String) {
    self.members = members
    self.name = name
  }

  func string(_ member: String) throws(Mistake) -> String {
    guard let value = members[member]?.string else { throw missing(member, "a string") }
    return value
  }

  func number(_ member: String) throws(Mistake) -> Double {
    guard let value = members[member]?.double, abs(value) < 1e9 else { throw missing(member, "a number") }
    return value
  }

  func seconds(_ member: String) throws(Mistake) -> Duration {
    .nanoseconds(Int64((try number(member) * 1e9).rounded()))
  }

  func optionalSeconds(_ member: String) throws(Mistake) -> Duration? {
    members[member] == nil ? nil : try seconds(member)
  }

  func strings(_ member: String) throws(Mistake) -> [String] {
    guard let values = members[member]?.array else { throw missing(member, "an array of strings") }
    return values.compactMap(\.string)
  }

  func object(_ member: String) throws(Mistake) -> Place {
    guard let object = members[member]?.object else { throw missing(member, "an object") }
    return Place(object, "\(name), \(member)")
  }

  func objects(_ member: String) throws(Mistake) -> [Place] {
    guard let values = members[member]?.array else { throw missing(member, "an array of objects") }
    var places: [Place] = []
    for (index, value) in values.enumerated() {
      guard let object = value.object else { throw missing("\(member)[\(index)]", "an object") }
      places.append(Place(object, "\(member)[\(index)]"))
    }
    return places
  }

  private func missing(_ member: String, _ kind: String) -> Mistake {
    Mistake("\(name) has no '\(member)' that is \(kind)")
  }
}
