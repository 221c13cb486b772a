import Report
import Testing
import Timeline

@Suite struct StatusLineTests {
  private func moment(_ milliseconds: Double) -> Moment { Moment(nanoseconds: Int64(milliseconds * 1_000_000)) }

  private func line(at milliseconds: Double, width: Int = 200) -> String? {
    var view = TextView(script: Example.script)
    for event in Example.events where event.time <= moment(milliseconds) { _ = view.feed(event) }
    return view.statusLine(now: moment(milliseconds), width: width)
  }

  private func line(for samples: [SocketSample], at milliseconds: Double) -> String? {
    var view = TextView(script: Example.script)
    _ = view.feed(Example.event(0, .waiting(line: 1, text: "expect x", limit: 940_000_000_000)))
    for sample in samples { _ = view.feed(Example.event(0, host: "kang", .socket(sample))) }
    return view.statusLine(now: moment(milliseconds), width: 300)
  }

  @Test func tellsTimeTimerAndWhatIsWaitedFor() {
    #expect(
      line(at: 9000)
        == "6s of 13.920s | kang ESTABLISHED, retransmission 5, next in 7s | expect client read fails ETIMEDOUT as "
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

  @Test(arguments: [
    (TCPState.established, SocketTimer.Kind.retransmission, 9, "kang ESTABLISHED, retransmission 9, next in 1m36s"),
    (.established, .retransmission, 0, "kang ESTABLISHED, unacknowledged, next in 1m36s"),
    (.established, .keepalive, 0, "kang ESTABLISHED, keepalive, next in 1m36s"),
    (.established, .keepalive, 2, "kang ESTABLISHED, keepalive probe 2, next in 1m36s"),
    (.established, .persist, 3, "kang ESTABLISHED, zero-window probe 3, next in 1m36s"),
    (.finWait2, .keepalive, 0, "kang FIN_WAIT_2, gone in 1m36s"),
    (.finWait2, .timeWait, 0, "kang FIN_WAIT_2, gone in 1m36s"),
    (.timeWait, .timeWait, 0, "kang TIME_WAIT, gone in 1m36s"),
    (.established, .delayedAck, 0, "kang ESTABLISHED, acknowledgment in 1m36s"),
  ])
  func tellsWhatTheTimerIs(state: TCPState, kind: SocketTimer.Kind, count: Int, words: String) {
    let timer = SocketTimer(kind: kind, expiresInMilliseconds: 100_000, count: count)
    let sample = Example.sample(state, timer: timer, retransmits: nil)
    #expect(line(for: [sample], at: 4000) == "4s of 15m40s | \(words) | expect x")
    let due = words.split(separator: " in ")[0] + " due"
    #expect(line(for: [sample], at: 100_000) == "1m40s of 15m40s | \(due) | expect x")
  }

  @Test func connectionsWithATimerComeFirstAndListenersNever() {
    let timer = SocketTimer(kind: .timeWait, expiresInMilliseconds: 9000, count: 0)
    var samples = (1...6).map { Example.sample(.closeWait, local: "10.88.1.10:\($0)", cookie: Int64($0)) }
    samples.append(Example.sample(.timeWait, timer: timer, local: "10.88.1.10:7", cookie: 7))
    samples.append(Example.sample(.listen, local: "10.88.1.10:8", cookie: 8))
    #expect(
      line(for: samples, at: 0)
        == "0s of 15m40s | kang TIME_WAIT, gone in 9s | kang CLOSE_WAIT | kang CLOSE_WAIT | kang CLOSE_WAIT | 3 more | "
        + "expect x"
    )
  }
}
