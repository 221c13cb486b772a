import Glibc
import Testing
import Timeline

/// What docs/timeline-format.md says is what the program writes and reads.
@Suite struct DocumentTests {
  /// The document's sections by their heading.
  private let sections: [String: [Substring]]

  init() throws {
    let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let text = try DocumentTests.contents(of: "/\(path)/docs/timeline-format.md")
    var sections: [String: [Substring]] = [:]
    var heading = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") {
        heading = line.dropFirst(3).filter { $0 != "`" }
      } else {
        sections[heading, default: []].append(line)
      }
    }
    self.sections = sections
  }

  private static func contents(of path: String) throws -> String {
    let descriptor = unsafe open(path, O_RDONLY)
    try #require(descriptor >= 0, "\(path) cannot be opened")
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      try #require(count >= 0)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  private func examples(of kind: String) throws -> [Event] {
    try (sections[kind] ?? []).filter { $0.hasPrefix("{") }.map { try Event(line: $0) }
  }

  private func documentedMembers(of kind: String) -> Set<String> {
    Set(
      (sections[kind] ?? []).filter { $0.hasPrefix("| `") }.compactMap { $0.split(separator: "`").dropFirst().first }
        .map(String.init)
    )
  }

  static let kinds = EventTests.bodies.map(\.kind).filter { $0 != "novelty" }

  @Test(arguments: Set(kinds).sorted())
  func everyKindHasExamplesThatAreReadAndWrittenAlike(kind: String) throws {
    let lines = (sections[kind] ?? []).filter { $0.hasPrefix("{") }
    #expect(!lines.isEmpty)
    for line in lines {
      let event = try Event(line: line)
      #expect(event.body.kind == kind)
      #expect(event.unknown.isEmpty)
      #expect(event.line == line)
    }
  }

  @Test(arguments: Set(kinds).sorted())
  func everyMemberIsDocumentedAndInAnExample(kind: String) throws {
    let common: Set = ["t", "kind", "host", "peer"]
    let written = EventTests.bodies.filter { $0.kind == kind }
      .flatMap { Event(time: .zero, body: $0).json.members.map(\.name) }
    let members = Set(written).subtracting(common)
    let shown = Set(try examples(of: kind).flatMap { $0.json.members.map(\.name) }).subtracting(common)
    // A gone socket has the members of a socket, and one more.
    let documented = documentedMembers(of: kind).union(kind == "gone" ? documentedMembers(of: "socket") : [])
    #expect(kind == "gone" ? documented.isSuperset(of: members) : documented == members)
    #expect(shown.isSubset(of: documented))
    #expect(kind == "gone" || shown == documented)
  }

  @Test func theMembersOfEveryEventAreDocumented() {
    #expect(documentedMembers(of: "Rules") == ["t", "kind", "host", "peer"])
  }
}
