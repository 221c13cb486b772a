internal import Timeline

/// What one step came to.
enum StepReading {
  /// It was understood; `subject` is the place of the host or peer that it is about.
  case step(Step, subject: Place)
  /// It was not; these hosts and peers are named in it, and may be in any state from then on.
  case lost(mentions: Set<String>)
}

// Steps: what is done, waited for and expected; and what was published.

extension Reader {
  /// Reads every step, in order, and what was published.
  mutating func readSteps(_ statements: [Statement]) {
    for statement in statements {
      let keyword = statement.meantKeyword ?? statement.keyword
      if Vocabulary.declarations.contains(keyword) || Vocabulary.prose.contains(keyword) { continue }
      if keyword == "published" {
        let claim = trying { reader throws(Mistake) in try reader.claim(statement) }
        if let claim { script.published.append(claim) }
        continue
      }
      let step = trying { reader throws(Mistake) in try reader.step(statement) }
      if let step {
        steps.append(.step(step.step, subject: step.subject))
        script.steps.append(step.step)
      } else {
        steps.append(.lost(mentions: mentions(in: statement)))
      }
    }
  }

  private func mentions(in statement: Statement) -> Set<String> {
    // A name that is unknown, and told to be, stands for nothing that is known.
    let names = Set(hosts).union(peers.map(\.name)).union(unknownNames)
    let words = statement.lines.flatMap { $0.characters.split(whereSeparator: \.isBlank) }.map { String($0) }
    return names.intersection(words)
  }

  private mutating func step(_ statement: Statement) throws(Mistake) -> (step: Step, subject: Place) {
    var words = Words(try allWords(of: statement, .plain, from: (0, 0)), end: statement.end)
    guard let first = words.take() else { throw Mistake(statement.end, "the statement is empty") }
    var keyword = statement.meantKeyword ?? statement.keyword
    var word = first
    var delay: Duration?
    if keyword == "after" {
      delay = try duration(&words, "the delay", allowsZero: false)
      word = try words.require("what is done then", help: Vocabulary.form(of: "after"))
      keyword = try deed(word, words)
    }
    let (action, subject) = try action(keyword, word, &words)
    try finish(words, keyword)
    let text = words.all.map(\.written).joined(separator: " ")
    return (Step(line: statement.line, text: text, delay: delay, action: action), subject)
  }

  /// What follows `after 1s`: the first word of a deed.
  private mutating func deed(_ word: Word, _ words: Words) throws(Mistake) -> String {
    let names = hosts + peers.map(\.name)
    if ["wait", "expect"].contains(word.text) {
      throw Mistake(
        word.place,
        "'after' delays what is done, and '\(word.text)' does nothing",
        help: word.text == "wait" ? "leave 'after' out" : "write when it should come about: expect … between 1s and 2s"
      )
    }
    let isDeed = Vocabulary.statementWords.contains(word.text)
    if isDeed,
      Vocabulary.declarations.contains(word.text) || Vocabulary.prose.contains(word.text) || word.text == "after"
    {
      throw Mistake(
        word.place,
        "'after' delays what is done, and '\(word.text)' does nothing",
        help: Vocabulary.form(of: "after")
      )
    }
    if isDeed || names.contains(word.text) || ["types", "ends"].contains(words.peek?.text) { return word.text }
    let meant = Spelling.nearest(to: word.text, in: Vocabulary.statementWords + names)
    throw Mistake(
      word.place,
      "unknown word \(word.quoted)",
      help: meant.map { "did you mean '\($0)'?" } ?? "a deed begins with a word such as start, power, cut, drop or kill"
    )
  }

  private mutating func action(_ keyword: String, _ word: Word, _ words: inout Words) throws(Mistake)
    -> (Action, subject: Place)
  {
    let form = Vocabulary.form(of: keyword)
    if let signal = PeerSignal(rawValue: keyword) {
      let word = try words.require("the peer", help: form)
      return (.signal(signal, peer: try peer(word)), word.place)
    }
    switch keyword {
    case "start":
      let word = try words.require("the peer", help: form)
      return (.start(peer: try peer(word)), word.place)
    case "power": return try power(&words)
    case "reboot":
      let word = try words.require("the host", help: form)
      return (.power(.reboot, host: try host(word)), word.place)
    case "cut", "restore", "unplug", "plug":
      let fault = wireFault(keyword, &words)
      let word = try words.require("the host", help: form)
      return (.wire(fault, host: try host(word)), word.place)
    case "drop", "reject": return (.firewall(try firewallRule(keyword, &words)), word.place)
    case "allow":
      try words.require(word: "everything", help: form)
      return (.clearFirewall, word.place)
    case "forget":
      guard script.middlebox != nil else {
        throw Mistake(
          word.place,
          "the lab has no middle box that could forget",
          help: "write above the first step for instance: middlebox firewall idle 350s then drop"
        )
      }
      try words.require(word: "flows", help: form)
      return (.forgetFlows, word.place)
    case "wait": return try wait(&words)
    case "expect": return try expectation(&words)
    default: return try input(word, &words)
    }
  }

