import LabScript
import Testing
import Timeline

/// "Nothing happens for 20 minutes" is an expectation like any other.
@Suite struct SilenceTests {
  private let nothing = Condition.toldNothing(peer: "client")

  private func judged(
    _ timing: Timing = .lasting(.seconds(60)),
    until end: Double = 61_000,
    _ news: (inout Run) -> Void
  )
    -> Verdict
  {
    var run = Run()
    run.powerOff(1000)
    run.expect("client is told nothing for 1m", nothing, timing)
    news(&run)
    return run.judged(at: end).verdicts[0]
  }

  @Test func silenceHolds() {
    let verdict = judged { _ in }
    #expect(verdict.outcome == .held)
    #expect(verdict.measured == "nothing for 1m")
    #expect(
      verdict.reason
        == "expected that client is told nothing for 1m after line 1, power off kodos; no call brought news"
    )
  }

  @Test(arguments: [
    ("read", 0, "read: returned 0, end of stream"), ("read", 9, "read: returned 9"),
    ("accept4", 5, "accept4: returned 5"),
    ("connect", 0, "connect: returned 0"),
  ])
  func aCallThatBringsNewsBreaksIt(name: String, result: Int64, words: String) {
    let verdict = judged { $0.call(3000, name, result) }
    #expect(verdict.outcome == .failed)
    #expect(verdict.measured == words + " after 2s")
    #expect(verdict.reason.hasSuffix("; it was told after 2s: " + words))
  }

  @Test(arguments: ["read", "write", "poll", "getsockopt"])
  func anyFailureBreaksIt(name: String) {
    #expect(judged { $0.call(3000, name, fails: "ETIMEDOUT") }.measured == "\(name): ETIMEDOUT after 2s")
  }

  @Test func theProgramsEndBreaksIt() {
    let verdict = judged { $0.add(3000, host: "kang", peer: "client", body: .ended(.signaled("SIGPIPE"))) }
    #expect(verdict.measured == "the program ended by SIGPIPE after 2s")
  }

  @Test func aPollThatReportsAnErrorBreaksIt() {
    let verdict = judged {
      let call = SystemCall(name: "poll", result: 1, detail: "socket: POLLIN|POLLERR|POLLHUP")
      $0.add(3000, host: "kang", peer: "client", body: .call(call))
    }
    #expect(verdict.measured == "poll: returned 1 after 2s")
  }

  @Test(arguments: [(0, "SO_ERROR", true), (110, "SO_ERROR ETIMEDOUT", false), (65_536, "SO_RCVBUF", true)])
  func anErrorThatIsAskedForAndGotBreaksIt(result: Int64, detail: String, holds: Bool) {
    let verdict = judged {
      let call = SystemCall(name: "getsockopt", subject: .socket, result: result, detail: detail)
      $0.add(3000, host: "kang", peer: "client", body: .call(call))
    }
    #expect((verdict.outcome == .held) == holds)
  }

  @Test func whatAProgramDoesByItselfIsNoNews() {
    let verdict = judged { run in
      run.call(2000, "poll", of: nil, phase: .enter)
      run.call(2001, "poll", 1, of: nil)
      run.call(2002, "read", 22, of: .stdin)
      run.call(2003, "write", 22)
      run.call(2004, "write", 22, of: .stdout)
      run.call(2005, "read", fails: "EAGAIN")
      run.call(2006, "poll", 0, of: nil)
      run.call(2007, "setsockopt", 0)
    }
    #expect(verdict.outcome == .held)
  }

  @Test func newsOfOthersAndNewsOutsideTheTimeDoNotCount() {
    let verdict = judged(until: 70_000) { run in
      run.add(3000, host: "kodos", peer: "server", body: .call(SystemCall(name: "read", subject: .socket, result: 0)))
      run.call(61_000.1, "read", 0)
    }
    #expect(verdict.outcome == .held)
  }

  @Test func silenceBetweenTwoTimesMayFollowNews() {
    let timing = Timing.between(.seconds(10), .seconds(20))
    #expect(judged(timing) { $0.call(5000, "read", 0) }.outcome == .held)
    #expect(judged(timing) { $0.call(15_000, "read", 0) }.outcome == .failed)
    #expect(judged(timing) { $0.call(25_000, "read", 0) }.outcome == .held)
    #expect(judged(timing) { _ in }.measured == "nothing for 10s")
  }

  @Test func silenceThatWasNotWatchedIsNotJudged() {
    #expect(judged(until: 60_000) { _ in }.outcome == .notReached)
    #expect(judged(until: 60_980) { _ in }.outcome == .held)
  }

  @Test func predictedSilenceNeedsAPrediction() {
    #expect(judged(.asPredicted) { _ in }.outcome == .failed)
  }
}
