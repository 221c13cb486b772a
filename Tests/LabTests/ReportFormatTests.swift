import Sockets
import Testing
import Timeline

/// The reports of whole labs, as the tools that read them take them.
@Suite struct ReportFormatTests {
  /// Runs one lab that passes and one that fails, and returns the paths of a JUnit and a TAP report of each.
  private static func reports(holds: Bool) throws -> (junit: String, tap: String, timeline: String) {
    let name = "\(Program.folder)/formats-\(holds)"
    let lab = """
      title     A refusal <&">
      peer      client on kang: dnc kodos 8080
      start     client
      expect    client connect fails \(holds ? "ECONNREFUSED" : "ETIMEDOUT")
      expect    client exits 1

      """
    try FileIO.write(lab, toNew: name + ".lab")
    let outcome = try Program.run([
      Program.halfopen, "run", "--report", "junit:\(name).xml", "--report", "tap:\(name).tap", "--timeline",
      "\(name).jsonl", "\(name).lab",
    ])
    #expect(outcome.status == .exited(holds ? 0 : 1), "\(outcome)")
    return (name + ".xml", name + ".tap", name + ".jsonl")
  }

  @Test(arguments: [true, false])
  func theSchemaAcceptsTheJUnitReport(holds: Bool) throws {
    let schema = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/junit.xsd"
    let path = try Self.reports(holds: holds).junit
    let outcome = try Program.run(["xmllint", "--noout", "--nonet", "--schema", schema, path])
    #expect(outcome.status == .exited(0), "\(outcome)")
    // That the schema refuses what is none shows that it looks.
    let text = String(decoding: try FileIO.contents(of: path), as: UTF8.self)
    try FileIO.write(text.replacing("classname=", with: "class="), toNew: path + ".bad")
    #expect(try Program.run(["xmllint", "--noout", "--schema", schema, path + ".bad"]).status != .exited(0))
  }

  @Test(arguments: [true, false])
  func proveReadsTheTAPReport(holds: Bool) throws {
    let path = try Self.reports(holds: holds).tap
    let outcome = try Program.run(["prove", "--exec", "cat", path])
    #expect(outcome.status == .exited(holds ? 0 : 1), "\(outcome)")
    #expect(outcome.output.contains("Tests=3"))
    #expect(outcome.output.contains(holds ? "Result: PASS" : "Failed 1/3"))
    #expect(!outcome.output.contains("Parse errors"))
  }

  @Test func aTornTimelineIsReportedAndItsRestDrawn() throws {
    let path = try Self.reports(holds: true).timeline
    let whole = try FileIO.contents(of: path)
    let torn = String(decoding: whole.dropLast(40), as: UTF8.self)
    try FileIO.write(torn, toNew: path + ".torn")
    let outcome = try Program.run([Program.halfopen, "report", path + ".torn"])
    #expect(outcome.errors.contains(".torn:"), "\(outcome)")
    #expect(outcome.output.contains("ECONNREFUSED"))
  }
}