  private mutating func power(_ words: inout Words) throws(Mistake) -> (Action, subject: Place) {
    let form = Vocabulary.form(of: "power")
    let word = try words.require("'off', 'on' or 'cycle'", help: form)
    guard let fault = PowerFault(rawValue: word.text), fault != .reboot, !word.isQuoted else {
      let help =
        word.isWord("reboot") ? "write: reboot HOST" : Spelling.question(word.text, ["off", "on", "cycle"]) ?? form
      throw Mistake(word.place, "\(word.quoted) stands where 'off', 'on' or 'cycle' should", help: help)
    }
    let host = try words.require("the host", help: form)
    return (.power(fault, host: try self.host(host)), host.place)
  }

  private func wireFault(_ keyword: String, _ words: inout Words) -> WireFault {
    switch keyword {
    case "restore": .restore
    case "unplug": .unplug
    case "plug": .plug
    default: words.accept("into") ? .cutInto : words.accept(["out", "of"]) ? .cutOutOf : .cut
    }
  }

  /// Reads what a peer gets to read: `client types "text"`, `client ends input`.
  private mutating func input(_ word: Word, _ words: inout Words) throws(Mistake) -> (Action, subject: Place) {
    if words.accept("types") {
      let name = try peer(word)
      if let count = words.peek, !count.isQuoted, Int(count.text) != nil {
        // The line's end is one of them.
        let bytes = try number(&words, "how many bytes", 1...1_048_576)
        try words.require(word: "bytes", help: "write for instance: \(name) types 20000 bytes")
        return (.types(peer: name, text: String(repeating: "x", count: bytes - 1)), word.place)
      }
      let text = try quotedText(&words, example: "\(name) types \"hello\"")
      return (.types(peer: name, text: text), word.place)
    }
    if words.peek?.isWord("ends") == true, words.second?.isWord("by") != true {
      let name = try peer(word)
      _ = words.accept("ends")
      try words.require(word: "input", help: "write: \(name) ends input")
      return (.endsInput(peer: name), word.place)
    }
    guard let verb = words.peek else {
      throw Mistake(
        words.end,
        "what becomes of '\(word.text)' is missing",
        help: "write for instance: start \(word.text)"
      )
    }
    if isObservation(verb.text) || verb.isWord("ends") {
      throw Mistake(
        word.place,
        "an observation needs 'expect' or 'wait' before it",
        help: "write: expect " + words.all.prefix(8).map(\.written).joined(separator: " ")
      )
    }
    throw Mistake(
      verb.place,
      "unknown word \(verb.quoted)",
      help: Spelling.question(verb.text, ["types", "ends"]) ?? "a peer 'types \"…\"' or 'ends input'"
    )
  }

  // MARK: Published

  /// Reads a claim: `published CONDITION [after D | for D] (SOURCE)`.
  private mutating func claim(_ statement: Statement) throws(Mistake) -> PublishedClaim {
    let form = "write for instance: published client read fails ETIMEDOUT after 5m11s (illumos, TCP puzzlers)"
    var words = try words(of: statement)
    let (condition, _) = try condition(&words)
    var after: Duration?
    if words.accept("after") || words.accept("for") { after = try duration(&words, "the time") }
    guard let first = words.peek else {
      throw Mistake(words.end, "who published it is missing", help: form)
    }
    guard first.text.hasPrefix("("), !first.isQuoted else {
      throw Mistake(first.place, "\(first.quoted) is too much here", help: form)
    }
    var source = words.rest.map(\.text).joined(separator: " ")
    guard source.hasSuffix(")") else { throw Mistake(words.end, "a ')' is missing", help: form) }
    source = String(source.dropFirst().dropLast())
    if source.allSatisfy(\.isBlank) { throw Mistake(first.place, "who published it is missing", help: form) }
    return PublishedClaim(condition: condition, after: after, source: source, line: statement.line)
  }
}
