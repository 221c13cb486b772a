import LabScript
import Testing
import Timeline

/// Expectations on what the hosts' sockets are.
@Suite struct StateTests {
  private let closeWait = Condition.kang(.closeWait)

  @Test func aStateThatHoldsAlreadyIsSeenAtOnce() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is ESTABLISHED", .kang(.established))
    let verdict = run.judged(at: 1001).verdicts[0]
    #expect(verdict.outcome == .held)
    #expect(verdict.measured == "ESTABLISHED already")
    #expect(verdict.after == .zero)
  }

  @Test func aStateThatComesIsSeenWhenItIsSampled() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is CLOSE_WAIT", closeWait)
    run.sample(1250, .closeWait)
    #expect(run.judged(at: 2000).verdicts[0].measured == "CLOSE_WAIT after 250ms")
  }

  @Test func aTracedStateOfMicrosecondsIsSeen() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is LAST_ACK", .kang(.lastAck))
    run.expect("kang connection is gone", .kangGone)
    for (milliseconds, from, to) in [
      (1250.0, .established, .closeWait), (1250.1, .closeWait, .lastAck), (1250.2, .lastAck, .closed),
    ] as [(Double, TCPState, TCPState)] {
      let change = StateChange(local: "10.88.1.10:33226", remote: "10.88.2.20:8080", from: from, to: to)
      run.add(milliseconds, host: "kang", body: .stateChange(change))
    }
    run.sample(1250.2, .lastAck, isGone: true)
    let verdicts = run.judged(at: 2000).verdicts
    #expect(verdicts.map(\.outcome) == [.held, .held])
    #expect(verdicts[0].after == .microseconds(250_100))
    #expect(verdicts[1].after == .microseconds(250_200))
  }

  @Test func aTracedStateDoesNotWaitForASample() {
    var run = Run()
    run.powerOff(1000)
    run.expect("kang connection is ESTABLISHED", .kang(.established))
    let change = StateChange(local: "10.88.1.10:1", remote: "10.88.2.20:8080", from: .synSent, to: .established)
    run.add(1100, host: "kang", body: .stateChange(change))
    #expect(run.judged(at: 2000).verdicts[0].measured == "ESTABLISHED after 100ms")
  }

  @Test func aStateThatDoesNotComeIsToldFromTheOneThatWas() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is CLOSE_WAIT", closeWait)
    let verdict = run.judged(at: 7000).verdicts[0]
    #expect(verdict.outcome == .failed)
    #expect(verdict.measured == "ESTABLISHED")
    #expect(
      verdict.reason == "expected within 5s after line 1, power off kodos (the usual limit where a script names none); "
        + "it did not come about in the 6s that were watched: ESTABLISHED"
    )
  }

  @Test func aHostWithoutAConnectionHasNoneGone() {
    var run = Run()
    run.powerOff(1000)
    run.expect("kang connection is gone", .kangGone)
    let verdict = run.judged(at: 7000).verdicts[0]
    #expect(verdict.outcome == .failed)
    #expect(verdict.measured == "no connection")
  }

  @Test func theConnectionIsGoneWhenItsLastSocketIs() {
    var run = Run()
    run.sample(100, .established)
    run.sample(100, .established, cookie: 2, port: 33227)
    run.sample(100, .listen, cookie: 3)
    run.powerOff(1000)
    run.expect(
      "kang connection is gone between 200ms and 300ms",
      .kangGone,
      .between(.milliseconds(200), .milliseconds(300))
    )
    run.sample(1100, .established, isGone: true)
    run.sample(1250, .established, cookie: 2, isGone: true, port: 33227)
    #expect(run.judged(at: 7000).verdicts[0].measured == "gone after 250ms")
  }

  @Test func theSmallSocketOfAClosedConnectionIsTheSameConnection() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is gone between 60s and 63s", .kangGone, .between(.seconds(60), .seconds(63)))
    run.expect("kang connection is FIN_WAIT_2 for 1m", .kang(.finWait2), .lasting(.seconds(60)))
    run.sample(1000.5, .finWait2)
    run.sample(1001, .finWait2, isGone: true)
    run.sample(1003, .finWait2, cookie: 9, timer: SocketTimer(kind: .timeWait, expiresInMilliseconds: 60_000, count: 0))
    run.sample(62_000, .finWait2, cookie: 9, isGone: true)
    let judgement = run.judged(at: 63_000)
    #expect(judgement.verdicts.map(\.measured) == ["gone after 1m1s", "FIN_WAIT_2 for 1m"])
    #expect(judgement.passed)
  }

  @Test func aSocketMayBeReplacedWithoutBeingReportedGone() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is gone between 60s and 63s", .kangGone, .between(.seconds(60), .seconds(63)))
    run.sample(1003, .timeWait, cookie: 9)
    run.sample(62_000, .timeWait, cookie: 9, isGone: true)
    #expect(run.judged(at: 63_000).verdicts[0].measured == "gone after 1m1s")
  }

  @Test func aSocketThatComesLaterIsAnotherConnection() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is gone", .kangGone)
    run.sample(1100, .established, isGone: true)
    run.sample(1126, .established, cookie: 2)
    #expect(run.judged(at: 7000).verdicts[0].measured == "gone after 100ms")
  }

  @Test func aPortNamesTheConnectionThatIsMeant() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection port 22 is ESTABLISHED", .connection(host: "kang", port: 22, .state(.established)))
    run.expect("kang connection port 8080 is ESTABLISHED", .connection(host: "kang", port: 8080, .state(.established)))
    run.expect("kodos connection is ESTABLISHED", .connection(host: "kodos", port: nil, .state(.established)))
    #expect(run.judged(at: 7000).verdicts.map(\.outcome) == [.failed, .held, .failed])
  }

  @Test func aListenerIsKnownByItsPort() {
    var run = Run()
    run.powerOff(1000)
    run.expect("kodos listens on 8080", .listens(host: "kodos", port: 8080))
    run.expect("kodos listens on 81", .listens(host: "kodos", port: 81))
    let sample = SocketSample(cookie: 4, local: "[::]:8080", remote: "[::]:0", state: .listen)
    run.add(1100, host: "kodos", body: .socket(sample))
    #expect(run.judged(at: 7000).verdicts.map(\.measured) == ["listening after 100ms", "no such listener"])
  }

  @Test func aStateLastsWhenItStays() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is ESTABLISHED for 20m", .kang(.established), .lasting(.seconds(1200)))
    let verdict = run.judged(at: 1_201_000).verdicts[0]
    #expect(verdict.outcome == .held)
    #expect(verdict.measured == "ESTABLISHED for 20m")
    #expect(verdict.reason == "expected ESTABLISHED until 20m after line 1, power off kodos; it stayed so")
  }

  @Test func aStateThatCeasesDoesNotLast() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is ESTABLISHED for 20m", .kang(.established), .lasting(.seconds(1200)))
    run.sample(500_000, .closeWait)
    let verdict = run.judged(at: 1_201_000).verdicts[0]
    #expect(verdict.outcome == .failed)
    #expect(verdict.measured == "ESTABLISHED until 8m19s")
    #expect(verdict.reason.hasSuffix("it ceased after 8m19s: CLOSE_WAIT"))
  }

  @Test func aLastingStateMayBeginWithinTheUsualLimit() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is CLOSE_WAIT for 1m", closeWait, .lasting(.seconds(60)))
    run.expect("kang connection is LAST_ACK for 1m", .kang(.lastAck), .lasting(.seconds(60)))
    run.sample(5900, .closeWait)
    let verdicts = run.judged(at: 61_000).verdicts
    #expect(verdicts.map(\.outcome) == [.held, .failed])
    #expect(verdicts[1].reason.hasSuffix("and to begin within 5s, the usual limit; it did not begin: CLOSE_WAIT"))
  }

  @Test func whatWasNotWatchedForLongEnoughIsNotJudged() {
    var run = Run()
    run.sample(100, .established)
    run.powerOff(1000)
    run.expect("kang connection is ESTABLISHED for 1m", .kang(.established), .lasting(.seconds(60)))
    let verdict = run.judged(at: 31_000).verdicts[0]
    #expect(verdict.outcome == .notReached)
    #expect(verdict.reason.hasSuffix("30s after the deed the run ended"))
  }

  @Test func aMomentCannotLast() {
    var run = Run()
    run.powerOff(1000)
    run.expect("client read fails ETIMEDOUT for 5s", .readFails, .lasting(.seconds(5)))
    run.call(1100, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 31_000).verdicts[0]
    #expect(verdict.outcome == .failed)
    #expect(
      verdict.reason == "expected for 5s; but 'client read fails ETIMEDOUT' is a moment and cannot last"
    )
  }
}
