import Forecasting
import Judge
import Testing
import Timeline
import TimerModel

@Suite struct ClosingTests {
  private func gone(_ steps: String, on host: String = "kang", client: String = "", sysctl: String = "tcp_retries1 = 3")
    throws -> Said?
  {
    try said(lab("\(steps)\nexpect \(host) connection is gone as predicted", client: client, sysctl: sysctl))
  }

  @Test func aFarewellIntoADeadNetworkTakesTwoMinutes() throws {
    let steps = "drop everything between kang and kodos\ninterrupt client"
    let said = try #require(try gone(steps))
    #expect(said.isBetween(106.2, 108.2, within: 0.05), "\(said)")
    #expect(said.prediction.limit == "tcp_orphan_retries")
    #expect(said.count?.mark == .end(peer: "client", after: 9))
    let few = try #require(try gone(steps, sysctl: "tcp_orphan_retries = 3"))
    #expect(few.isBetween(6.73, 6.98, within: 0.3), "\(few)")
  }

  @Test func soDoesTheLastFarewell() throws {
    let steps = "interrupt server\ndrop everything between kang and kodos\ninterrupt client"
    let said = try #require(try gone(steps))
    #expect(said.isBetween(106.2, 108.2, within: 0.05), "\(said)")
    // The server's end, whose FIN was acknowledged, waits for tcp_fin_timeout.
    let server = try #require(try gone(steps, on: "kodos"))
    #expect(server.prediction.limit == "tcp_fin_timeout")
    #expect(server.count?.mark == .end(peer: "server", after: 8))
  }

  @Test func aClosedConnectionWaitsInFINWAIT2ForAMinute() throws {
    let said = try #require(try gone("interrupt server", on: "kodos"))
    #expect(said.isBetween(60.0, 62.05), "\(said)")
    #expect(said.prediction.limit == "tcp_fin_timeout")
  }

  @Test func whoClosedFirstWaitsInTIMEWAIT() throws {
    let said = try #require(try gone("interrupt server", on: "kodos", client: "--close-on-eof"))
    #expect(said.isBetween(60.0, 62.05), "\(said)")
    #expect(said.prediction.limit == "TIME_WAIT")
    #expect(said.count?.mark == .exit(peer: "client", call: "close", after: 8))
    #expect(try gone("interrupt server", on: "kang", client: "--close-on-eof") == nil)
  }

  @Test func anEndWithAnRSTLeavesNothingToSay() throws {
    #expect(try gone("interrupt client", client: "--linger 0s") == nil)
    let unread = "freeze server\nclient types \"hello\"\nkill server"
    #expect(try gone(unread) == nil)
  }

  @Test func aSocketThatIsOnlyShutDownWaitsWithoutLimit() throws {
    let steps = "client types \"connect\"\nclient types \"shutdown write\""
    let said = try #require(try gone(steps, client: "--repl"))
    #expect(said.prediction.latest == nil)
    #expect(said.prediction.explanation?.contains("without limit") == true)
    let closed = try #require(try gone(steps + "\nkill client", client: "--repl"))
    #expect(closed.prediction.limit == "tcp_fin_timeout")
  }
}
