// Firewall rules.

extension Reader {
  /// Reads a rule behind `drop` or `reject`.
  mutating func firewallRule(_ keyword: String, _ words: inout Words) throws(Mistake) -> FirewallRule {
    var rule = FirewallRule(verdict: .drop)
    let form = Vocabulary.form(of: keyword)
    if words.accept(["the", "next"]) {
      rule.count = 1
      if let word = words.peek, Int(word.text) != nil { rule.count = try number(&words, "how many packets", 1...1000) }
      if !words.accept("packet") { _ = words.accept("packets") }
    } else if !words.accept("everything") {
      _ = words.accept("packets")
    }
    try hosts(of: &rule, &words, form)
    while let word = words.peek {
      if words.accept("port") {
        try refuseSecond(rule.port != nil, word)
        rule.port = try port(&words)
      } else if words.accept("flags") {
        try refuseSecond(!rule.flags.isEmpty, word)
        rule.flags = try flags(&words)
      } else if words.accept("length") {
        try refuseSecond(rule.length != nil, word)
        rule.length = try length(&words)
      } else if word.isWord("with") || word.continuesStatement {
        break
      } else {
        throw Mistake(
          word.place,
          "unknown word \(word.quoted)",
          help: Spelling.question(word.text, ["port", "flags", "length", "with", "from", "to", "between"]) ?? form
        )
      }
    }
    try verdict(of: &rule, keyword, &words)
    return rule
  }

  private func refuseSecond(_ isSecond: Bool, _ word: Word) throws(Mistake) {
    if isSecond { throw Mistake(word.place, "a second '\(word.text)' in one rule", help: "write two statements") }
  }

  /// Reads between which hosts: `between A and B`, `from A to B`, `from A`, `to B`.
  private mutating func hosts(of rule: inout FirewallRule, _ words: inout Words, _ form: String?) throws(Mistake) {
    let place = words.place
    var last = place
    if words.accept("between") {
      rule.from = try host(words.require("the first host", help: form))
      try words.require(word: "and", help: form)
      last = words.place
      rule.to = try host(words.require("the second host", help: form))
      rule.isBothWays = true
      if rule.count != nil {
        throw Mistake(
          place,
          "'the next' counts one direction",
          help: "write: from \(rule.from ?? "HOST") to \(rule.to ?? "HOST")"
        )
      }
    } else {
      if words.accept("from") { rule.from = try host(words.require("the host", help: form)) }
      last = words.peek?.isWord("to") == true ? words.second?.place ?? words.end : last
      if words.accept("to") { rule.to = try host(words.require("the host", help: form)) }
    }
    if let from = rule.from, from == rule.to {
      throw Mistake(
        last,
        "the rule is from '\(from)' to itself",
        help: "what a host sends to itself never comes to the firewall"
      )
    }
  }

  private func flags(_ words: inout Words) throws(Mistake) -> [String] {
    let names = ["SYN", "ACK", "FIN", "RST", "PSH", "URG"]
    let word = try words.require("a flag", help: "write for instance: flags FIN,ACK")
    var flags: [String] = []
    for flag in word.text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard names.contains(flag) else {
        throw Mistake(
          word.place,
          "unknown flag '\(flag)'",
          help: Spelling.question(flag, names)
            ?? "the flags are \(names.joined(separator: ", ")), with commas between them"
        )
      }
      if flags.contains(flag) { throw Mistake(word.place, "the flag '\(flag)' stands there twice") }
      flags.append(flag)
    }
    return flags
  }

  /// Reads a range of lengths: `60..1500`.
  private func length(_ words: inout Words) throws(Mistake) -> ClosedRange<Int> {
    let help = "write for instance: length 1401..65535; it is the IP packet's length in bytes, 20 to 65535"
    let word = try words.require("the length", help: help)
    let ends = word.text.split(separator: "..", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let least = ends[0], let most = ends[1], (20...65_535).contains(least),
      (20...65_535).contains(most)
    else { throw Mistake(word.place, "\(word.quoted) is no range of lengths", help: help) }
    guard least <= most else {
      throw Mistake(word.place, "\(word.quoted) is an empty range", help: "write \(most)..\(least)")
    }
    return least...most
  }

  private func verdict(of rule: inout FirewallRule, _ keyword: String, _ words: inout Words) throws(Mistake) {
    let reasons = FirewallRule.Verdict.allCases.filter { $0 != .drop }.map(\.rawValue)
    let known = "the reasons are \(Spelling.list(reasons))"
    if keyword == "drop" {
      guard let word = words.peek, word.isWord("with") else { return }
      throw Mistake(word.place, "what is dropped gets no answer", help: "write: reject … with REASON")
    }
    try words.require(word: "with", help: known)
    let word = try words.require("the reason", help: known)
    guard let verdict = FirewallRule.Verdict(rawValue: word.text), verdict != .drop, !word.isQuoted else {
      throw Mistake(word.place, "unknown reason \(word.quoted)", help: Spelling.question(word.text, reasons) ?? known)
    }
    try refuseIPv4(verdict, word)
    rule.verdict = verdict
  }
}
