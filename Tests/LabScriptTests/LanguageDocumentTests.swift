import Sockets
import Testing

@testable import LabScript

/// The examples of docs/lab-language.md: every indented block is read, within a lab that has what it needs.
@Suite struct LanguageDocumentTests {
  /// The statements of each block, with the line at which the block begins.
  static let blocks: [(line: Int, statements: [String])] = {
    let bytes = (try? FileIO.contents(of: BrokenLabTests.root + "/docs/lab-language.md")) ?? []
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    var blocks: [(line: Int, statements: [String])] = []
    var isInBlock = false
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("    ") {
        if !isInBlock { blocks.append((index + 1, [])) }
        isInBlock = true
        let text = String(line.dropFirst(4))
        var statements = blocks[blocks.count - 1].statements
        if text.hasPrefix(" "), !statements.isEmpty {
          statements[statements.count - 1] += "\n" + text
        } else {
          statements.append(text)
        }
        blocks[blocks.count - 1].statements = statements
      } else if !line.isEmpty {
        isInBlock = false
      }
    }
    return blocks
  }()

  private static func keyword(_ statement: String) -> String {
    String(statement.prefix { $0 != " " })
  }

  /// The name that a declaration declares.
  private static func name(_ statement: String) -> String {
    let words = statement.split(separator: " ")
    return words.count > 1 ? String(words[1]) : ""
  }

  /// A lab around a block: a title, the peers, parameters and starts that the block needs and does not have itself.
  private static func lab(around block: [String]) -> String {
    let above = Vocabulary.declarations.union(Vocabulary.prose)
    var declarations = block.filter { above.contains(keyword($0)) }
    var steps = block.filter { !above.contains(keyword($0)) }
    func declares(_ word: String, _ wanted: String) -> Bool {
      declarations.contains { keyword($0) == word && name($0) == wanted }
    }
    if !declarations.contains(where: { keyword($0) == "title" }) { declarations.insert("title Example", at: 0) }
    for parameter in ["tcp_retries2", "idle"] where !declares("parameter", parameter) {
      if block.contains(where: { $0.contains("$" + parameter) }) {
        declarations.append("parameter \(parameter) = 15")
      }
    }
    if !declares("peer", "server") { declarations.append("peer server on kodos: dnc -l -p 8080") }
    if !declares("peer", "client") { declarations.append("peer client on kang: dnc kodos 8080") }
    let starts = declarations.filter { keyword($0) == "peer" }.map { "start \(name($0))" }.filter { start in
      !steps.contains { $0.split(separator: " ") == start.split(separator: " ") }
    }
    for parameter in declarations.filter({ keyword($0) == "parameter" }).map({ name($0) }) {
      steps.append("client types \"$\(parameter)\"")
    }
    return (declarations + starts + steps).joined(separator: "\n")
  }

  @Test func thereAreExamples() {
    #expect(LanguageDocumentTests.blocks.count >= 30)
  }

  @Test(arguments: LanguageDocumentTests.blocks.indices)
  func isRead(index: Int) throws {
    let block = LanguageDocumentTests.blocks[index]
    let text = LanguageDocumentTests.lab(around: block.statements.filter { !$0.isEmpty })
    if case .mistakes(let mistakes) = Script.read(text: Array(text.utf8), path: "example.lab") {
      Issue.record("the block in line \(block.line): \(mistakes.map(\.rendered).joined(separator: "\n"))")
    }
  }

  @Test(arguments: Vocabulary.statementWords + ["client"])
  func everyStatementHasAnExample(word: String) {
    #expect(
      LanguageDocumentTests.blocks.contains { block in
        block.statements.contains { LanguageDocumentTests.keyword($0) == word }
      }
    )
  }
}
