internal import Timeline

// What can be seen of a peer or of a host.

extension Reader {
  /// Reads a condition; `lasts` if its words say that it goes on (`stays`).
  mutating func condition(_ words: inout Words) throws(Mistake) -> (condition: Condition, lasts: Bool) {
    let subject = try words.require(
      "the condition",
      help: "write for instance: client read returns 0, or kodos connection is gone"
    )
    guard let verb = words.take() else {
      throw Mistake(words.end, "what \(subject.quoted) should do is missing", help: forms(of: subject))
    }
    if Vocabulary.hostVerbs.contains(verb.text), !verb.isQuoted {
      if let peer = peers.first(where: { $0.name == subject.text }) {
        throw Mistake(
          subject.place,
          "'\(verb.text)' is said of a host, and \(subject.quoted) is a peer",
          help: peer.host.map { "write: \($0) \(verb.text) …" }
        )
      }
      return try hostCondition(host(subject), verb.text, &words)
    }
    let isPeerVerb = ["prints", "exits", "ends", "is"].contains(verb.text) && !verb.isQuoted
    if hosts.contains(subject.text) {
      if isPeerVerb || SystemCallKnowledge.of(verb.text) != nil {
        let here = peers.filter { $0.host == subject.text }.map(\.name)
        throw Mistake(
          subject.place,
          "\(subject.quoted) is a host, and '\(verb.text)' is said of a peer",
          help: here.isEmpty ? nil : "the peers on it: \(Spelling.list(here))"
        )
      }
      throw Mistake(
        verb.place,
        "unknown word \(verb.quoted)",
        help: Spelling.question(verb.text, Vocabulary.hostVerbs) ?? forms(of: subject)
      )
    }
    let name = try peer(subject)
    return (try peerCondition(name, verb, &words), false)
  }

  private func forms(of subject: Word) -> String {
    hosts.contains(subject.text)
      ? "a host's 'connection is …', it 'listens on …', it 'retransmits …'"
      : "a peer's call 'returns' or 'fails'; a peer 'prints \"…\"', 'exits', 'ends by …', 'is told nothing'"
  }

  // MARK: Peers

  private func peerCondition(_ peer: String, _ verb: Word, _ words: inout Words) throws(Mistake) -> Condition {
    switch verb.isQuoted ? "" : verb.text {
    case "prints":
      let place = words.place
      let text = try quotedText(&words, example: "\(peer) prints \"connected\"")
      if text.isEmpty { throw Mistake(place, "an empty text is in every line") }
      if text.contains("\n") {
        throw Mistake(
          place,
          "output is looked at line by line, and no line contains \\n",
          help: "expect each line by itself"
        )
      }
      return .prints(peer: peer, text: text)
    case "exits":
      guard let next = words.peek, Int(next.text) != nil else { return .exits(peer: peer, nil) }
      return .exits(peer: peer, .exited(Int64(try number(&words, "an exit status", 0...255))))
    case "ends":
      try words.require(word: "by", help: "write for instance: \(peer) ends by SIGINT; without a signal: \(peer) exits")
      return .exits(peer: peer, .signaled(try signal(&words)))
    case "is":
      try words.require(word: "told", help: "write: \(peer) is told nothing for 1m")
      try words.require(word: "nothing", help: "write: \(peer) is told nothing for 1m")
      return .toldNothing(peer: peer)
    default:
      return try call(peer, verb, &words)
    }
  }

  private func signal(_ words: inout Words) throws(Mistake) -> String {
    let word = try words.require("the signal", help: "write for instance: ends by SIGINT")
    if ErrorNames.deadlySignals.contains(word.text) { return word.text }
    if ErrorNames.harmlessSignals.contains(word.text) {
      throw Mistake(word.place, "\(word.quoted) ends no program", help: "see signal(7)")
    }
    let meant = ErrorNames.deadlySignals.first { $0 == "SIG" + word.text.uppercased() }
    throw Mistake(
      word.place,
      "unknown signal \(word.quoted)",
      help: meant.map { "did you mean '\($0)'?" } ?? Spelling.question(word.text, ErrorNames.deadlySignals)
        ?? "see signal(7)"
    )
  }

  private func call(_ peer: String, _ verb: Word, _ words: inout Words) throws(Mistake) -> Condition {
    guard let knowledge = SystemCallKnowledge.of(verb.text), !verb.isQuoted else {
      let isCall = ["returns", "fails"].contains(words.peek?.text)
      let known = SystemCallKnowledge.names + (isCall ? [] : ["prints", "exits", "ends", "is"])
      throw Mistake(
        verb.place,
        isCall ? "unknown system call \(verb.quoted)" : "unknown word \(verb.quoted)",
        help: Spelling.question(verb.text, known)
          ?? (isCall
            ? "a lab sees connect, accept, read, write, poll, shutdown, close, bind, listen and socket"
            : "a peer's call 'returns' or 'fails'; a peer 'prints \"…\"', 'exits', 'ends by …', 'is told nothing'")
      )
    }
    let word = try words.require(
      "'returns' or 'fails'",
      help: "write: \(peer) \(verb.text) returns, or \(peer) \(verb.text) fails ETIMEDOUT"
    )
    if word.isWord("fails") {
      return .call(peer: peer, name: verb.text, .fails(try error(of: verb.text, knowledge, &words)))
    }
    guard word.isWord("returns") else {
      throw Mistake(
        word.place,
        "\(word.quoted) stands where 'returns' or 'fails' should",
        help: Spelling.question(word.text, ["returns", "fails"])
          ?? "write: \(peer) \(verb.text) returns, or \(peer) \(verb.text) fails ETIMEDOUT"
      )
    }
    guard let value = try returnValue(of: verb.text, knowledge, &words) else {
      return .call(peer: peer, name: verb.text, .returns)
    }
    return .call(peer: peer, name: verb.text, .returnsValue(value))
  }

