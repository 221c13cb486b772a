import Testing

@testable import Report

@Suite struct TableLayoutTests {
  private func lines(_ cells: [String], shares: [Int], width: Int) -> [String] {
    let row = TableLayout.Row(cells: cells, tint: .plain)
    return TableLayout([row], shares: shares, width: width).lines(of: row, TextOptions())
  }

  @Test func columnsAreAsWideAsTheirCellsWhereThereIsRoom() {
    #expect(lines(["ab", "cdef", "g"], shares: [1, 1, 0], width: 40) == ["  ab  cdef  g"])
  }

  @Test func aColumnThatNeedsLessLeavesTheRest() {
    #expect(
      lines(["a", "one two three four", "x"], shares: [1, 1, 0], width: 20) == ["  a  one two three   x", "     four"]
    )
  }

  @Test func columnsThatNeedMoreShareWhatIsLeft() {
    #expect(
      lines(["one two", "three four", "x"], shares: [1, 1, 0], width: 15) == [
        "  one    three  x", "  two    four",
      ]
    )
  }

  @Test func aColumnWithoutAShareIsNeverNarrowed() {
    #expect(lines(["abcdef", "not reached"], shares: [1, 0], width: 16) == ["  abc  not reached", "  def"])
  }
}
