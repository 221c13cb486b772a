import Advice
import Testing
import Timeline
import TimerModel

@Suite struct ExplainTests {
  private func causes(_ text: String, after: Duration? = nil) throws -> [Cause] {
    explain(try Symptom(text: text, after: after), kernel: Kernel())
  }

  @Test func aQuarterOfAnHourIsRetransmission() throws {
    let causes = try causes("ETIMEDOUT", after: .seconds(939))
    #expect(causes.first?.lab == "retransmit")
    #expect(causes.first?.window?.contains(.seconds(939)) == true)
  }

  @Test(arguments: [
    // What the log says, after how long, and a word of the first cause.
    ("PQconsumeInput() could not receive data from server: Connection timed out", 938, "Data was sent"),
    ("Connection timed out", 130, "connect got no answer"), ("ETIMEDOUT", 134, "connect got no answer"),
    ("ETIMEDOUT", 7900, "keepalive"), ("No route to host", 3, "does not answer ARP"),
    ("ETIMEDOUT", 14, "tcp_retries2=5"), ("ETIMEDOUT", 65, "TCP_SYNCNT=5"), ("EHOSTUNREACH", 959, "vanished"),
    ("ETIMEDOUT", 8, "queueing discipline"), ("Connection refused", 0, "Nobody listens"),
    ("Connection reset by peer", 0, "rebooted"),
  ])
  func aTimeTellsTheCauses(text: String, seconds: Int, word: String) throws {
    let causes = try causes(text, after: .seconds(seconds))
    #expect(causes.prefix(2).contains { $0.title.contains(word) }, "\(causes.map(\.title))")
  }

  @Test(arguments: [
    "ECONNRESET", "EPIPE", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EACCES", "ENOPROTOOPT", "ETIMEDOUT",
  ])
  func everyErrorHasCausesWithoutATime(name: String) throws {
    let causes = try causes(name)
    #expect(!causes.isEmpty)
    #expect(!causesText(causes).isEmpty)
    #expect(!causesText(causes).contains("Hardly"))
  }

  @Test func aRetransmissionTimerTellsHowLongItHasBeenAndWhenItEnds() throws {
    let causes = try causes("timer:(on,42sec,13)")
    let first = try #require(causes.first)
    #expect(first.lab == "retransmit")
    #expect(first.explanation.hasPrefix("Retransmission 13 was the last; in 42s"))
    #expect(first.explanation.contains("ends in about 282 to 286 s"))
    // A SYN is never retransmitted so often, nor an orphan's FIN.
    #expect(causes.count == 1)
  }

  @Test func aFewRetransmissionsMayBeSeveralThings() throws {
    let titles = try causes("timer:(on,1.304ms,3)").map(\.title)
    #expect(titles.count > 1)
    #expect(titles.contains { $0.contains("Data is unacknowledged") })
    #expect(titles.contains { $0.contains("FIN_WAIT_1") })
    // SYN retransmission 4 comes a second after 3: 1.3 s cannot be left.
    #expect(!titles.contains { $0.contains("SYN_SENT") })
  }

  @Test(arguments: [
    ("timer:(keepalive,1.429ms,2)", "does not answer"),
    ("timer:(keepalive,119min,0)", "idle connection with keepalive"),
    ("(persist,1min36sec,0)", "window is full"), ("timewait,42sec,0", "TIME_WAIT"),
    ("timer:(on,10min,40)", "other settings"),
  ])
  func otherTimers(text: String, word: String) throws {
    #expect(try causes(text).first?.title.contains(word) == true)
  }

  @Test(arguments: [
    ("timer:(on,42sec)", "write timer:(KIND,TIME,COUNT)"), ("timer:(off,42sec,1)", "with on, keepalive"),
    ("timer:(on,soon,1)", "such as timer:(on,42sec,13)"), ("timer:(on,99999999999999999999sec,1)", "timer"),
    ("timer:(on,1sec,-1)", "timer"), ("it does not work", "Connection timed out"), ("", "names no error"),
  ])
  func whatIsNoSymptomIsRefused(text: String, hint: String) {
    let error = #expect(throws: Symptom.Unreadable.self) { try Symptom(text: text) }
    #expect(error?.description.contains(hint) == true)
  }
}
