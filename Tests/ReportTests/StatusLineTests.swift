import Report
import Testing
import Timeline

@Suite struct StatusLineTests {
  private func view(until milliseconds: Double) -> TextView {
    var view = TextView(script: Example.script)
    for event in Example.events where event.time <= Moment(nanoseconds: Int64(milliseconds * 1_000_000)) {
      _ = view.feed(event)
    }
    return view
  }

  private func line(at milliseconds: Double, width: Int = 200) -> String? {
    view(until: milliseconds).statusLine(now: Moment(nanoseconds: Int64(milliseconds * 1_000_000)), width: width)
  }

  @Test func tellsTimeTimerAndWhatIsWaitedFor() {
    #expect(
      line(at: 9000)
        == "6s of 13.920s | kang ESTABLISHED, retransmission 5, next in 7s | expect client read fails ETIMEDOUT as "
        + "predicted"
    )
    #expect(
      line(at: 15_068)
        == "13s of 13.920s | kang ESTABLISHED, retransmission 5, next in 1s | expect client read fails ETIMEDOUT as "
        + "predicted"
    )
  }

  @Test func isSilentWhileNothingIsWaitedFor() {
    #expect(line(at: 4.5) == nil)
    #expect(line(at: 500) == nil)
    #expect(line(at: 15_404) == nil)
  }

  @Test func isCutToTheWidth() {
    #expect(line(at: 9000, width: 60) == "6s of 13.920s | kang ESTABLISHED, retransmission 5, next in…")
  }
}
