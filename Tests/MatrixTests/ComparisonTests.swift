import Matrix
import Testing
import Timeline

@Suite struct ComparisonTests {
  private func changed(_ index: Int, _ change: (inout CellResult) -> Void) -> Comparison {
    var new = sample()
    change(&new.cells[index])
    return Comparison(from: sample(), to: new)
  }

  private func told(_ milliseconds: Int64, _ error: String? = "ETIMEDOUT") -> Measured {
    .told(.init(after: .milliseconds(milliseconds), call: "connect", errorName: error))
  }

  @Test func nothingHasChangedAgainstItself() {
    let comparison = Comparison(from: sample(), to: sample())
    #expect(comparison.changes.isEmpty && comparison.missing.isEmpty && comparison.added.isEmpty)
    #expect(comparison.circumstances.isEmpty)
    #expect(sample().text(TableOptions(), comparison).contains("No cell has changed."))
  }

  @Test func anEndMayMoveWithinThePredictedWindow() {
    // The window is 270 ms wide, and the two observers may be off by 20 ms each.
    #expect(changed(1) { $0.measured = told(9420 + 305) }.changes.isEmpty)
    #expect(changed(1) { $0.measured = told(9420 - 305) }.changes.isEmpty)
    let late = changed(1) { $0.measured = told(9420 + 315) }
    #expect(late.changes == ["connecting-syn-lost/mine": "ETIMEDOUT after 9.420s before, ETIMEDOUT after 9.735s now"])
  }

  @Test func anotherErrorOrNoneIsAChange() {
    #expect(changed(1) { $0.measured = told(9420, "EHOSTUNREACH") }.changes.count == 1)
    let silent = changed(1) {
      $0.measured = .nothing(watched: .seconds(30))
      $0.predicted = .never(reason: "")
    }
    #expect(silent.changes.values.first == "ETIMEDOUT after 9.420s before, nothing for 30s now")
    #expect(changed(2) { $0.measured = told(25_000) }.changes.count == 1)
    #expect(changed(2) { $0.measured = .nothing(watched: .seconds(3600)) }.changes.isEmpty)
  }

  @Test func whatOnlyOneOfTheTwoRanIsComparedWithThePrediction() {
    #expect(changed(0) { $0.measured = told(134_000) }.changes.isEmpty)
    #expect(changed(0) { $0.measured = told(127_000) }.changes.count == 1)
    #expect(changed(1) { $0.measured = nil }.changes.isEmpty)
    #expect(changed(2) { $0.measured = nil }.changes.isEmpty)
  }

  @Test func newAndMissingCellsAndCircumstancesAreTold() {
    var new = sample()
    new.kernel = "7.3"
    new.columns[1].settings = ["user timeout 5s"]
    new.cells[5].failure = "sending-new"
    new.rows[2].name = "sending-new"
    let comparison = Comparison(from: sample(), to: new)
    #expect(comparison.added == ["sending-new/mine"])
    #expect(comparison.missing == ["sending-drop/mine"])
    #expect(
      comparison.circumstances == [
        "kernel: Linux 6.18.44, HZ 250 before, Linux 7.3, HZ 250 now",
        "mine: user timeout 9s before, user timeout 5s now",
      ]
    )
    let text = new.text(TableOptions(width: 100), comparison)
    #expect(text.contains("before it +") && text.contains("No longer there: sending-drop/mine"))
  }

  @Test func marksStandInTheTable() {
    var new = sample()
    new.cells[1].measured = told(5000)
    let comparison = Comparison(from: sample(), to: new)
    #expect(new.text(TableOptions(width: 100), comparison).contains("5s *"))
    #expect(new.csv(comparison).contains("ETIMEDOUT after 9.420s before"))
  }
}
