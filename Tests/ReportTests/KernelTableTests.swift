import LabScript
import Testing
import Timeline

@testable import Report

@Suite struct KernelTableTests {
  /// A run of a lab called `syn-timeout` with these verdicts.
  private static func run(_ verdicts: [Verdict]) -> LabRun {
    LabRun(script: Script(name: "syn-timeout"), events: [], judgement: Judgement(verdicts: verdicts))
  }

  private static func verdict(
    line: Int = 9,
    _ measured: String?,
    after: Duration? = nil,
    window: Duration? = nil,
    outcome: Verdict.Outcome = .held
  ) -> Verdict {
    let predicted = window.map { Verdict.Prediction(earliest: .seconds(129), latest: .seconds(129) + $0) }
    return Verdict(
      line: line,
      text: "client connect fails ETIMEDOUT as predicted",
      outcome: outcome,
      measured: measured,
      after: after,
      predicted: predicted,
      reason: ""
    )
  }

  private static func table(_ left: [Verdict], _ right: [Verdict]) -> KernelTable {
    KernelTable([.init(kernel: "6.1.0-56", runs: [run(left)]), .init(kernel: "6.12.117", runs: [run(right)])])
  }

  @Test func momentsFartherApartThanTheWheelCanMakeThemDiffer() {
    let left = KernelTableTests.verdict("ETIMEDOUT after 2m10.277s", after: .milliseconds(130_277), window: .seconds(2))
    let right = KernelTableTests.verdict(
      "ETIMEDOUT after 2m14.368s",
      after: .milliseconds(134_368),
      window: .seconds(2)
    )
    let table = KernelTableTests.table([left], [right])
    #expect(
      table.text(TextOptions(width: 100)) == """
        Answers that differ: 1 of 1

          lab          expected                         6.1.0-56                   6.12.117
          syn-timeout  client connect fails ETIMEDOUT   ETIMEDOUT after 2m10.277s  ETIMEDOUT after 2m14.368s
                       as predicted

        """
    )
  }

  @Test(arguments: [(131_500, 2000), (131_500, 0), (130_300, 0), (130_277, 0)])
  func momentsThatOnlyThePhaseOrTheMachineMovesAreTheSameAnswer(milliseconds: Int, window: Int) {
    let left = KernelTableTests.verdict("ETIMEDOUT after 2m10.277s", after: .milliseconds(130_277), window: .seconds(2))
    let right = KernelTableTests.verdict(
      "ETIMEDOUT after \(Duration.milliseconds(milliseconds).text)",
      after: .milliseconds(milliseconds),
      window: .milliseconds(window)
    )
    #expect(KernelTableTests.table([left], [right]).differences.isEmpty)
  }

  @Test func otherWordsAnotherOutcomeAndAMissingAnswerDiffer() {
    let read = KernelTableTests.verdict("ETIMEDOUT after 4ms", after: .milliseconds(4))
    let others = [
      KernelTableTests.verdict("EHOSTUNREACH after 4ms", after: .milliseconds(4)),
      KernelTableTests.verdict("ETIMEDOUT after 4ms", after: .milliseconds(4), outcome: .failed),
      KernelTableTests.verdict(nil),
    ]
    for other in others { #expect(KernelTableTests.table([read], [other]).differences.count == 1) }
    #expect(KernelTableTests.table([read], []).differences.map(\.answers) == [["ETIMEDOUT after 4ms", "not reached"]])
  }

  @Test func theSameAnswersAreSaidInALine() {
    let read = KernelTableTests.verdict("ETIMEDOUT after 4ms", after: .milliseconds(4))
    #expect(
      KernelTableTests.table([read], [read]).text(TextOptions())
        == "Each of 1 expectations has the same answer on 6.1.0-56, 6.12.117\n"
    )
  }
}
