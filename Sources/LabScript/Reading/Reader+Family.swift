// IPv4 or IPv6: `network lan over IPv6`, `only over IPv4: REASON`.

extension Reader {
  /// Reads the reason why a lab runs over IPv4 only.
  mutating func readOnly(_ statements: [Statement]) {
    refuseSecond(statements, "a second 'only'")
    guard let statement = statements.first else { return }
    _ = trying { reader throws(Mistake) in
      let form = Vocabulary.form(of: "only")
      let text = try reader.prose(of: statement)
      let start = "over IPv4:"
      guard text.hasPrefix(start) else {
        throw Mistake(
          Place(line: statement.line, column: 1, length: statement.keywordPlace.length),
          "'only' is followed by 'over IPv4:' and the reason",
          help: form
        )
      }
      let reason = String(text.dropFirst(start.count).drop { $0.isBlank })
      guard !reason.isEmpty else { throw Mistake(statement.end, "the reason is missing", help: form) }
      reader.script.onlyIPv4 = reason
    }
  }

  /// Reads what the hosts speak: `over IPv6`, behind the kind of network.
  mutating func readFamily(_ words: inout Words) throws(Mistake) {
    guard words.accept("over") else { return }
    let names = AddressFamily.allCases.map(\.rawValue)
    let word = try words.require("'IPv4' or 'IPv6'", help: "write: over IPv6")
    guard let family = AddressFamily(rawValue: word.text), !word.isQuoted else {
      throw Mistake(
        word.place,
        "\(word.quoted) stands where 'IPv4' or 'IPv6' should",
        help: Spelling.question(word.text, names)
      )
    }
    script.family = family
  }

  /// A lab about IPv4 cannot run over IPv6, whoever asks for it.
  mutating func checkFamily(_ only: [Statement]) {
    if let wantedFamily { script.family = wantedFamily }
    guard script.family == .ipv6, let reason = script.onlyIPv4, let statement = only.first else { return }
    report(Mistake(statement.keywordPlace, "this lab runs over IPv4 only: \(reason)"))
  }

  /// What is written for IPv4 alone is refused over IPv6.
  func refuseIPv4(in command: [Word]) throws(Mistake) {
    guard script.family == .ipv6, let word = command.first(where: { $0.text.containsText("10.88.") }) else { return }
    throw Mistake(
      word.place,
      "\(word.quoted) is an address of IPv4, and this lab runs over IPv6",
      help: "write the host's name, or say: only over IPv4: REASON"
    )
  }

  /// ICMPv6 knows fewer reasons.
  func refuseIPv4(_ verdict: FirewallRule.Verdict, _ word: Word) throws(Mistake) {
    guard script.family == .ipv6, verdict == .icmpProtoUnreachable else { return }
    throw Mistake(
      word.place,
      "ICMPv6 has no such answer as \(word.quoted)",
      help: "an unknown protocol is a parameter problem there, which no firewall of Linux sends"
    )
  }
}
