import LabScript
import Testing
import Timeline

/// Expectations on how often a host retransmits.
@Suite struct RetransmissionTests {
  private func counted(_ samples: [Int], _ count: RetransmissionCount, _ timing: Timing = .usual, text: String = "")
    -> Verdict
  {
    var run = Run()
    run.sample(100, .established, retransmits: 0)
    run.types(1000)
    run.expect("kang retransmits \(text)", .retransmits(host: "kang", count), timing, predicted: prediction)
    for (index, sample) in samples.enumerated() {
      run.sample(Double(2000 + 1000 * index), .established, retransmits: sample)
    }
    return run.judged(at: 60_000).verdicts[0]
  }

  private let prediction = Verdict.Prediction(retransmissions: 3)

  @Test(arguments: [
    ([1, 2, 3], 3, "3 retransmissions"), ([1, 3], 3, "3 retransmissions"), ([1], 1, "1 retransmission"),
    ([1, 2, 0, 1], 3, "3 retransmissions"), ([0, 0], 0, "0 retransmissions"), ([2, 1], 3, "3 retransmissions"),
  ])
  func increasesBetweenSamplesAreAddedUp(samples: [Int], count: Int, measured: String) {
    let verdict = counted(samples, .exactly(count))
    #expect(verdict.outcome == .held)
    #expect(verdict.measured == measured)
  }

  @Test func anotherNumberFails() {
    let verdict = counted([1, 2], .exactly(3))
    #expect(verdict.outcome == .failed)
    #expect(
      verdict.reason
        == "expected 3 retransmissions after line 1, client types \"hello\", until the next deed or the end "
        + "of the run; 2 retransmissions seen, the last after 2s"
    )
  }

  @Test func theUsualLimitDoesNotCutTheCount() {
    #expect(counted(Array(1...15), .exactly(15)).outcome == .held)
  }

  @Test func aLimitOfTheScriptsOwnDoes() {
    #expect(counted(Array(1...15), .exactly(5), .within(.seconds(5)), text: "5 times within 5s").outcome == .held)
    #expect(counted(Array(1...15), .exactly(15), .within(.seconds(5)), text: "15 times within 5s").outcome == .failed)
  }

  @Test func atLeastIsSeenWhenTheNumberIsReached() {
    let verdict = counted(Array(1...15), .atLeast(4))
    #expect(verdict.measured == "4 retransmissions after 4s")
    #expect(counted(Array(1...3), .atLeast(4)).outcome == .failed)
    #expect(counted([], .atLeast(0)).outcome == .held)
  }

  @Test func asPredictedTakesTheModelsNumber() {
    #expect(counted([1, 2, 3], .asPredicted).outcome == .held)
    #expect(counted([1, 2], .asPredicted).outcome == .failed)
  }

  @Test func aTimersCountServesWhereTcpInfoIsMissing() {
    var run = Run()
    run.types(1000)
    run.expect("kang retransmits 2 times", .retransmits(host: "kang", .exactly(2)))
    run.sample(2000, .established, timer: SocketTimer(kind: .retransmission, expiresInMilliseconds: 1, count: 2))
    run.sample(3000, .established, timer: SocketTimer(kind: .keepalive, expiresInMilliseconds: 1, count: 7))
    #expect(run.judged(at: 4000).verdicts[0].outcome == .held)
  }

  @Test func whatTheNextDeedCausesDoesNotCount() {
    var run = Run()
    run.types(1000)
    run.expect("kang retransmits 1 times", .retransmits(host: "kang", .exactly(1)))
    run.sample(2000, .established, retransmits: 1)
    run.types(3000)
    run.expect("kang retransmits 2 times", .retransmits(host: "kang", .exactly(2)))
    run.sample(4000, .established, retransmits: 2)
    run.sample(5000, .established, retransmits: 3)
    #expect(run.judged(at: 6000).verdicts.map(\.outcome) == [.held, .held])
  }

  @Test func moreThanExpectedFailsEvenInATornTimeline() {
    var run = Run()
    run.types(1000)
    run.expect("kang retransmits 1 times", .retransmits(host: "kang", .exactly(1)))
    run.expect("kang retransmits 2 times", .retransmits(host: "kang", .exactly(2)))
    run.sample(2000, .established, retransmits: 2)
    #expect(Judged(run).judgement.verdicts.map(\.outcome) == [.failed, .notReached])
  }

  @Test func hostileCountsAreNotCounted() {
    #expect(counted([.max, 1, .min, 2], .exactly(3)).measured == "3 retransmissions")
  }
}
