internal import Timeline

// What a single word stands for: hosts, peers, durations, numbers.

extension Reader {
  /// The host that a word names; a misspelled name is noted, and its host taken for meant.
  mutating func host(_ word: Word) throws(Mistake) -> String {
    if hosts.contains(word.text) { return word.text }
    if hasLostStatement { mutedLines.insert(word.place.line) }
    if let peer = peers.first(where: { $0.name == word.text }) {
      let help = peer.host.map { "it runs on '\($0)'" }
      throw Mistake(word.place, "\(word.quoted) is a peer, and a host belongs here", help: help)
    }
    return try meant(word, "host", hosts, knownHosts)
  }

  /// The known name that was probably meant by an unknown one.
  ///
  /// A name that resembles none is told once: it is as likely a missing declaration as a slip.
  private mutating func meant(_ word: Word, _ what: String, _ names: [String], _ known: String) throws(Mistake)
    -> String
  {
    guard let meant = Spelling.nearest(to: word.text, in: names) else {
      if !unknownNames.insert(word.text).inserted { mutedLines.insert(word.place.line) }
      throw Mistake(word.place, "unknown \(what) \(word.quoted)", help: known)
    }
    report(Mistake(word.place, "unknown \(what) \(word.quoted)", help: "did you mean '\(meant)'?"))
    return meant
  }

  private var knownHosts: String {
    if hosts.isEmpty { return "declare it: host NAME" }
    let own = script.hosts.contains { $0.line > 0 }
    return "the hosts are \(Spelling.list(hosts))" + (own ? ": a lab that declares hosts has no others" : "")
  }

  /// The peer that a word names; a misspelled name is noted, and its peer taken for meant.
  mutating func peer(_ word: Word) throws(Mistake) -> String {
    let names = peers.map(\.name)
    if names.contains(word.text) { return word.text }
    if hasLostStatement { mutedLines.insert(word.place.line) }
    if hosts.contains(word.text) {
      let here = peers.filter { $0.host == word.text }.map(\.name)
      let help = here.isEmpty ? "no peer runs on it" : "the peers on it: \(Spelling.list(here))"
      throw Mistake(word.place, "\(word.quoted) is a host, and a peer belongs here", help: help)
    }
    // That a lab has no peer at all is told once.
    if names.isEmpty { mutedLines.insert(word.place.line) }
    return try meant(word, "peer", names, "the peers are \(Spelling.list(names))")
  }

  /// The duration that comes next.
  func duration(_ words: inout Words, _ what: String, allowsZero: Bool = false) throws(Mistake) -> Duration {
    let word = try words.require(what, help: "write a number with a unit, such as 250ms, 9s or 2m")
    let duration: Duration
    do throws(Duration.TextError) {
      duration = try Duration(text: word.text)
    } catch {
      switch error {
      case .missingUnit:
        // `5 s` is two words; the unit belongs to the number.
        if let unit = words.peek, ["ns", "us", "ms", "s", "m", "h", "d"].contains(unit.text) {
          throw Mistake(
            word.place,
            "a blank stands between \(word.quoted) and its unit",
            help: "write \(word.text)\(unit.text)"
          )
        }
        throw Mistake(
          word.place,
          "\(word.quoted) has no unit",
          help: "write \(word.text)s for seconds or \(word.text)ms for milliseconds"
        )
      case .malformed:
        throw Mistake(
          word.place,
          "\(word.quoted) is not a duration",
          help: "write a number with a unit, such as 250ms, 9s, 2m, 1h or 1m30s"
        )
      case .tooLong: throw tooLong(word)
      }
    }
    if duration == .zero, !allowsZero { throw Mistake(word.place, "\(word.quoted) is no time at all") }
    if duration > Reader.longestDuration { throw tooLong(word) }
    return duration
  }

  /// The longest time that a lab may name.
  static let longestDuration = Duration.seconds(30 * 86_400)

  private func tooLong(_ word: Word) -> Mistake {
    Mistake(word.place, "\(word.quoted) is too long", help: "no lab takes more than 30 days")
  }

  /// The whole number that comes next.
  func number(_ words: inout Words, _ what: String, _ range: ClosedRange<Int>) throws(Mistake) -> Int {
    let word = try words.require(what)
    guard let number = Int(word.text), !word.isQuoted, word.text.allSatisfy(\.isNumber) else {
      throw Mistake(
        word.place,
        "\(word.quoted) is no number",
        help: "\(what) is a number from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    guard range.contains(number) else {
      throw Mistake(
        word.place,
        "\(word.quoted) is out of range",
        help: "\(what) is a number from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    return number
  }

  /// The port that comes next.
  func port(_ words: inout Words) throws(Mistake) -> Int {
    try number(&words, "the port", 1...65_535)
  }

  /// The text in quotes that comes next; `example` shows how it is written.
  func quotedText(_ words: inout Words, example: String) throws(Mistake) -> String {
    let word = try words.require("the text", help: "write for instance: \(example)")
    // A parameter's value is one text, whatever blanks it has.
    guard word.isQuoted || !word.parameters.isEmpty else {
      throw Mistake(word.place, "a text stands in quotes", help: "write for instance: \(example)")
    }
    return word.text
  }
}
