internal import Timeline

// What stands between the hosts besides a router: `middlebox nat for kang idle 350s then drop`.

extension Reader {
  /// Reads the middle box.
  mutating func readMiddlebox(_ statements: [Statement]) {
    refuseSecond(statements, "a second middle box")
    guard let statement = statements.first else { return }
    let box = trying { reader throws(Mistake) in try reader.middlebox(statement) }
    // A broken declaration is a middle box all the same: what is done to it is not complained of.
    script.middlebox =
      box ?? Middlebox(kind: .firewall, host: nil, idle: .seconds(1), unknown: .drop, line: statement.line)
  }

  private mutating func middlebox(_ statement: Statement) throws(Mistake) -> Middlebox {
    let form = Vocabulary.form(of: "middlebox")
    var words = try words(of: statement)
    let word = try words.require("the kind of box", help: form)
    if network == .lan {
      throw Mistake(
        statement.keywordPlace,
        "a middle box stands in the router, and this network has none",
        help: "write: network routed"
      )
    }
    let preset = Middlebox.presets.first { $0.name == word.text }
    guard !word.isQuoted, let kind = preset?.kind ?? Middlebox.Kind(rawValue: word.text) else {
      let kinds = Middlebox.Kind.allCases.map(\.rawValue)
      let names = Middlebox.presets.map(\.name)
      throw Mistake(
        word.place,
        "unknown middle box \(word.quoted)",
        help: Spelling.question(word.text, kinds + names) ?? "there are \(Spelling.list(kinds + names))"
      )
    }
    let host = try self.host(of: kind, word, &words)
    var (idle, unknown) = (preset?.idle, preset?.unknown)
    if words.accept("idle") { idle = try idleTime(&words) }
    if words.accept("then") { unknown = try unknownPackets(&words) }
    guard let idle else {
      throw Mistake(words.place, "after which time it forgets is missing", help: "write for instance: idle 350s")
    }
    guard let unknown else {
      throw Mistake(
        words.place,
        "what it does with a packet that it does not know is missing",
        help: "write: then drop, then reset, or then pick-up"
      )
    }
    try finish(words, "middlebox")
    return Middlebox(kind: kind, host: host, idle: idle, unknown: unknown, line: statement.line)
  }

  private mutating func host(of kind: Middlebox.Kind, _ word: Word, _ words: inout Words) throws(Mistake) -> String? {
    let place = words.place
    guard words.accept("for") else {
      guard kind != .firewall else { return nil }
      let what = kind == .nat ? "the host that it hides" : "the host behind it"
      let example = (kind == .nat ? hosts.first : hosts.last) ?? "kodos"
      throw Mistake(place, "\(what) is missing", help: "write for instance: \(word.text) for \(example)")
    }
    if kind == .firewall {
      throw Mistake(place, "a firewall is for all hosts", help: "leave 'for' out")
    }
    return try host(words.require("the host", help: Vocabulary.form(of: "middlebox")))
  }

  /// The kernel counts in whole seconds.
  private func idleTime(_ words: inout Words) throws(Mistake) -> Duration {
    let place = words.place
    let idle = try duration(&words, "the time")
    let (most, second): (Duration, Int64) = (.seconds(1_000_000), 1_000_000_000)
    guard idle.nanoseconds % second == 0, idle <= most else {
      throw Mistake(
        place,
        "Linux's table of connections cannot forget after \(idle.text)",
        help: "it counts in whole seconds, from 1s to 1000000s"
      )
    }
    return idle
  }

  private func unknownPackets(_ words: inout Words) throws(Mistake) -> Middlebox.Unknown {
    let names = Middlebox.Unknown.allCases.map(\.rawValue)
    let word = try words.require("'drop', 'reset' or 'pick-up'", help: "write for instance: then drop")
    guard let unknown = Middlebox.Unknown(rawValue: word.text), !word.isQuoted else {
      throw Mistake(
        word.place,
        "\(word.quoted) stands where 'drop', 'reset' or 'pick-up' should",
        help: Spelling.question(word.text, names)
      )
    }
    return unknown
  }
}
