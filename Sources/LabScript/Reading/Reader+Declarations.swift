internal import Timeline

// Title, question, answer, parameters, kernel settings and peers.

extension Reader {
  /// Reads every declaration, in the order in which they depend on each other.
  mutating func readDeclarations(_ statements: [Statement]) {
    refuseLateDeclarations(statements)
    for statement in statements where statement.means("parameter") { readParameter(statement) }
    applySettings()
    for keyword in ["title", "question", "answer"] { readProse(keyword, statements) }
    readNetwork(statements.filter { $0.means("network") })
    readHosts(statements.filter { $0.means("host") })
    for statement in statements where statement.means("sysctl") {
      _ = trying { reader throws(Mistake) in try reader.readSysctl(statement) }
    }
    for statement in statements where statement.means("peer") { readPeer(statement) }
  }

  /// What there is has to be said before something is done with it.
  private mutating func refuseLateDeclarations(_ statements: [Statement]) {
    guard
      let first = statements.first(where: { statement in
        let keyword = statement.meantKeyword ?? statement.keyword
        return Vocabulary.statementWords.contains(keyword) && !Vocabulary.declarations.contains(keyword)
          && !Vocabulary.prose.contains(keyword) && keyword != "published"
      })
    else { return }
    for statement in statements where statement.line > first.line && Vocabulary.declarations.contains(statement.keyword)
    {
      report(
        Mistake(
          statement.keywordPlace,
          "'\(statement.keyword)' stands below the first step, which is in line \(first.line)",
          help: "say what there is before saying what is done: move it up"
        )
      )
    }
  }

  // MARK: Prose

  private mutating func readProse(_ keyword: String, _ statements: [Statement]) {
    let found = statements.filter { $0.means(keyword) }
    refuseSecond(found, "a second \(keyword)")
    guard let statement = found.first else { return }
    guard let text = trying({ reader throws(Mistake) in try reader.prose(of: statement) }) else { return }
    switch keyword {
    case "title": script.title = text
    case "question": script.question = text
    default: script.answer = text
    }
  }

  mutating func refuseSecond(_ statements: [Statement], _ what: String) {
    guard let first = statements.first else { return }
    for statement in statements.dropFirst() {
      report(Mistake(statement.keywordPlace, "\(what); the first is in line \(first.line)", help: "keep one of them"))
    }
  }

  // MARK: Names

  /// Takes the name of something new.
  func newName(_ words: inout Words, _ what: String, limit: Int, isParameter: Bool = false) throws(Mistake) -> Word {
    let word = try words.require("the \(what)'s name", help: Vocabulary.form(of: what))
    let extra: Character = isParameter ? "_" : "-"
    let isGood = word.text.allSatisfy { character in
      character.isASCII && (character.isLowercase || character.isNumber || character == extra || character == "_")
    }
    guard !word.isQuoted, isGood, word.text.first?.isLetter == true, word.text.last != "-" else {
      throw Mistake(
        word.place,
        "\(word.quoted) is no name for a \(what)",
        help: "a name begins with a small letter; small letters, digits\(isParameter ? "" : ", '-'") and '_' follow"
      )
    }
    guard word.text.count <= limit else {
      throw Mistake(word.place, "\(word.quoted) is too long for a \(what)'s name", help: "at most \(limit) characters")
    }
    return word
  }

  /// Makes a host's or peer's name known, unless it is taken.
  mutating func declare(_ word: Word, _ what: String) throws(Mistake) {
    if Vocabulary.reserved.contains(word.text) || SystemCallKnowledge.of(word.text) != nil {
      throw Mistake(
        word.place,
        "'\(word.text)' is a word of the language",
        help: "call the \(what) something else"
      )
    }
    if let line = declaredIn[word.text] {
      let other = hosts.contains(word.text) ? "host" : "peer"
      throw Mistake(
        word.place,
        "'\(word.text)' is already a \(other), declared in line \(line)",
        help: "every host and every peer needs a name of its own"
      )
    }
    if what == "peer", hosts.contains(word.text) {
      throw Mistake(
        word.place,
        "'\(word.text)' is already a host",
        help: "every host and every peer needs a name of its own"
      )
    }
    declaredIn[word.text] = word.place.line
  }

  // MARK: Parameters

