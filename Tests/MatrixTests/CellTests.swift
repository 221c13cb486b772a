import Judge
import LabScript
import Matrix
import Testing
import Timeline
import TimerModel

@Suite struct CellTests {
  /// Settings at the ends of their ranges, beside the four that every matrix has.
  private static func tunings() throws -> [Tuning] {
    try Tuning.standard
      + [
        "x: keepalive=1s,1s,1 user-timeout=10m", "x: user-timeout=1ms syn-count=1",
        "x: syn-count=127 tcp_retries2=0 tcp_rto_max_ms=1000",
        "x: keepalive=default tcp_keepalive_time=5 tcp_keepalive_intvl=1 tcp_keepalive_probes=2 tcp_syn_retries=127",
      ].map { try Tuning(text: $0, fallback: "x") }
  }

  private func expectWellFormed(_ failure: Failure, _ tuning: Tuning, watch: Duration = .seconds(20)) {
    let cell = Cell(failure, tuning, kernel: linux, watch: watch)
    guard case .script(let script) = Script.read(text: Array(cell.text.utf8), path: "\(cell.fileName).lab") else {
      Issue.record("\(cell.name) is broken:\n\(cell.text)")
      return
    }
    #expect(script == cell.script)
    #expect(script.name == cell.fileName)
  }

  @Test func everyGeneratedLabIsWellFormed() throws {
    for tuning in try Self.tunings() { for failure in Failure.all { expectWellFormed(failure, tuning) } }
  }

  @Test func soIsOneOfTheLongestTimes() throws {
    let longest = "x: keepalive=32767s,32767s,127 user-timeout=1h"
    let tuning = try Tuning(text: longest, fallback: "x")
    for name in ["connecting-syn-lost", "connecting-backlog", "idle-drop", "idle-frozen"] {
      let failure = try #require(Failure.named(name))
      for watch in [Duration.seconds(1), .milliseconds(1500), .seconds(86400)] {
        expectWellFormed(failure, tuning, watch: watch)
      }
    }
  }

  @Test func namesAreUniqueAndSortedByGroup() {
    #expect(Set(Failure.all.map(\.name)).count == Failure.all.count)
    #expect(Failure.all.count * Tuning.standard.count >= 140)
    let groups = Failure.all.map(\.group)
    #expect(Failure.Group.allCases.flatMap { group in groups.filter { $0 == group } } == groups)
    for failure in Failure.all { #expect(failure.name.hasPrefix(failure.group.rawValue + "-")) }
  }

  @Test(
    arguments: [
      ("sending-power-off", "x: ", 937.6...939.8, "ETIMEDOUT", "tcp_retries2"),
      ("sending-power-off", "x: tcp_retries2=5", 13.2...13.6, "ETIMEDOUT", "tcp_retries2"),
      ("sending-drop", "x: user-timeout=9s", 9.4...9.7, "ETIMEDOUT", "user timeout"),
      ("idle-power-off", "x: keepalive=2s,3s,3 user-timeout=9s", 10.8...11.8, "ETIMEDOUT", "user timeout"),
      ("idle-power-cycle", "x: keepalive=2s,3s,3", 1.6...2.4, "ECONNRESET", "RST"),
      ("connecting-syn-lost", "x: ", 133.1...135.5, "ETIMEDOUT", "tcp_syn_retries"),
      ("connecting-backlog", "x: user-timeout=9s", 9.0...9.1, "ETIMEDOUT", "user timeout"),
      ("connecting-refused", "x: ", 0.0...0.1, "ECONNREFUSED", "RST"),
      ("connecting-arp", "x: ", 3.0...3.1, "EHOSTUNREACH", "ARP failure"),
      ("window-full", "x: user-timeout=9s", 9.2...9.8, "ETIMEDOUT", "user timeout"),
    ] as [(String, String, ClosedRange<Double>, String, String)]
  )
  func whatIsPredictedIsWhatTheModelSays(
    failure: String,
    settings: String,
    window: ClosedRange<Double>,
    error: String,
    limit: String
  ) throws {
    let cell = try cell(failure, settings)
    guard case .ends(let end) = cell.predicted else {
      Issue.record("\(cell.predicted)")
      return
    }
    #expect(window.contains(Double(end.earliest.nanoseconds) / 1e9), "\(end)")
    #expect(window.contains(Double(try #require(end.latest).nanoseconds) / 1e9), "\(end)")
    #expect(end.errorName == error)
    #expect(end.limit == limit)
    #expect(cell.text.contains("fails \(error) "))
  }

  @Test(arguments: [
    ("idle-power-off", "x: user-timeout=9s"), ("idle-frozen", "x: keepalive=1s,1s,3 user-timeout=3s"),
    ("sending-lost-packet", "x: "), ("window-full", "x: keepalive=1s,1s,3"),
  ])
  func whatNeverEndsIsWatched(failure: String, settings: String) throws {
    let cell = try cell(failure, settings)
    guard case .never(let reason) = cell.predicted else {
      Issue.record("\(cell.predicted)")
      return
    }
    #expect(!reason.isEmpty)
    #expect(cell.text.contains("expect client is told nothing for $watch"))
    #expect(cell.script.parameters.map(\.value) == ["20s"])
  }

  @Test func oneLostProbeKillsWhereTheUserTimeoutIsShort() throws {
    let cell = try cell("idle-lost-probe", "x: keepalive=5s,2s,3 user-timeout=4s")
    guard case .ends(let end) = cell.predicted else {
      Issue.record("\(cell.predicted)")
      return
    }
    #expect(end.limit == "user timeout")
    guard case .never = try self.cell("idle-lost-probe", "x: keepalive=5s,2s,3").predicted else {
      Issue.record("a lost probe does no harm by itself")
      return
    }
  }

  private func cell(_ failure: String, _ settings: String) throws -> Cell { try MatrixTests.cell(failure, settings) }

  @Test(arguments: [
    ("", "there is no failure ''"), ("sending,", "there is no failure ''"),
    ("sleeping", "there is no failure 'sleeping'"),
    ("idle-power-of", "there is no failure 'idle-power-of'"),
  ])
  func aFailureThatThereIsNotIsRefused(list: String, message: String) throws {
    let said = try #require(mistake { _ = try Failure.chosen(by: list) })
    #expect(said.hasPrefix(message), "\(said)")
    #expect(said.contains("connecting, idle, sending, window"))
  }

  @Test func groupsAndNamesAreChosenInTheCataloguesOrder() throws {
    let chosen = try Failure.chosen(by: "sending-drop,connecting,sending-drop")
    #expect(chosen.last?.name == "sending-drop")
    #expect(chosen.dropLast().allSatisfy { $0.group == .connecting })
    #expect(chosen.count == Failure.all.count { $0.group == .connecting } + 1)
  }
}