  /// The errno that a call fails with; `nil` if the lab leaves it open.
  private func error(of call: String, _ knowledge: SystemCallKnowledge, _ words: inout Words) throws(Mistake) -> String?
  {
    guard let word = words.peek, !word.continuesStatement || word.text.first == "E", !isTiming(word) else { return nil }
    _ = words.take()
    if word.isWord("with") { throw Mistake(word.place, "'with' is too much here", help: "write: fails ETIMEDOUT") }
    if let name = ErrorNames.synonyms[word.text] {
      throw Mistake(word.place, "\(word.quoted) is another name for \(name)", help: "write \(name)")
    }
    guard ErrorNames.errors.contains(word.text) else {
      let names = ErrorNames.likely + ErrorNames.errors.sorted()
      throw Mistake(
        word.place,
        "unknown error \(word.quoted)",
        help: Spelling.question(word.text, names) ?? "see errno(3)"
      )
    }
    guard knowledge.errors.contains(word.text) else {
      let likely = ErrorNames.likely.filter { knowledge.errors.contains($0) }
      let help = knowledge.elsewhere ?? "it can fail with \(likely.prefix(4).joined(separator: ", ")) and others"
      throw Mistake(word.place, "\(call) never fails with \(word.text) on a TCP socket", help: help)
    }
    return word.text
  }

  /// The value that a call returns; `nil` if the lab leaves it open.
  private func returnValue(of call: String, _ knowledge: SystemCallKnowledge, _ words: inout Words) throws(Mistake)
    -> Int64?
  {
    guard let word = words.peek, !isTiming(word) else { return nil }
    guard let value = Int64(word.text), !word.isQuoted else {
      guard ErrorNames.errors.contains(word.text) else { return nil }
      throw Mistake(word.place, "a call does not return an error", help: "write: \(call) fails \(word.text)")
    }
    _ = words.take()
    if value < 0 {
      throw Mistake(
        word.place,
        "a call that returns \(value) has failed",
        help: "write: \(call) fails ETIMEDOUT, or another errno"
      )
    }
    if value > 0, case .zero = knowledge.value {
      throw Mistake(word.place, "\(call) returns 0 or fails", help: "write: \(call) returns 0")
    }
    return value
  }

  private func isTiming(_ word: Word) -> Bool {
    !word.isQuoted && ["within", "between", "for", "as", "after"].contains(word.text) || word.text.hasPrefix("(")
  }

  // MARK: Hosts

  private func hostCondition(_ host: String, _ verb: String, _ words: inout Words) throws(Mistake)
    -> (condition: Condition, lasts: Bool)
  {
    switch verb {
    case "listens":
      try words.require(word: "on", help: "write for instance: \(host) listens on 8080")
      _ = words.accept("port")
      return (.listens(host: host, port: try port(&words)), false)
    case "retransmits": return (.retransmits(host: host, try count(&words)), false)
    default: return try connection(of: host, &words)
    }
  }

  /// Reads how often: `15 times`, `once`, `twice`, `at least 3 times`, `as predicted`.
  private func count(_ words: inout Words) throws(Mistake) -> RetransmissionCount {
    if words.accept("as") {
      try words.require(word: "predicted", help: "write: retransmits as predicted")
      return .asPredicted
    }
    if words.accept("once") { return .exactly(1) }
    if words.accept("twice") { return .exactly(2) }
    let isLeast = words.accept("at")
    if isLeast { try words.require(word: "least", help: "write: retransmits at least 3 times") }
    let count = try number(&words, "how often", (isLeast ? 1 : 0)...1000)
    if !words.accept("time") { try words.require(word: "times", help: "write: retransmits \(count) times") }
    return isLeast ? .atLeast(count) : .exactly(count)
  }

  /// Reads a state: `connection [port 8080] is FIN_WAIT_2`, `… is gone`, `… stays ESTABLISHED`.
  private func connection(of host: String, _ words: inout Words) throws(Mistake) -> (condition: Condition, lasts: Bool)
  {
    var port: Int?
    let isOn = words.accept("on")
    if words.accept("port") { port = try self.port(&words) } else if isOn { try words.require(word: "port") }
    let lasts = words.accept("stays")
    if !lasts {
      try words.require(word: "is", help: "write for instance: \(host) connection is ESTABLISHED, or is gone")
    }
    let word = try words.require("the state", help: "write for instance: ESTABLISHED, CLOSE_WAIT or gone")
    if word.isWord("gone") { return (.connection(host: host, port: port, .gone), lasts) }
    let names = TCPState.allCases.map(\.name)
    guard let state = TCPState(name: word.text) else {
      throw Mistake(
        word.place,
        "unknown state \(word.quoted)",
        help: Spelling.question(word.text.replacing("-", with: "_"), names + ["gone"])
          ?? "the states are \(names.filter { $0 != "LISTEN" && $0 != "CLOSED" }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: ", "))"
      )
    }
    switch state {
    case .listen:
      throw Mistake(
        word.place,
        "a connection does not listen",
        help: "write: \(host) listens on \(port.map { "\($0)" } ?? "PORT")"
      )
    case .closed:
      throw Mistake(word.place, "a closed connection is not seen any more", help: "write: \(host) connection is gone")
    default: return (.connection(host: host, port: port, .state(state)), lasts)
    }
  }
}