  private mutating func readParameter(_ statement: Statement) {
    var name: String?
    let parameter = trying { reader throws(Mistake) in
      var words = try reader.words(of: statement, .assignment)
      let word = try reader.newName(&words, "parameter", limit: 64, isParameter: true)
      if let earlier = reader.script.parameters.first(where: { $0.name == word.text }) {
        throw Mistake(
          word.place,
          "a second parameter '\(word.text)'; the first is in line \(earlier.line)",
          help: "every parameter needs a name of its own"
        )
      }
      name = word.text
      try words.require(word: "=", help: Vocabulary.form(of: "parameter"))
      let value = try words.require("the value", help: Vocabulary.form(of: "parameter"))
      if let word = words.peek {
        throw Mistake(
          word.place,
          "\(word.quoted) is too much here",
          help: "a value of several words stands in quotes: \"…\""
        )
      }
      return Parameter(name: word.text, defaultValue: value.text, value: value.text, line: statement.line)
    }
    if let parameter {
      var parameter = parameter
      if let setting = settings.last(where: { $0.name == parameter.name }) { parameter.value = setting.value }
      parameters[parameter.name] = parameter.value
      script.parameters.append(parameter)
    } else if let name {
      brokenParameters.insert(name)
      parameters[name] = ""
    } else {
      hasLostStatement = true
    }
  }

  /// Examines the settings of the command line.
  private mutating func applySettings() {
    for (index, setting) in settings.enumerated() {
      func complain(_ message: String, _ help: String?) {
        diagnostics.append(
          Diagnostic(
            path: path,
            line: 0,
            column: 7,
            length: max(1, setting.name.count),
            message: message,
            help: help,
            source: "--set \(setting.name)=\(setting.value)"
          )
        )
      }
      if settings[..<index].contains(where: { $0.name == setting.name }) {
        complain("the parameter '\(setting.name)' is set twice", "keep one of them")
      } else if parameters[setting.name] == nil, !hasLostStatement {
        let names = script.parameters.map(\.name)
        let known = names.isEmpty ? "the lab has none" : "the lab has \(Spelling.list(names))"
        complain("unknown parameter '\(setting.name)'", Spelling.question(setting.name, names) ?? known)
      }
    }
  }

  // MARK: Kernel settings

  private mutating func readSysctl(_ statement: Statement) throws(Mistake) {
    var words = try words(of: statement, .assignment)
    let form = Vocabulary.form(of: "sysctl")
    var host: String?
    if words.accept("on") { host = try self.host(words.require("the host", help: form)) }
    let word = try words.require("the setting's name", help: form)
    let name = try kernelSetting(word)
    try words.require(word: "=", help: form)
    var values: [Word] = []
    while let value = words.take() { values.append(value) }
    guard let first = values.first else { throw Mistake(words.end, "the value is missing", help: form) }
    if let kind = KernelSettingTable.kind(of: String(name.dropFirst("net.ipv4.".count))), name.hasPrefix("net.ipv4.") {
      try check(values, against: kind, of: name)
    }
    let text = values.map(\.text).joined(separator: " ")
    guard !text.contains("\n") else { throw Mistake(first.place, "a kernel setting is one line") }
    if let earlier = script.sysctls.first(where: { $0.name == name && $0.host == host }) {
      throw Mistake(
        word.place,
        "\(word.quoted) is already set to \(earlier.value) in line \(earlier.line)",
        help: "keep one of them"
      )
    }
    script.sysctls.append(SysctlSetting(name: name, value: text, host: host, line: statement.line))
  }

  /// The full name of a kernel setting.
  private func kernelSetting(_ word: Word) throws(Mistake) -> String {
    let text = word.text
    guard !text.contains("/") else {
      let dotted = text.split(separator: "/").joined(separator: ".")
      throw Mistake(word.place, "\(word.quoted) is a path", help: "write it with dots: \(dotted)")
    }
    let isTCP = text.hasPrefix("tcp_") || !text.contains(".")
    let name = isTCP ? "net.ipv4." + text : text
    guard name.hasPrefix("net.") else {
      throw Mistake(
        word.place,
        "\(word.quoted) is not a setting of the network",
        help: "only net.* belongs to a host; all else is the whole machine's, and a lab leaves that alone"
      )
    }
    let components = name.split(separator: ".", omittingEmptySubsequences: false)
    let isGood = components.allSatisfy { component in
      !component.isEmpty
        && component.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    }
    guard isGood, components.count >= 3 else {
      throw Mistake(
        word.place,
        "\(word.quoted) is no name of a kernel setting",
        help: "write for instance: tcp_retries2 or net.core.somaxconn"
      )
    }
    let short = String(components[2])
    guard components.count == 3, components[1] == "ipv4", isTCP || short.hasPrefix("tcp_") else { return name }
    if KernelSettingTable.wholeMachine.contains(short) {
      throw Mistake(
        word.place,
        "\(word.quoted) is one for the whole machine, not for each host",
        help: "a lab leaves it alone"
      )
    }
    guard KernelSettingTable.kind(of: short) != nil else {
      let near = Spelling.nearest(to: short, in: KernelSettingTable.names)
      throw Mistake(
        word.place,
        "Linux has no setting \(word.quoted)",
        help: near.map { "did you mean '\($0)'?" } ?? "tcp_* are listed in Documentation/networking/ip-sysctl.rst"
      )
    }
    return name
  }

