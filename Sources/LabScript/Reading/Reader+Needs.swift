// What a lab brings along or asks for: `needs postgresql, pgbouncer` and `file pgbouncer.ini on kang: "[databases]"`.

extension Reader {
  mutating func readNeeds(_ statement: Statement) throws(Mistake) {
    var words = try words(of: statement)
    let form = Vocabulary.form(of: "needs")
    guard words.peek != nil else { throw Mistake(words.end, "the packages' names are missing", help: form) }
    while let word = words.take() {
      if word.continuesStatement, Vocabulary.statementWords.contains(word.text), !word.isQuoted {
        throw Mistake(
          word.place,
          "'\(word.text)' would be the name of a package, since this line continues the statement above",
          help: "start '\(word.text)' in column 1"
        )
      }
      for part in word.text.split(separator: ",") {
        _ = trying { reader throws(Mistake) in try reader.need(String(part), word) }
      }
    }
  }

  private mutating func need(_ package: String, _ word: Word) throws(Mistake) {
    // Debian's policy manual, section 5.6.1.
    let isGood =
      package.utf8.count > 1 && package.first?.isPunctuation == false
      && package.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || "+-.".contains($0)) }
    guard isGood else {
      throw Mistake(
        word.place,
        "\(word.quoted) is no name of a Debian package",
        help: "small letters, digits, '+', '-' and '.': needs postgresql, pgbouncer"
      )
    }
    if script.needs.contains(package) {
      throw Mistake(word.place, "'\(package)' is needed twice", help: "leave one of them out")
    }
    // A slip is told here and not by a machine that looks for the package. Quotes say that the name is meant.
    if !word.isQuoted, !DebianPackages.names.contains(package) {
      let meant = DebianPackages.ofProgram[package] ?? Spelling.nearest(to: package, in: DebianPackages.names)
      if let meant {
        throw Mistake(
          word.place,
          "unknown package '\(package)'",
          help: "did you mean '\(meant)'? If not, put it in quotes: needs \"\(package)\""
        )
      }
    }
    script.needs.append(package)
  }

  /// Reads a file that a host has on its disk.
  mutating func readFile(_ statement: Statement) throws(Mistake) {
    let form = "write for instance: file redis.conf on kodos: \"port 6379\" \"timeout 0\""
    var (head, colon) = try head(of: statement)
    let name = try head.require("the file's name", help: form)
    let isGood = name.text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    guard isGood, let first = name.text.first, first != ".", first != "-", name.text.utf8.count <= 64 else {
      throw Mistake(
        name.place,
        "\(name.quoted) is no name for a file",
        help: "at most 64 letters, digits, '.', '_' and '-'; it lies in the host's \(HostFile.directory)"
      )
    }
    try head.require(word: "on", help: form)
    let host = try host(head.require("the host", help: form))
    if let word = head.peek { throw Mistake(word.place, "a ':' is missing between the host and the text", help: form) }
    guard let colon else { throw Mistake(head.end, "a ':' and the text are missing", help: form) }
    if let other = script.files.first(where: { $0.name == name.text && $0.host == host }) {
      throw Mistake(
        name.place,
        "\(host) already has a file '\(name.text)', declared in line \(other.line)",
        help: "put all its lines into one statement"
      )
    }
    let lines = try allWords(of: statement, .command, from: (colon.line, colon.column + 1))
    if lines.isEmpty { throw Mistake(statement.end, "the file's text is missing", help: form) }
    for word in lines where !word.isQuoted && word.parameters.isEmpty {
      throw Mistake(word.place, "each line of a file stands in quotes", help: form)
    }
    script.files.append(
      HostFile(name: name.text, host: host, text: lines.map { $0.text + "\n" }.joined(), line: statement.line)
    )
  }
}
