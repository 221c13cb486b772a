import Sockets
import Testing
import Timeline

/// `halfopen list`, as a person and as a program reads it.
@Suite struct ListTests {
  private static let labs = "\(Program.repository)/labs"

  @Test func aProgramReadsNameLengthAndNeedsOfEveryLab() throws {
    let outcome = try Program.run([Program.halfopen, "list", "--json", Self.labs])
    #expect(outcome.status == .exited(0))
    let entries = try #require(try JSON(text: String(outcome.output.dropLast())).array)
    #expect(entries.count >= 80)
    func entry(_ name: String) throws -> JSONObject {
      try #require(entries.first { $0.object?["name"]?.string == name }?.object)
    }
    let query = try entry("postgres-phantom-query")
    #expect(
      query["needs"]?.array?.compactMap(\.string).starts(with: ["postgresql", "postgresql-client", "pgbouncer"]) == true
    )
    #expect(query["folder"]?.string == "\(Self.labs)/programs")
    guard case .number(let length)? = try entry("poweroff")["length_s"] else {
      Issue.record("poweroff has no length")
      return
    }
    #expect((925.0..<960).contains(length))
  }

  @Test(arguments: [60, 80, 100, 140])
  func aPersonReadsATableThatFits(width: Int) throws {
    // Without a terminal the page is 100 columns wide; script(1) is a terminal.
    let command = "export NO_COLOR=1; stty cols \(width); \(Program.halfopen) list \(Self.labs)/programs"
    let outcome = try Program.run(["script", "-qec", command, "/dev/null"])
    #expect(outcome.status == .exited(0))
    let lines = outcome.output.split(whereSeparator: \.isNewline)
    #expect(lines.allSatisfy { $0.filter { $0 != "\r" }.count <= width })
    for text in ["postgres-phantom-query", "pgbouncer", "http-download"] { #expect(outcome.output.contains(text)) }
  }
}
