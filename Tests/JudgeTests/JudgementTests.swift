import Judge
import LabScript
import Testing
import Timeline

/// What is said of the run as a whole.
@Suite struct JudgementTests {
  @Test func aRunWhoseExpectationsHoldPasses() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT", .readFails)
    run.call(1300, "read", fails: "ETIMEDOUT")
    let judgement = run.judged(at: 2000)
    #expect(judgement.passed)
    #expect(judgement.exitStatus == 0)
    #expect(judgement.problems == [])
  }

  @Test func anEmptyTimelineIsAProblem() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT", .readFails)
    let judgement = judge(script: run.script, events: [], forecast: Forecast())
    #expect(judgement.problems == ["the timeline is empty: the lab did not run"])
    #expect(judgement.verdicts.map(\.outcome) == [.notReached])
    #expect(!judgement.passed)
  }

  @Test func aTimelineWithoutItsBeginningIsAProblem() {
    let judgement = judge(
      script: Script(name: "x"),
      events: [Event(time: .zero, body: .end(reason: nil))],
      forecast: Forecast()
    )
    #expect(
      judgement.problems
        == ["the timeline has no beginning: it does not say which clock and which kernel it is of"]
    )
  }

  @Test func aStoppedLabLeavesTheRestUnreached() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT", .readFails, isReached: false)
    let judgement = run.judged(at: 1500, reason: "interrupted by SIGINT")
    #expect(judgement.problems == ["the lab was stopped: interrupted by SIGINT"])
    #expect(judgement.verdicts[0].outcome == .notReached)
    #expect(judgement.verdicts[0].reason == "the lab was stopped before it could be seen: interrupted by SIGINT")
  }

  @Test func anExpectationAfterADeedThatWasNotDoneIsNotReached() {
    var run = Run()
    _ = run.step("power off kodos", .power(.off, host: "kodos"))
    run.expect("client read fails ETIMEDOUT", .readFails)
    let verdict = run.judged(at: 1500).verdicts[0]
    #expect(verdict.outcome == .notReached)
    #expect(verdict.reason == "the run ended without coming to line 2")
  }

  @Test(arguments: [(true, 0), (false, 1)])
  func aWaitThatFailsGetsAVerdict(held: Bool, count: Int) {
    var run = Run()
    let condition = Condition.prints(peer: "client", text: "connected")
    let line = run.step("wait client prints \"connected\"", .wait(condition, limit: .seconds(5)))
    run.add(10, body: .waiting(line: line, text: "wait client prints \"connected\"", limit: 5_000_000_000))
    run.add(5010, body: .settled(line: line, held: held))
    let verdicts = run.judged(at: 5011, reason: held ? nil : "line 1 did not come about").verdicts
    #expect(verdicts.count == count)
    #expect(verdicts.allSatisfy { $0.outcome == .failed })
    #expect(
      verdicts.map(\.reason)
        == (held ? [] : ["expected within 5s; it did not come about, and the lab stops at a wait that fails"])
    )
  }

  @Test func aWaitThatWasCutShortIsNotReached() {
    var run = Run()
    let condition = Condition.prints(peer: "client", text: "connected")
    let line = run.step("wait client prints \"connected\"", .wait(condition, limit: .seconds(5)))
    run.add(10, body: .waiting(line: line, text: "wait client prints \"connected\"", limit: 5_000_000_000))
    #expect(Judged(run).judgement.verdicts.map(\.outcome) == [.notReached])
  }

  @Test func claimsStandBesideWhatTheyAreAbout() {
    var run = Run()
    run.script.published = [
      PublishedClaim(condition: .readFails, after: .seconds(311), source: "illumos, TCP puzzlers", line: 8),
      PublishedClaim(
        condition: .call(peer: "client", name: "read", .fails("ECONNRESET")),
        after: nil,
        source: "a book",
        line: 9
      ),
      PublishedClaim(condition: .kang(.timeWait), after: .seconds(120), source: "illumos", line: 10),
      PublishedClaim(condition: .exits(peer: "client", nil), after: nil, source: "", line: 11),
    ]
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT", .readFails)
    run.expect("client read returns 0", .call(peer: "client", name: "read", .returnsValue(0)))
    run.expect("kang connection is gone", .kangGone)
    run.expect("client exits 0", .exits(peer: "client", .exited(0)))
    let first = "client read fails ETIMEDOUT after 5m11s (illumos, TCP puzzlers)"
    let second = "client read fails ECONNRESET (a book)"
    #expect(
      run.judged(at: 1500).verdicts.map(\.published) == [
        [first, second], [second], ["kang connection is TIME_WAIT after 2m (illumos)"], ["client exits"],
      ]
    )
  }

  @Test func theSavedEventsGiveTheSameJudgement() throws {
    var run = Run()
    run.powerOff(1000)
    run.expect(
      "client read fails ETIMEDOUT as predicted",
      .readFails,
      .asPredicted,
      predicted: Verdict.Prediction(
        earliest: .zero,
        latest: .seconds(1),
        errorName: "ETIMEDOUT",
        limit: "x",
        explanation: "y",
        retransmissions: 2
      )
    )
    run.expect("client read fails EPIPE", .call(peer: "client", name: "read", .fails("EPIPE")))
    run.call(1300, "read", fails: "ETIMEDOUT")
    let judgement = run.judged(at: 2000, reason: "why")
    let saved = judgement.events(at: Moment(nanoseconds: 5)).map(\.line)
    #expect(try Judgement(events: saved.map { try Event(line: $0) }) == judgement)
    #expect(Judgement(events: run.events) == nil)
    // Verdicts in the timeline do not change what is judged.
    let again = judge(
      script: run.script,
      events: run.events + judgement.events(at: Moment(nanoseconds: 9)),
      forecast: run.forecast
    )
    #expect(again == judgement)
  }

  @Test func noMomentsOverflow() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT", .readFails, .within(.seconds(Int64.max)))
    run.expect("client is told nothing", .toldNothing(peer: "client"), .lasting(.seconds(Int64.max)))
    run.expect("kang connection is ESTABLISHED", .kang(.established), .lasting(.nanoseconds(Int64.max)))
    run.expect("kang retransmits 1 times", .retransmits(host: "kang", .atLeast(.max)))
    for moment in [Int64.min, .max, 0] {
      let sample = SocketSample(cookie: .min, local: "", remote: ":", state: .established, retransmits: .max)
      run.events.append(Event(time: Moment(nanoseconds: moment), host: "kang", body: .socket(sample)))
      run.events.append(Event(time: Moment(nanoseconds: moment), host: "kang", body: .socketGone(sample)))
    }
    #expect(Judged(run).judgement.verdicts.count == 4)
  }
}
