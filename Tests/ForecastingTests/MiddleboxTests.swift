import LabScript
import Testing
import Timeline

/// Middle boxes that forget, and IPv6.
@Suite struct MiddleboxTests {
  /// What is said of the last expectation of a lab behind a middle box, the client's port of call being `target`.
  private func forecast(
    _ box: String,
    _ steps: String,
    client: String = "",
    server: String = "",
    target: String = "kodos"
  )
    throws -> Said?
  {
    let text = lab(steps, client: client, server: server)
      .replacing("network   routed\n", with: "network   routed\nmiddlebox \(box)\n")
      .replacing("\(client) kodos 8080", with: "\(client) \(target) 8080")
    return try said(text)
  }

  private static let write = "after 9s client types \"hello\"\nexpect client read fails as predicted"

  @Test func whatIsSentAfterTheIdleTimeIsDroppedOrReset() throws {
    let drop = try #require(try forecast("nat for kang idle 5s then drop", Self.write))
    #expect(drop.prediction.errorName == "ETIMEDOUT" && drop.prediction.limit == "tcp_retries2")
    let reset = try #require(try forecast("firewall idle 5s then reset", Self.write))
    #expect(reset.prediction.errorName == "ECONNRESET")
    let balancer = try #require(try forecast("balancer for kodos idle 5s then reset", Self.write, target: "balancer"))
    #expect(balancer.prediction.errorName == "ECONNRESET")
  }

  @Test(arguments: ["idle 20s then drop", "idle 9s then drop", "idle 5s then pick-up"])
  func nothingIsSaidOfWhatPasses(box: String) throws {
    #expect(try forecast("firewall \(box)", Self.write) == nil)
  }

  @Test func keepaliveShorterThanTheIdleTimeKeepsTheConnectionKnown() throws {
    #expect(try forecast("firewall idle 5s then drop", Self.write, client: "--keepalive 2s,1s,3") == nil)
    #expect(try forecast("firewall idle 5s then drop", Self.write, server: "--keepalive 2s,1s,3") == nil)
  }

  @Test func keepaliveLongerThanTheIdleTimeEndsIt() throws {
    let wait = "expect client read fails as predicted"
    let drop = try #require(
      try forecast("firewall idle 5s then drop", wait, client: "--keepalive 10s,1s,3")
    )
    #expect(drop.prediction.errorName == "ETIMEDOUT" && drop.prediction.limit == "keepalive")
    let reset = try #require(
      try forecast("firewall idle 5s then reset", wait, client: "--keepalive 10s,1s,3")
    )
    #expect(reset.prediction.errorName == "ECONNRESET")
    // The server's probes keep it known.
    #expect(
      try forecast("firewall idle 5s then drop", wait, client: "--keepalive 10s,1s,3", server: "--keepalive 2s,1s,3")
        == nil
    )
  }

  @Test func whatIsForgottenIsForgottenWhateverItsAge() throws {
    let steps = "forget flows\nclient types \"hello\"\nexpect client read fails as predicted"
    #expect(try forecast("firewall idle 99s then drop", steps)?.prediction.errorName == "ETIMEDOUT")
    #expect(try forecast("nat for kang idle 99s then pick-up", steps) == nil)
    let server = steps.replacing("client", with: "server")
    #expect(try forecast("nat for kang idle 99s then pick-up", server)?.prediction.errorName == "ECONNRESET")
  }

  @Test(arguments: [
    ("icmp-net-unreachable", "ENETUNREACH"), ("icmp-host-unreachable", "EHOSTUNREACH"),
    ("icmp-port-unreachable", "ECONNREFUSED"), ("icmp-admin-prohibited", "EACCES"),
  ])
  func icmpv6ErrorsHaveTheirOwnErrno(reason: String, errno: String) throws {
    let text = lab(
      "reject from kang to kodos with \(reason)\nclient types \"x\"\nexpect client read fails as predicted",
      network: "routed over IPv6"
    )
    #expect(try said(text)?.prediction.errorName == errno)
  }
}
