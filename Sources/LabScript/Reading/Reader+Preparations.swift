// Preparations: `prepare on kodos as user: initdb --pgdata data`.

extension Reader {
  mutating func readPreparation(_ statement: Statement) throws(Mistake) {
    var (head, colon) = try head(of: statement)
    let form = "write for instance: prepare on kodos as user: initdb --pgdata data"
    try head.require(word: "on", help: form)
    let host = try host(head.require("the host", help: form))
    let (isUnprivileged, command) = try readCommand(of: statement, behind: &head, colon, form: form, userForm: form)
    guard let program = command.first else { throw Mistake(statement.end, "the command is missing", help: form) }
    if program.text.isEmpty { throw Mistake(program.place, "the program's name is empty") }
    if program.isWord(PeerDeclaration.tracedWord) {
      throw Mistake(program.place, "only peers are traced: a preparation is over before the lab begins", help: form)
    }
    try checkContinuation(command)
    script.preparations.append(
      Preparation(host: host, command: command.map(\.text), isUnprivileged: isUnprivileged, line: statement.line)
    )
  }
}