  private func check(_ values: [Word], against kind: KernelSettingTable.Kind, of name: String) throws(Mistake) {
    let short = name.dropFirst("net.ipv4.".count)
    func single() throws(Mistake) -> Word {
      if values.count > 1 { throw Mistake(values[1].place, "\(short) takes one value") }
      return values[0]
    }
    switch kind {
    case .word: _ = try single()
    case .sizes:
      guard values.count == 3, values.allSatisfy({ Int64($0.text).map { $0 > 0 } ?? false }) else {
        throw Mistake(
          values[0].place,
          "\(short) takes three sizes in bytes: least, default, most",
          help: "write for instance: \(short) = 4096 131072 6291456"
        )
      }
    case .number(let range, let unit):
      let value = try single()
      let bounds = "it goes from \(range.lowerBound) to \(range.upperBound)\(unit.map { " " + $0 } ?? "")"
      guard let number = Int64(value.text) else {
        let isDuration = (try? Duration(text: value.text)) != nil
        throw Mistake(
          value.place,
          "\(short) takes a number, and \(value.quoted) is none",
          help: isDuration ? unit.map { "the kernel counts it in \($0): write the bare number" } ?? bounds : bounds
        )
      }
      guard range.contains(number) else {
        throw Mistake(
          value.place,
          "\(value.quoted) is out of the range of \(short)",
          help: bounds
        )
      }
    }
  }

  // MARK: Peers

  private mutating func readPeer(_ statement: Statement) {
    var declared: (name: String, host: String?)?
    let peer = trying { reader throws(Mistake) in
      let colon = statement.firstColon
      var head = Words(
        try reader.allWords(
          of: colon.map { statement.cut(before: $0) } ?? statement,
          .plain,
          from: (0, statement.keywordPlace.length)
        ),
        end: colon.map { statement.cut(before: $0).end } ?? statement.end
      )
      let form = "write for instance: peer server on kodos: dnc -l -p 8080"
      let name = try reader.newName(&head, "peer", limit: 32)
      try reader.declare(name, "peer")
      declared = (name.text, nil)
      try head.require(word: "on", help: form)
      let host = try reader.host(head.require("the host", help: form))
      declared = (name.text, host)
      if let word = head.peek {
        throw Mistake(word.place, "a ':' is missing between the host and the command", help: form)
      }
      guard let colon else {
        throw Mistake(head.end, "a ':' and the command are missing", help: form)
      }
      let command = try reader.allWords(of: statement, .command, from: (colon.line, colon.column + 1))
      guard let program = command.first else { throw Mistake(statement.end, "the command is missing", help: form) }
      if program.text.isEmpty { throw Mistake(program.place, "the program's name is empty") }
      try reader.checkContinuation(command)
      return PeerDeclaration(name: name.text, host: host, command: command.map(\.text), line: statement.line)
    }
    if let peer { script.peers.append(peer) } else { doubtfulNames.formUnion(namesLike(in: statement)) }
    if let declared { peers.append(declared) } else if peer == nil { noteLostPeer(statement) }
  }

  /// The words of a statement: those that are names of hosts or peers may have been meant to be other statements.
  private func namesLike(in statement: Statement) -> Set<String> {
    Set(statement.lines.flatMap { $0.characters.split { $0.isBlank || $0 == ":" } }.map { String($0) })
  }

  /// A peer whose name cannot be read might have been any.
  private mutating func noteLostPeer(_ statement: Statement) {
    // A name that is taken, or a word of the language, was read: what it is said to do is another matter.
    let words = statement.lines[0].characters.split(separator: " ").map { String($0) }
    guard words.count > 1, declaredIn[words[1]] != nil else {
      hasLostStatement = true
      return
    }
  }

  /// A statement that was indented by mistake would become arguments of the command above it.
  private func checkContinuation(_ command: [Word]) throws(Mistake) {
    for word in command where word.continuesStatement && !word.isQuoted {
      guard Vocabulary.statementWords.contains(word.text) else { continue }
      throw Mistake(
        word.place,
        "'\(word.text)' would be an argument of the command above, which this line continues",
        help: "start '\(word.text)' in column 1, or put it in quotes if it is an argument"
      )
    }
  }
}

extension Statement {
  /// Whether the statement begins with `keyword`, or was meant to.
  func means(_ keyword: String) -> Bool { (meantKeyword ?? self.keyword) == keyword }

  /// Where the first colon stands: an index of `lines` and a column from 0.
  fileprivate var firstColon: (line: Int, column: Int)? {
    for index in lines.indices {
      if let column = lines[index].characters.firstIndex(of: ":") { return (index, column) }
    }
    return nil
  }

  /// The statement up to a place in it.
  fileprivate func cut(before place: (line: Int, column: Int)) -> Statement {
    var head = self
    head.lines = Array(lines[...place.line])
    let line = lines[place.line]
    head.lines[place.line] = SourceLine(number: line.number, characters: Array(line.characters[..<place.column]))
    return head
  }
}
