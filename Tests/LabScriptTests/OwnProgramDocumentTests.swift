import LabScript
import Sockets
import Testing

/// The labs of docs/your-own-program.md and docs/ci.md are read.
@Suite struct OwnProgramDocumentTests {
  /// The blocks of a document that are whole labs: indented or fenced, and beginning with a title.
  private static func labs(in document: String) -> [String] {
    let bytes = (try? FileIO.contents(of: BrokenLabTests.root + "/docs/" + document)) ?? []
    var labs: [String] = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
      let text = line.hasPrefix("    ") ? String(line.dropFirst(4)) : String(line)
      if text.hasPrefix("title ") {
        labs.append(text)
      } else if let last = labs.last, !last.hasSuffix("\n\n\n") {
        // A line of prose ends the lab.
        let continues = line.isEmpty || line.hasPrefix("    ") || document == "ci.md" && !line.hasPrefix("```")
        labs[labs.count - 1] += continues ? "\n" + text : "\n\n\n"
      }
    }
    return labs
  }

  @Test(arguments: ["your-own-program.md", "ci.md"])
  func everyLabIsRead(document: String) throws {
    let labs = Self.labs(in: document)
    #expect(labs.count == 2)
    for lab in labs { #expect(try script(lab).peers.count == 2) }
  }
}
