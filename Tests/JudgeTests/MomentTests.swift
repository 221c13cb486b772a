import LabScript
import Testing
import Timeline

/// Expectations that something comes about, and when.
@Suite struct MomentTests {
  @Test func theFirstMatchWithinTheUsualLimitHolds() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT", .readFails)
    run.call(1300.5, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 2000).verdicts[0]
    #expect(verdict.outcome == .held)
    #expect(verdict.measured == "ETIMEDOUT after 301ms")
    #expect(verdict.after == .microseconds(300_500))
    #expect(
      verdict.reason == "expected within 5s after line 1, power off kodos (the usual limit where a script names none); "
        + "it came after 301ms"
    )
  }

  @Test func aMatchThatIsTooLateFailsByHowMuch() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT within 2s", .readFails, .within(.seconds(2)))
    run.call(3500, "read", fails: "ETIMEDOUT")
    let judgement = run.judged(at: 4000)
    #expect(judgement.verdicts[0].outcome == .failed)
    #expect(judgement.verdicts[0].measured == "ETIMEDOUT after 2.500s")
    #expect(
      judgement.verdicts[0].reason == "expected within 2s after line 1, power off kodos (the script's limit); "
        + "it came after 2.500s, 500ms too late"
    )
    #expect(!judgement.passed)
    #expect(judgement.exitStatus == 1)
  }

  @Test(arguments: [(999.9, false), (1000, true), (2000, true), (2000.1, false)])
  func betweenTakesTheScriptsLimitsAsTheyStand(milliseconds: Double, holds: Bool) {
    var run = Run()
    run.powerOff(500)
    run.expect("client read fails ETIMEDOUT between 1s and 2s", .readFails, .between(.seconds(1), .seconds(2)))
    run.call(500 + milliseconds, "read", fails: "ETIMEDOUT")
    #expect((run.judged(at: 5000).verdicts[0].outcome == .held) == holds)
  }

  /// A run whose client types at 500 ms, and is to be told ETIMEDOUT 10 to 11 s later.
  private static var predicted: Run {
    var run = Run()
    run.types(500)
    run.expect(
      "client read fails ETIMEDOUT as predicted",
      .readFails,
      .asPredicted,
      predicted: Verdict.Prediction(
        earliest: .seconds(10),
        latest: .seconds(11),
        limit: "tcp_retries2",
        explanation: "5 doublings of 204ms"
      )
    )
    return run
  }

  @Test(arguments: [(9979.9, false), (9980, true), (10_000, true), (11_020, true), (11_020.1, false)])
  func asPredictedAllowsTheObserversError(milliseconds: Double, holds: Bool) {
    var run = Self.predicted
    run.call(500 + milliseconds, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 20_000).verdicts[0]
    #expect((verdict.outcome == .held) == holds)
    #expect(
      verdict.reason.hasPrefix(
        "expected between 10s and 11s (give or take 20ms) after line 1, client types \"hello\" (predicted for "
          + "tcp_retries2: 5 doublings of 204ms; the tolerance is what the observer may be off); it came after "
      )
    )
  }

  @Test(arguments: [(11_090.0, 70.0, true), (11_091, 70, false), (11_021, 0, false), (11_090, 69, false)])
  func aBusyMachineExcusesWhatIsPredictedByAsMuch(milliseconds: Double, late: Double, holds: Bool) {
    var run = Self.predicted
    // Not while the deed's consequences were waited for.
    run.add(499, body: .late(by: 400_000_000))
    run.add(9000, body: .late(by: Int64(late * 1_000_000)))
    run.call(500 + milliseconds, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 20_000).verdicts[0]
    #expect((verdict.outcome == .held) == holds)
    if holds { #expect(verdict.reason.hasSuffix("90ms late, but the machine was busy elsewhere for 70ms of that")) }
  }

  /// A run whose client waits in poll(2) from the moment `waits` on, whose connection ends 11 s after the deed, and which
  /// comes to run again 60 ms later.
  private static func woken(waitingFrom waits: Double, ends: [String]) -> Verdict {
    var run = Self.predicted
    for local in ends {
      let change = StateChange(local: local, remote: "10.88.2.20:8080", from: .established, to: .closed)
      run.add(11_500, host: "kang", body: .stateChange(change))
    }
    let took = Int64((11_560 - waits) * 1_000_000)
    run.add(11_560, host: "kang", peer: "client", body: .call(SystemCall(name: "poll", result: 1, took: took)))
    run.call(11_561, "read", fails: "ETIMEDOUT")
    return run.judged(at: 20_000).verdicts[0]
  }

  @Test func aProgramThatWaitedIsExcusedWhatItHadToWaitForAProcessor() {
    let verdict = Self.woken(waitingFrom: 600, ends: ["10.88.1.10:1"])
    #expect(verdict.outcome == .held)
    #expect(
      verdict.reason.hasSuffix(", 61ms late, but its connection had ended 60ms before the program was let run")
    )
  }

  @Test func aProgramThatDidNotWaitOrWhoseEndIsUnclearIsExcusedNothing() {
    #expect(Self.woken(waitingFrom: 11_510, ends: ["10.88.1.10:1"]).outcome == .failed)
    #expect(Self.woken(waitingFrom: 600, ends: ["10.88.1.10:1", "10.88.1.10:2"]).outcome == .failed)
    #expect(Self.woken(waitingFrom: 600, ends: []).outcome == .failed)
  }

  @Test func aBusyMachineExcusesNothingOfAScriptsOwnLimits() {
    var run = Run()
    run.powerOff(500)
    run.expect("client read fails ETIMEDOUT within 1s", .readFails, .within(.seconds(1)))
    run.add(1400, body: .late(by: 500_000_000))
    run.call(1501, "read", fails: "ETIMEDOUT")
    #expect(run.judged(at: 2000).verdicts[0].outcome == .failed)
  }

  @Test func asPredictedWithoutAPredictionFails() {
    var run = Run()
    run.powerOff(500)
    run.expect("client read fails ETIMEDOUT as predicted", .readFails, .asPredicted)
    run.call(600, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 1000).verdicts[0]
    #expect(verdict.outcome == .failed)
    #expect(verdict.reason == "expected as predicted; but the timer model has no prediction for this statement")
  }

  @Test func aPredictedErrnoMustComeWhereTheScriptNamesNone() {
    var run = Run()
    run.powerOff(500)
    run.expect(
      "client read fails as predicted",
      .call(peer: "client", name: "read", .fails(nil)),
      .asPredicted,
      predicted: Verdict.Prediction(earliest: .zero, latest: .seconds(1), errorName: "EHOSTUNREACH")
    )
    run.call(600, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 1000).verdicts[0]
    #expect(verdict.outcome == .failed)
    #expect(verdict.reason.hasSuffix("but with ETIMEDOUT where EHOSTUNREACH is predicted"))
  }

  @Test func oneEventMeetsOneOfTwoEqualExpectations() {
    var run = Run()
    let condition = Condition.call(peer: "client", name: "read", .returnsValue(0))
    run.powerOff(1000)
    run.expect("client read returns 0", condition)
    run.expect("client read returns 0", condition)
    run.expect("client read returns 0", condition)
    run.call(1100, "read", 0)
    run.call(1200, "read", 0)
    let verdicts = run.judged(at: 9000).verdicts
    #expect(verdicts.map(\.outcome) == [.held, .held, .failed])
    #expect(
      verdicts.map(\.measured) == [
        "returned 0, end of stream after 100ms", "returned 0, end of stream after 200ms",
        "nothing of the kind was seen",
      ]
    )
  }

  @Test func whatAProgramReportsLateIsFoundByItsOwnMoment() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT within 1s", .readFails, .within(.seconds(1)))
    run.sample(3000, .established)
    run.call(1500, "read", fails: "ETIMEDOUT")
    #expect(run.judged(at: 4000).verdicts[0].measured == "ETIMEDOUT after 500ms")
  }

  @Test func aConsequenceThatWasNotedBeforeItsDeedCameAtOnce() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT", .readFails)
    run.call(999.5, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 7000).verdicts[0]
    #expect(verdict.outcome == .held)
    #expect(verdict.after == .zero)
  }

  @Test func whatCameBeforeTheDeedDoesNotCount() {
    var run = Run()
    run.call(900, "read", fails: "ETIMEDOUT")
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT", .readFails)
    #expect(run.judged(at: 7000).verdicts[0].outcome == .failed)
  }

  @Test func beforeAnyDeedTheStartOfThePeerCounts() {
    var run = Run()
    run.add(300, host: "kodos", peer: "server", body: .started(command: "dnc -l -p 8080", pid: 2))
    run.expect("server accept returns", .call(peer: "server", name: "accept", .returns))
    run.add(
      350,
      host: "kodos",
      peer: "server",
      body: .call(SystemCall(name: "accept4", subject: .listener, result: 4))
    )
    let verdict = run.judged(at: 400).verdicts[0]
    #expect(verdict.measured == "returned 4 after 50ms")
    #expect(verdict.reason.contains("after the start of server ("))
  }

  @Test func callsOnAProgramsOwnInputAndOutputAreNotMeant() {
    var run = Run()
    run.types(1000)
    run.expect("client read returns", .call(peer: "client", name: "read", .returns))
    run.call(1001, "read", 6, of: .stdin)
    run.call(1002, "read", of: .socket, phase: .enter)
    run.call(1003, "read", fails: "EAGAIN")
    run.call(1004, "recv", 9)
    #expect(run.judged(at: 1010).verdicts[0].measured == "returned 9 after 4ms")
  }

  @Test func whatHappenedInsteadIsSaid() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT", .readFails)
    run.call(1002, "read", fails: "ECONNRESET")
    let verdict = run.judged(at: 8000).verdicts[0]
    #expect(verdict.outcome == .failed)
    #expect(verdict.measured == "read: ECONNRESET after 2ms")
    #expect(verdict.reason.hasSuffix("it did not come about in the 7s that were watched: read: ECONNRESET after 2ms"))
  }

  @Test func linesThatAreTornOffLeaveAnExpectationUndecided() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT within 1m", .readFails, .within(.seconds(60)))
    run.sample(2000, .established)
    let judgement = Judged(run).judgement
    #expect(judgement.verdicts[0].outcome == .notReached)
    #expect(judgement.verdicts[0].reason.hasSuffix("1s after the deed the timeline breaks off"))
    #expect(judgement.problems == ["the timeline has no end: the run was interrupted after 2s"])
    #expect(!judgement.passed)
  }

  @Test(arguments: [
    (Condition.exits(peer: "client", nil), PeerEnding.exited(3), "exits 3 after 10ms", true),
    (.exits(peer: "client", .exited(3)), .exited(3), "exits 3 after 10ms", true),
    (.exits(peer: "client", .exited(3)), .exited(0), "the program exits 0 after 10ms", false),
    (.exits(peer: "client", .signaled("SIGINT")), .signaled("SIGINT"), "ended by SIGINT after 10ms", true),
  ])
  func aProgramsEndIsJudgedByItsStatus(condition: Condition, ending: PeerEnding, measured: String, holds: Bool) {
    var run = Run()
    run.powerOff(1000)
    run.expect("client exits", condition)
    run.add(1010, host: "kang", peer: "client", body: .ended(ending))
    let verdict = run.judged(at: 8000).verdicts[0]
    #expect(verdict.measured == measured)
    #expect((verdict.outcome == .held) == holds)
  }

  @Test func aPrintedLineContainsTheText() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client prints \"nn\"", .prints(peer: "client", text: "nn"))
    run.add(1010, host: "kang", peer: "client", body: .output(stream: .stderr, text: "connected"))
    #expect(run.judged(at: 2000).verdicts[0].measured == "printed after 10ms")
  }
}
