import Sockets
import Testing
import Timeline

/// `halfopen matrix`, as a user runs it.
@Suite struct MatrixRunTests {
  private static func run(_ options: [String], as user: Program.User = .root) throws -> Program.Outcome {
    try Program.run([Program.halfopen, "matrix"] + options, as: user)
  }

  private static func contents(of path: String) throws -> String {
    String(decoding: try FileIO.contents(of: path), as: UTF8.self)
  }

  private static func cells(_ path: String) throws -> [JSONObject] {
    let matrix = try JSON(text: try contents(of: path).split(separator: "\n").joined())
    return (matrix.object?["cells"]?.array ?? []).compactMap(\.object)
  }

  @Test(arguments: Program.User.possible)
  func everyCellIsMeasured(user: Program.User) throws {
    let folder = "/tmp/halfopen-matrix.\(user).\(Program.folder.split(separator: ".").last ?? "")"
    _ = try Program.run(["rm", "-rf", folder])
    let made = try Program.run(["mkdir", "-m", "777", folder], as: user)
    #expect(made.status == .exited(0))
    defer { _ = try? Program.run(["rm", "-rf", folder]) }
    let json = folder + "/matrix.json"
    let options = [
      "--failures", "connecting-refused,idle-frozen,idle-closed,sending-reset,sending-drop,sending-power-off",
      "--only-mine", "--settings", "mine: user-timeout=1s", "--settings", "slow: tcp_retries2=15", "--watch", "2s",
      "--longest", "10s", "--real",
    ]
    let files = ["--json", json, "--csv", folder + "/matrix.csv", "--timelines", folder + "/timelines"]
    let outcome = try Self.run(options + files, as: user)
    #expect([.exited(0), .exited(1)].contains(outcome.status), "\(outcome)")
    var seen: [String: String] = [:]
    for cell in try Self.cells(json) {
      let name = (cell["failure"]?.string ?? "") + "/" + (cell["settings"]?.string ?? "")
      let measured = cell["measured"]?.object
      seen[name] = (measured?["outcome"]?.string ?? "not run") + (measured?["errno"]?.string.map { " " + $0 } ?? "")
    }
    #expect(
      seen == [
        "connecting-refused/mine": "told ECONNREFUSED", "connecting-refused/slow": "told ECONNREFUSED",
        "idle-frozen/mine": "never", "idle-frozen/slow": "never", "idle-closed/mine": "told",
        "idle-closed/slow": "told", "sending-reset/mine": "told ECONNRESET", "sending-reset/slow": "told ECONNRESET",
        "sending-drop/mine": "told ETIMEDOUT", "sending-drop/slow": "not run",
        "sending-power-off/mine": "told ETIMEDOUT", "sending-power-off/slow": "not run",
      ]
    )
    for text in ["ETIMEDOUT", "never", "(15m37s-15m40s)", "10 of 12 cells measured in real time on Linux"] {
      #expect(outcome.output.contains(text), "\(outcome.output)")
    }
    #expect(try Self.contents(of: folder + "/matrix.csv").split(separator: "\r\n").count == 13)
    // A cell's timeline is one like any other.
    let timelines = try FileIO.names(in: folder + "/timelines")
    #expect(timelines.count == 20)
    let report = try Program.run(
      [Program.halfopen, "report", folder + "/timelines/sending-drop--mine.jsonl"],
      as: user
    )
    #expect(report.output.contains("ETIMEDOUT"))
    // What has changed since is marked.
    let old = try Self.contents(of: json).replacing("ECONNRESET", with: "EPIPE")
    try FileIO.write(old, toNew: folder + "/old.json")
    let again = ["--real", "--failures", "sending-reset", "--only-mine", "--settings", "mine: user-timeout=1s"]
    let changed = try Self.run(again + ["--against", folder + "/old.json"], as: user)
    #expect(changed.status == .exited(1))
    #expect(changed.output.contains("* sending-reset/mine: EPIPE after "), "\(changed.output)")
    #expect(changed.output.contains("No longer there: "))
  }

  @Test func aCellsLabCanBeCarriedOn() throws {
    let shown = try Self.run(["--show", "sending-drop/both"])
    #expect(shown.status == .exited(0))
    let path = Program.folder + "/carried-on.lab"
    try FileIO.write(shown.output, toNew: path)
    let checked = try Program.run([Program.halfopen, "check", path])
    #expect(checked.status == .exited(0), "\(checked)")
    let listed = try Self.run(["--list", "--failures", "window"])
    #expect(listed.output.split(separator: "\n").allSatisfy { $0.hasPrefix("window-") })
  }

  @Test(
    arguments: [
      (["lab"], "'lab' is too much"), (["--only-mine"], "--only-mine leaves no column"),
      (["--settings", "usertimeout=9s"], "option '--settings': there is no setting 'usertimeout'"),
      (["--settings", "both: user-timeout=9s"], "option '--settings': there is a column 'both' already"),
      (["--libpq", "keepalives_idle=x"], "option '--libpq': keepalives_idle cannot be 'x'"),
      (["--pgbouncer", "/nowhere.ini"], "option '--pgbouncer': cannot read '/nowhere.ini': No such file or directory"),
      (["--failures", "sleeping"], "option '--failures': there is no failure 'sleeping'"),
      (["--watch", "20"], "option '--watch': '20' has no unit: write 20s for seconds"),
      (["--watch", "0s"], "option '--watch': '0s' is out of range: write 1s to 24h"),
      (["--jobs", "0"], "option '--jobs': '0' is not a number of labs"),
      (["--show", "idle-frozen"], "there is no cell 'idle-frozen'; write FAILURE/SETTINGS"),
      (["--against", "/nowhere.json"], "--against /nowhere.json: No such file or directory"),
      (["--against", "/dev/null"], "--against /dev/null: this is not JSON"),
      (["--html", "/nowhere/m.html"], "cannot write '/nowhere/m.html': No such file or directory"),
      (["--timelines", "/dev/null/t"], "cannot write '/dev/null"),
    ] as [([String], String)]
  )
  func aMistakeIsToldBeforeAnythingIsRun(options: [String], message: String) throws {
    let outcome = try Self.run(options)
    #expect(outcome.status == .exited(2))
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }
}
