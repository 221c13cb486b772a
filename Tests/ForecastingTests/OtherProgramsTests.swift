import Forecasting
import Testing
import Timeline

/// Programs that are not dnc: what their command lines say of their connections.
@Suite struct OtherProgramsTests {
  private func said(_ server: String, _ client: String, _ steps: String) throws -> Said? {
    try ForecastingTests.said(
      """
      title     Test
      network   routed
      sysctl    tcp_retries2 = 5
      peer      server on kodos: \(server)
      peer      client on kang: traced \(client)
      start     server
      wait      kodos listens on 8080
      start     client
      wait      kang connection is ESTABLISHED
      \(steps)
      """
    )
  }

  @Test(arguments: [
    ("nc.openbsd -l 8080", "nc.openbsd kodos 8080"), ("nc -l -p 8080", "nc kodos 8080"),
    ("ncat -l 8080", "/usr/bin/ncat kodos 8080"),
    ("socat TCP-LISTEN:8080,fork STDIO", "socat STDIO tcp:kodos:8080,keepalive"),
    ("socat - TCP4-L:8080", "socat -u TCP4-CONNECT:kodos:8080 -"),
  ])
  func retransmitLikeAnyOther(server: String, client: String) throws {
    let steps = "power off kodos\nclient types \"x\"\nexpect client read fails ETIMEDOUT as predicted"
    let said = try #require(try said(server, client, steps))
    #expect(said.prediction.limit == "tcp_retries2")
  }

  @Test(arguments: ["socat STDIO TCP:kodos", "socat STDIO OPEN:kodos:8080", "socat STDIO TCP:kodos:http", "socat"])
  func whatIsNotUnderstoodIsNotPredicted(client: String) throws {
    let steps = "power off kodos\nclient types \"x\"\nexpect client read fails ETIMEDOUT"
    #expect(try said("socat TCP-LISTEN:8080 STDIO", client, steps) == nil)
  }

  @Test func onlyWhoClosesAtTheEndOfStreamMakesTheOtherWaitInTIMEWAIT() throws {
    let steps = "interrupt server\nexpect kodos connection is gone as predicted"
    let closes = try said("nc.traditional -l -p 8080", "nc.traditional kodos 8080", steps)
    #expect(closes?.prediction.limit == "TIME_WAIT")
    for program in ["nc.openbsd", "ncat"] {
      let stays = try said("\(program) -l 8080", "\(program) kodos 8080", steps)
      #expect(stays?.prediction.limit == "tcp_fin_timeout")
    }
  }
}
