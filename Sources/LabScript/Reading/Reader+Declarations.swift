// Title, question, answer and parameters; and the order in which declarations are read.

extension Reader {
  /// Reads every declaration, in the order in which they depend on each other.
  mutating func readDeclarations(_ statements: [Statement]) {
    refuseLateDeclarations(statements)
    readVariants(statements.filter { $0.means("variant") })
    for statement in statements where statement.means("parameter") { readParameter(statement) }
    applySettings()
    checkVariants()
    for keyword in ["title", "question", "answer", "real"] { readProse(keyword, statements) }
    let only = statements.filter { $0.means("only") }
    readOnly(only)
    readNetwork(statements.filter { $0.means("network") })
    checkFamily(only)
    readHosts(statements.filter { $0.means("host") })
    readMiddlebox(statements.filter { $0.means("middlebox") })
    for statement in statements where statement.means("sysctl") {
      _ = trying { reader throws(Mistake) in try reader.readSysctl(statement) }
    }
    for statement in statements where statement.means("needs") {
      _ = trying { reader throws(Mistake) in try reader.readNeeds(statement) }
    }
    for statement in statements where statement.means("file") {
      _ = trying { reader throws(Mistake) in try reader.readFile(statement) }
    }
    for statement in statements where statement.means("prepare") {
      _ = trying { reader throws(Mistake) in try reader.readPreparation(statement) }
    }
    for statement in statements where statement.means("peer") { readPeer(statement) }
    for statement in statements where statement.means("misleading") {
      _ = trying { reader throws(Mistake) in try reader.readMisleading(statement) }
    }
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

  private mutating func readMisleading(_ statement: Statement) throws(Mistake) {
    var words = try words(of: statement, .plain)
    let form = Vocabulary.form(of: "misleading")
    try words.require(word: "on", help: form)
    let word = try words.require("the host", help: form)
    script.misleadingHosts.insert(try host(word))
    try finish(words, "misleading")
  }

  // MARK: Prose

  private mutating func readProse(_ keyword: String, _ statements: [Statement]) {
    let found = statements.filter { $0.means(keyword) }
    refuseSecond(found, "a second \(keyword == "real" ? "real time only" : keyword)")
    guard let statement = found.first else { return }
    guard let text = trying({ reader throws(Mistake) in try reader.prose(of: statement) }) else { return }
    switch keyword {
    case "title": script.title = text
    case "question": script.question = text
    case "answer": script.answer = text
    default: readRealTime(text, statement)
    }
  }

  /// `real time only because REASON`: a reason is asked for, since a lab belongs into both worlds.
  private mutating func readRealTime(_ text: String, _ statement: Statement) {
    let beginning = "time only because "
    guard text.hasPrefix(beginning), text.count > beginning.count else {
      report(
        Mistake(
          statement.keywordPlace,
          "'real' begins the statement 'real time only because …'",
          help: Vocabulary.form(of: "real")
        )
      )
      return
    }
    script.realTimeOnly = String(text.dropFirst(beginning.count))
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
      if let setting = chosenSettings.last(where: { $0.name == parameter.name }) { parameter.value = setting.value }
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
        let option = "--set \(setting.name)=\(setting.value)"
        self.complain(ofOption: option, column: 7, length: setting.name.count, message, help)
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
}

extension Reader {
  /// Notes a mistake in an option of the command line.
  mutating func complain(ofOption text: String, column: Int, length: Int, _ message: String, _ help: String?) {
    diagnostics.append(
      Diagnostic(
        path: path,
        line: 0,
        column: column,
        length: max(1, length),
        message: message,
        help: help,
        source: text
      )
    )
  }
}

extension Statement {
  /// Whether the statement begins with `keyword`, or was meant to.
  func means(_ keyword: String) -> Bool { (meantKeyword ?? self.keyword) == keyword }
}
