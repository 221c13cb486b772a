// Peers: `peer server on kodos: dnc -l -p 8080`, `peer client on kang: traced nc kodos 8080`.

extension Reader {
  mutating func readPeer(_ statement: Statement) {
    var declared: (name: String, host: String?)?
    let peer = trying { reader throws(Mistake) in
      var (head, colon) = try reader.head(of: statement)
      let form = "write for instance: peer server on kodos: dnc -l -p 8080"
      let name = try reader.newName(&head, "peer", limit: 32)
      try reader.declare(name, "peer")
      declared = (name.text, nil)
      try head.require(word: "on", help: form)
      let host = try reader.host(head.require("the host", help: form))
      declared = (name.text, host)
      var (isUnprivileged, command) = try reader.readCommand(
        of: statement,
        behind: &head,
        colon,
        form: form,
        userForm: "write for instance: peer database on kodos as user: postgres -D /run/disk"
      )
      let isTraced = command.first?.isWord(PeerDeclaration.tracedWord) ?? false
      if isTraced { command.removeFirst() }
      guard let program = command.first else {
        let message =
          isTraced ? "the command behind '\(PeerDeclaration.tracedWord)' is missing" : "the command is missing"
        let example = isTraced ? "write for instance: peer client on kang: traced nc kodos 8080" : form
        throw Mistake(statement.end, message, help: example)
      }
      if program.text.isEmpty { throw Mistake(program.place, "the program's name is empty") }
      if isTraced { try reader.checkTraced(program) }
      try reader.checkContinuation(command)
      try reader.refuseIPv4(in: command)
      return PeerDeclaration(
        name: name.text,
        host: host,
        command: command.map(\.text),
        isTraced: isTraced,
        isUnprivileged: isUnprivileged,
        line: statement.line
      )
    }
    if let peer { script.peers.append(peer) } else { doubtfulNames.formUnion(namesLike(in: statement)) }
    if let declared { peers.append(declared) } else if peer == nil { noteLostPeer(statement) }
  }

  /// Reads what follows the host: `as user` or nothing, the colon, and the command, which may be empty.
  mutating func readCommand(
    of statement: Statement,
    behind head: inout Words,
    _ colon: (line: Int, column: Int)?,
    form: String,
    userForm: String
  ) throws(Mistake) -> (isUnprivileged: Bool, command: [Word]) {
    let isUnprivileged = head.accept("as")
    if isUnprivileged { try head.require(word: "user", help: userForm) }
    if let word = head.peek {
      throw Mistake(word.place, "a ':' is missing between the host and the command", help: form)
    }
    guard let colon else { throw Mistake(head.end, "a ':' and the command are missing", help: form) }
    return (isUnprivileged, try allWords(of: statement, .command, from: (colon.line, colon.column + 1)))
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

  /// The first word behind `traced` is a program that strace can trace.
  private func checkTraced(_ program: Word) throws(Mistake) {
    if program.isWord(PeerDeclaration.tracedWord) {
      throw Mistake(program.place, "'\(PeerDeclaration.tracedWord)' stands here twice", help: "leave one of them out")
    }
    if program.text.split(separator: "/").last == "strace" {
      throw Mistake(
        program.place,
        "strace is traced by nobody: 'traced' runs it itself",
        help: "leave strace and its options out: peer client on kang: traced nc kodos 8080"
      )
    }
  }

  /// A statement that was indented by mistake would become arguments of the command above it.
  func checkContinuation(_ command: [Word]) throws(Mistake) {
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

extension Reader {
  /// The words of a statement between its first and its first colon, and where that stands, if there is one.
  mutating func head(of statement: Statement) throws(Mistake) -> (words: Words, colon: (line: Int, column: Int)?) {
    let colon = statement.firstColon
    let head = colon.map { statement.cut(before: $0) } ?? statement
    let words = try allWords(of: head, .plain, from: (0, statement.keywordPlace.length))
    return (Words(words, end: head.end), colon)
  }
}

extension Statement {
  /// Where the first colon stands: an index of `lines` and a column from 0.
  var firstColon: (line: Int, column: Int)? {
    for index in lines.indices {
      if let column = lines[index].characters.firstIndex(of: ":") { return (index, column) }
    }
    return nil
  }

  /// The statement up to a place in it.
  func cut(before place: (line: Int, column: Int)) -> Statement {
    var head = self
    head.lines = Array(lines[...place.line])
    let line = lines[place.line]
    head.lines[place.line] = SourceLine(number: line.number, characters: Array(line.characters[..<place.column]))
    return head
  }
}
