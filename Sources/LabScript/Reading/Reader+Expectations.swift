internal import Timeline

// Waiting and expecting, and when.

extension Reader {
  mutating func wait(_ words: inout Words) throws(Mistake) -> (Action, subject: Place) {
    let place = words.place
    let (condition, lasts) = try condition(&words)
    let timingPlace = words.place
    let timing = try timing(&words)
    if case .toldNothing = condition {
      throw Mistake(
        place,
        "nobody can wait for nothing",
        help: "write: expect \(condition.subject) is told nothing for 1m"
      )
    }
    switch timing {
    case nil where !lasts: return (.wait(condition, limit: Timing.usualPatience), place)
    case .within(let limit) where !lasts: return (.wait(condition, limit: limit), place)
    default:
      throw Mistake(
        timingPlace,
        "'wait' goes on as soon as something comes about, and knows no other time than 'within'",
        help: "use 'expect' to judge when it comes about, or how long it lasts"
      )
    }
  }

  mutating func expectation(_ words: inout Words) throws(Mistake) -> (Action, subject: Place) {
    let place = words.place
    let (condition, lasts) = try condition(&words)
    let timingPlace = words.place
    let timing = try timing(&words)
    var isLasting = false
    if case .lasting = timing { isLasting = true }
    if lasts || condition.needsLength, !isLasting {
      throw Mistake(timingPlace, "for how long is missing", help: "write for instance: … for 20m")
    }
    if isLasting, !condition.canLast {
      throw Mistake(
        timingPlace,
        "this is a moment, and a moment does not last",
        help: "'for' goes with 'is told nothing', 'connection is' and 'connection stays'"
      )
    }
    if case .listens = condition, timing == .asPredicted {
      throw Mistake(timingPlace, "no TCP timer decides when a program listens", help: "write: within 5s")
    }
    return (.expect(Expectation(condition: condition, timing: timing ?? .usual)), place)
  }

  /// Reads `within 5s`, `between 60s and 62s`, `as predicted` or `for 20m`; `nil` if nothing follows.
  private func timing(_ words: inout Words) throws(Mistake) -> Timing? {
    if words.accept("within") { return .within(try duration(&words, "the limit")) }
    if words.accept("for") { return .lasting(try duration(&words, "the length")) }
    if words.accept("between") {
      let first = try duration(&words, "the earliest time", allowsZero: true)
      try words.require(word: "and", help: "write for instance: between 60s and 62s")
      let place = words.place
      let second = try duration(&words, "the latest time")
      guard first < second else {
        throw Mistake(
          place,
          "\(second.text) does not come after \(first.text)",
          help: first == second
            ? "no measurement hits a moment exactly: leave some room"
            : "write: between \(second.text) and \(first.text)"
        )
      }
      return .between(first, second)
    }
    if words.accept("as") {
      try words.require(word: "predicted", help: "write: as predicted")
      return .asPredicted
    }
    if let word = words.peek, !word.continuesStatement, !word.isQuoted,
      let meant = Spelling.nearest(to: word.text, in: ["within", "between", "for", "as"])
    {
      throw Mistake(word.place, "unknown word \(word.quoted)", help: "did you mean '\(meant)'?")
    }
    if let word = words.peek, word.isWord("after") {
      throw Mistake(
        word.place,
        "'after' does not say how exactly",
        help: "write: within D, between D and D, or as predicted"
      )
    }
    return nil
  }
}

extension Condition {
  /// Whether it makes sense only together with a length of time.
  fileprivate var needsLength: Bool {
    if case .toldNothing = self { true } else { false }
  }

  /// Whether it can go on for some time; the others are moments.
  fileprivate var canLast: Bool {
    switch self {
    case .toldNothing, .connection: true
    default: false
    }
  }
}
