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

  @Test func theAxisOfADrawnTimelineIsChosen() throws {
    let path = try Self.reports(holds: true).timeline
    func report(_ arguments: String...) throws -> Program.Outcome {
      try Program.run([Program.halfopen, "report"] + arguments + [path])
    }
    let linear = try report("--axis", "linear", "--format", "html").output
    #expect(linear.contains("data-axis=\"linear\""))
    #expect(try report("--format", "html").output.contains("data-axis=\"folded\""))
    #expect(try report("--axis", "linear", "--format", "svg").output != report("--format", "svg").output)
    #expect(try report("--axis", "folded", "--format", "svg").output == report("--format", "svg").output)
    let wrong = try report("--axis", "log", "--format", "svg")
    #expect(
      wrong.status == .exited(2) && wrong.errors.contains("'log' is no axis: choose folded or linear"),
      "\(wrong)"
    )
    let idle = try report("--axis", "linear")
    #expect(idle.status == .exited(2) && idle.errors.contains("--axis is for drawn timelines"), "\(idle)")
    let run = try Program.run([Program.halfopen, "run", "--axis", "linear", "warmup"])
    #expect(run.status == .exited(2) && run.errors.contains("--axis is for drawn timelines"), "\(run)")
  }
}
