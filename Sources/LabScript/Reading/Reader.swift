internal import Timeline

/// Reads one lab file: collects what it says in a ``Script`` and every mistake on the way.
///
/// It goes over the statements several times, since a step may name what is declared anywhere above: first parameters,
/// then network and hosts, then the rest of the declarations, at last the steps. A broken declaration still makes its
/// name known, so that one mistake is told once.
struct Reader {
  /// After so many mistakes the rest is not shown.
  static let mistakeLimit = 100

  let path: String
  let settings: [(name: String, value: String)]
  /// The variant that is asked for.
  let wantedVariant: String?
  /// What the hosts are to speak, whatever the lab says.
  let wantedFamily: AddressFamily?
  let text: SourceText
  var script: Script
  /// What has been found wrong.
  var diagnostics: [Diagnostic] = []
  /// The first mistake that was kept back.
  private var unspoken: Mistake?
  /// Lines of which enough has been said: nothing more is reported there.
  var mutedLines: Set<Int> = []
  /// The parameters' values in this run.
  var parameters: [String: String] = [:]
  /// Parameters whose declaration is broken: a statement that uses one is not examined.
  var brokenParameters: Set<String> = []
  var usedParameters: Set<String> = []
  /// The declared hosts, those with a broken declaration included.
  var hosts: [String] = []
  /// The declared peers with their hosts, likewise; the host is `nil` where it is not known.
  var peers: [(name: String, host: String?)] = []
  /// Where each host and peer is declared.
  var declaredIn: [String: Int] = [:]
  /// Names of no host and no peer that were complained of.
  var unknownNames: Set<String> = []
  /// Hosts and peers that a broken declaration names: what becomes of them is not known.
  var doubtfulNames: Set<String> = []
  /// Whether a statement could not be understood at all: it might have declared anything.
  var hasLostStatement = false
  /// The network, once declared; `nil` if the declaration is broken.
  var network: NetworkKind? = .lan
  /// The parameters that variants name, where they do.
  var variantWords: [Word] = []
  /// Whether a variant could not be understood.
  var hasLostVariant = false
  /// What the steps came to, in order.
  var steps: [StepReading] = []

  init(
    _ bytes: [UInt8],
    path: String,
    settings: [(name: String, value: String)],
    variant: String?,
    family: AddressFamily?
  ) {
    self.path = path
    self.settings = settings
    wantedVariant = variant
    wantedFamily = family
    text = SourceText(bytes)
    let file = path.split(separator: "/").last ?? ""
    script = Script(name: String(file.hasSuffix(".lab") ? file.dropLast(4) : file))
  }

  /// Reads the file.
  mutating func read() -> ReadResult {
    for mistake in text.mistakes { report(mistake) }
    guard text.isReadable else { return .mistakes(diagnostics) }
    mutedLines = text.damagedLines
    var (statements, mistakes) = Statement.all(in: text.lines)
    for mistake in mistakes { report(mistake) }
    recognize(&statements)
    readDeclarations(statements)
    readSteps(statements)
    checkWhole(statements)
    guard !diagnostics.isEmpty || unspoken != nil else { return .script(script) }
    // What was kept back because enough had been said cannot be all that there is to say.
    if diagnostics.isEmpty, let unspoken { diagnostics.append(diagnostic(unspoken)) }
    return .mistakes(sorted())
  }

  // MARK: Mistakes

  /// Notes a mistake, unless enough has been said of its line.
  mutating func report(_ mistake: Mistake) {
    guard !mutedLines.contains(mistake.place.line) else {
      unspoken = unspoken ?? mistake
      return
    }
    diagnostics.append(diagnostic(mistake))
  }

