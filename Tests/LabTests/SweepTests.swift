import Sockets
import Testing
import Timeline

/// `halfopen sweep`, as a user runs it.
@Suite struct SweepRunTests {
  private static let lab = """
    title     A user timeout
    network   routed
    parameter user_timeout = 1s
    parameter word = hello
    peer      server on kodos: dnc -l -p 8080
    peer      client on kang: dnc --user-timeout $user_timeout kodos 8080
    start     server
    wait      kodos listens on 8080
    start     client
    wait      client prints "connected"
    drop everything between kang and kodos
    client    types "$word"
    expect    client write returns
    expect    client read fails ETIMEDOUT as predicted

    """

  private static func path(_ name: String) throws -> String {
    try Program.write(lab, name)
  }

  @Test func theEndFollowsTheValue() throws {
    let lab = try Self.path("sweep")
    let files = ["svg", "html", "csv", "json"].map { "\(Program.folder)/sweep.\($0)" }
    let outcome = try Program.run(
      [
        Program.halfopen, "sweep", lab, "--real", "--set", "user_timeout=500ms..2s/4", "--set", "word=hello", "--svg",
        files[0],
        "--html", files[1], "--csv", files[2], "--json", files[3],
      ]
    )
    #expect([.exited(0), .exited(1)].contains(outcome.status), "\(outcome)")
    #expect(outcome.output.contains("sweep, line 14: expect client read fails ETIMEDOUT as predicted"), "\(outcome)")
    let text = String(decoding: try FileIO.contents(of: files[3]), as: UTF8.self)
    let points = try #require(
      try JSON(text: text.split(separator: "\n")[0]).object?["points"]?.array?.compactMap(\.object)
    )
    let ends = points.map { $0["after_s"]?.double ?? 0 }
    #expect(points.map { $0["values"]?.array?.first?.string } == ["500ms", "1s", "1.500s", "2s"])
    #expect(ends.allSatisfy { $0 > 0.5 } && ends == ends.sorted(), "\(ends)")
    #expect(String(decoding: try FileIO.contents(of: files[0]), as: UTF8.self).hasPrefix("<svg "))
    #expect(String(decoding: try FileIO.contents(of: files[1]), as: UTF8.self).hasPrefix("<!DOCTYPE html>"))
    #expect(String(decoding: try FileIO.contents(of: files[2]), as: UTF8.self).split(separator: "\r\n").count == 5)
  }

  @Test(
    arguments: [
      ([], "which values? Give --set NAME=VALUES"), (["--set", "user_timeout=1s"], "which values?"),
      (["--set", "user_timeout=1s..2s"], "option '--set': '1s..2s' does not say how many values"),
      (["--set", "nothing=1..3"], "nothing"),
      (["--set", "user_timeout=1s,2s", "--set", "user_timeout=3s,4s"], "--set user_timeout is given twice"),
      (["--set", "user_timeout=1s,2s", "--line", "3"], "there is no expectation in line 3"),
      (["--set", "user_timeout=1s,2s", "another"], "a sweep takes one lab, and 2 are given"),
      (["--set", "user_timeout=1s,2s", "--svg", "/nowhere/x.svg"], "cannot write '/nowhere/x.svg'"),
    ] as [([String], String)]
  )
  func aMistakeIsToldBeforeAnythingIsRun(options: [String], message: String) throws {
    let lab = try Self.path("sweep-mistake")
    let outcome = try Program.run([Program.halfopen, "sweep", lab] + options)
    #expect(outcome.status == .exited(2), "\(outcome)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }
}