  /// The mistake with the line beside it.
  private func diagnostic(_ mistake: Mistake) -> Diagnostic {
    let place = mistake.place
    let line = place.line >= 1 && place.line <= text.lines.count ? text.lines[place.line - 1].characters : []
    let (start, end) = Diagnostic.window(in: line.count, around: place.column)
    let source = (start > 0 ? "…" : "") + String(line[start..<end]) + (end < line.count ? "…" : "")
    return Diagnostic(
      path: path,
      line: place.line,
      column: place.column,
      length: max(1, min(place.length, max(line.count, place.column) - place.column + 1)),
      message: mistake.message,
      help: mistake.help,
      source: source,
      sourceColumn: place.column - start + (start > 0 ? 1 : 0)
    )
  }

  /// The mistakes in the order of their places, and no more of them than anyone reads.
  private func sorted() -> [Diagnostic] {
    let inOrder = diagnostics.enumerated().sorted { left, right in
      (left.element.line, left.element.column, left.offset) < (right.element.line, right.element.column, right.offset)
    }.map(\.element)
    guard inOrder.count > Reader.mistakeLimit else { return inOrder }
    var shown = Array(inOrder.prefix(Reader.mistakeLimit))
    var last = inOrder[Reader.mistakeLimit]
    last.message = "and \(inOrder.count - Reader.mistakeLimit) more mistakes from here on"
    last.help = nil
    shown.append(last)
    return shown
  }

  /// Does `body` and returns its value, or notes the mistake that it throws and returns `nil`.
  mutating func trying<Value>(_ body: (inout Reader) throws(Mistake) -> Value) -> Value? {
    do throws(Mistake) {
      return try body(&self)
    } catch {
      report(error)
      return nil
    }
  }

  // MARK: Statements

  /// Finds out which statement each is, and what a misspelled first word was meant to be.
  private mutating func recognize(_ statements: inout [Statement]) {
    let subjects = declaredNames(statements)
    for index in statements.indices {
      let statement = statements[index]
      guard !Vocabulary.statementWords.contains(statement.keyword), !subjects.contains(statement.keyword) else {
        continue
      }
      let second = secondWord(of: statement)
      // A sentence on a peer or host; that its name is unknown is said when it is read.
      if ["types", "ends"].contains(second) || isObservation(second) { continue }
      let meant = Spelling.nearest(to: statement.keyword, in: Vocabulary.statementWords + subjects.sorted())
      let shown = Word(text: statement.keyword, place: statement.keywordPlace).quoted
      report(
        Mistake(
          statement.keywordPlace,
          "unknown word \(shown)",
          help: meant.map { "did you mean '\($0)'?" }
            ?? "a statement begins with a word such as peer, start, wait or expect"
        )
      )
      for line in statement.lines { mutedLines.insert(line.number) }
      statements[index].meantKeyword = meant
      if meant == nil { hasLostStatement = true }
      if diagnostics.count > 2 * Reader.mistakeLimit {
        statements.removeSubrange((index + 1)...)
        hasLostStatement = true
        return
      }
    }
  }

  /// The names that hosts and peers are declared by, as far as can be seen before the declarations are read.
  private func declaredNames(_ statements: [Statement]) -> Set<String> {
    var names: Set = ["kang", "kodos"]
    for statement in statements where statement.keyword == "peer" || statement.keyword == "host" {
      let name = secondWord(of: statement)
      if !name.isEmpty { names.insert(name) }
    }
    return names
  }

  /// The second word of a statement, up to a colon.
  private func secondWord(of statement: Statement) -> String {
    let rest = statement.lines[0].characters.dropFirst(statement.keywordPlace.length).drop { $0.isBlank }
    return String(rest.prefix { !$0.isBlank && $0 != ":" })
  }

  /// Whether a word follows a name in a condition: the statement lacks `expect` then.
  func isObservation(_ word: String) -> Bool {
    Vocabulary.hostVerbs.contains(word) || ["prints", "exits", "is"].contains(word)
      || SystemCallKnowledge.names.contains(word)
  }

  /// The words of a statement behind its first.
  mutating func words(of statement: Statement, _ style: Lexer.Style = .plain) throws(Mistake) -> Words {
    let words = try allWords(of: statement, style, from: (0, statement.keywordPlace.length))
    return Words(words, end: statement.end)
  }

  /// The words of a statement from a line of it and a column on.
  mutating func allWords(of statement: Statement, _ style: Lexer.Style, from start: (line: Int, column: Int))
    throws(Mistake) -> [Word]
  {
    muteIfBroken(statement)
    var lexer = Lexer(statement, style, parameters: parameters)
    defer { usedParameters.formUnion(lexer.used) }
    return try lexer.words(from: start)
  }

  /// The text of a statement behind its first word.
  mutating func prose(of statement: Statement) throws(Mistake) -> String {
    muteIfBroken(statement)
    var lexer = Lexer(statement, .plain, parameters: parameters)
    defer { usedParameters.formUnion(lexer.used) }
    let text = try lexer.prose()
    if text.isEmpty {
      throw Mistake(statement.end, "the text is missing", help: Vocabulary.form(of: statement.keyword))
    }
    return text
  }

  /// A statement that uses a parameter without a value cannot be examined.
  private mutating func muteIfBroken(_ statement: Statement) {
    guard !brokenParameters.isEmpty else { return }
    for line in statement.lines {
      let text = line.text(0..<line.characters.count)
      guard brokenParameters.contains(where: { text.containsText("$" + $0) || text.containsText("${" + $0) }) else {
        continue
      }
      for line in statement.lines { mutedLines.insert(line.number) }
      return
    }
  }

  /// Complains of words behind a complete statement.
  func finish(_ words: Words, _ keyword: String) throws(Mistake) {
    guard let word = words.peek else { return }
    if word.continuesStatement, Vocabulary.statementWords.contains(word.text) {
      throw Mistake(
        word.place,
        "'\(word.text)' does not belong to the statement above, which this line continues",
        help: "a line that begins with blanks continues the statement above: start '\(word.text)' in column 1"
      )
    }
    let help = Vocabulary.form(of: keyword) ?? "write: \(keyword) types \"…\", or \(keyword) ends input"
    throw Mistake(word.place, "\(word.quoted) is too much here", help: help)
  }

  // MARK: Whole

  /// What no single statement shows.
  private mutating func checkWhole(_ statements: [Statement]) {
    let last = max(1, text.lines.count)
    let end = Place(line: last, column: 1, length: 1)
    func has(_ keyword: String) -> Bool { statements.contains { ($0.meantKeyword ?? $0.keyword) == keyword } }
    // What is missing has no line of its own, so nothing that was said of a line stands for it.
    func missing(_ what: String, _ place: Place, _ help: String) {
      if !hasLostStatement { diagnostics.append(diagnostic(Mistake(place, "the lab has no \(what)", help: help))) }
    }
    if !has("title") {
      missing("title", Place(line: statements.first?.line ?? 1, column: 1, length: 1), "write: title TEXT")
    }
    if !has("peer") { missing("peer", end, "write for instance: peer server on kodos: dnc -l -p 8080") }
    if steps.isEmpty { missing("step", end, "write for instance: start server") }
    for statement in statements where statement.keyword == "parameter" {
      let name = secondWord(of: statement).prefix { $0.isNameCharacter }
      guard parameters[String(name)] != nil, !usedParameters.contains(String(name)), !hasLostStatement else { continue }
      report(
        Mistake(
          Place(line: statement.line, column: 1, length: statement.keywordPlace.length),
          "the parameter '\(name)' is never used",
          help: "write $\(name) where its value belongs"
        )
      )
    }
    var rehearsal = Rehearsal(hosts: hosts, peers: peers, declaredIn: declaredIn, isCertain: !hasLostStatement)
    rehearsal.unknown.formUnion(doubtfulNames)
    for mistake in rehearsal.mistakes(in: steps) { report(mistake) }
  }
}

extension String {
  /// Whether `text` occurs in it.
  func containsText(_ text: String) -> Bool {
    let (whole, part) = (Array(utf8), Array(text.utf8))
    guard !part.isEmpty, whole.count >= part.count else { return part.isEmpty }
    return (0...whole.count - part.count).contains { whole[$0..<$0 + part.count].elementsEqual(part) }
  }
}
