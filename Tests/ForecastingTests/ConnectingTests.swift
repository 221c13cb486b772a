import Forecasting
import Judge
import Testing
import Timeline
import TimerModel

@Suite struct ConnectingTests {
  private func attempt(_ fault: String, client: String = "", network: String = "routed", sysctl: String? = nil) throws
    -> Said?
  {
    try said(
      lab(
        "\(fault)\nstart client\nexpect client connect fails as predicted",
        client: client,
        network: network,
        sysctl: sysctl ?? "tcp_retries1 = 3",
        connected: false
      )
    )
  }

  private let silence = "drop everything between kang and kodos"

  @Test func aSYNThatNobodyAnswersIsGivenUpAfterTwoMinutesAndAQuarter() throws {
    let said = try #require(try attempt(silence))
    #expect(said.isBetween(133.26, 135.30), "\(said)")
    #expect(said.prediction.errorName == "ETIMEDOUT")
    #expect(said.prediction.limit == "tcp_syn_retries")
    // The clock starts when the program calls connect, not when it is started.
    #expect(said.count?.mark == .entry(peer: "client", call: "connect", after: 9))
  }

  @Test(arguments: [
    ("--user-timeout 5s", 5.02, 5.06, "user timeout"),
    ("--user-timeout 500ms", 1.01, 1.05, "user timeout"),
    ("--syn-retries 1", 3.05, 3.08, "TCP_SYNCNT"),
  ])
  func theSocketsOptionsCount(options: String, earliest: Double, latest: Double, limit: String) throws {
    let said = try #require(try attempt(silence, client: options))
    #expect(said.isBetween(earliest, latest, within: 0.03), "\(said)")
    #expect(said.prediction.limit == limit)
  }

  @Test func aKernelSettingOfTheLabCounts() throws {
    let said = try #require(try attempt(silence, sysctl: "tcp_syn_retries = 2"))
    #expect(said.isBetween(7.10, 7.14, within: 0.05), "\(said)")
  }

  @Test func aKernelSettingOfAnotherHostDoesNot() throws {
    let text = lab("\(silence)\nstart client\nexpect client connect fails", connected: false)
      .replacing("sysctl    tcp_retries1 = 3", with: "sysctl on kodos tcp_syn_retries = 2")
    #expect(try #require(try said(text)).isBetween(133.26, 135.30))
  }

  @Test func aDeadMachineOnTheSameEthernetMissesARP() throws {
    let said = try #require(try attempt("power off kodos", network: "lan"))
    #expect(said.isBetween(3.05, 3.08), "\(said)")
    #expect(said.prediction.errorName == "EHOSTUNREACH")
    #expect(said.prediction.limit == "ARP failure")
  }

  @Test func aDeadMachineBehindARouterIsSilence() throws {
    let said = try #require(try attempt("power off kodos"))
    #expect(said.prediction.errorName == "ETIMEDOUT")
  }

  @Test func thePortThatNobodyListensOnIsAnsweredAtOnce() throws {
    let text = """
      title     Test
      peer      client on kang: dnc kodos 8080
      start     client
      expect    client connect fails
      """
    let refusal = try #require(try said(text))
    #expect(refusal.prediction.errorName == "ECONNREFUSED")
    #expect(refusal.isBetween(0, 0))
  }

  @Test(arguments: [
    ("icmp-net-unreachable", "ENETUNREACH"), ("icmp-host-unreachable", "EHOSTUNREACH"),
    ("icmp-proto-unreachable", "ENOPROTOOPT"), ("icmp-port-unreachable", "ECONNREFUSED"),
    ("icmp-admin-prohibited", "EHOSTUNREACH"),
  ])
  func anICMPErrorComesAtOnceOrWithTheNextSYN(reason: String, errno: String) throws {
    let said = try #require(try attempt("reject from kang to kodos with \(reason)"))
    #expect(said.isBetween(0, 1.04), "\(said)")
    #expect(said.prediction.errorName == errno)
    #expect(said.prediction.limit == "ICMP")
  }

  @Test func anRSTInTheServersNameRefuses() throws {
    let said = try #require(try attempt("reject from kang to kodos with tcp-reset"))
    #expect(said.prediction.errorName == "ECONNREFUSED")
  }

  @Test func anAttemptHasItsNumberOfSYNs() throws {
    let text = lab("\(silence)\nstart client\nexpect kang retransmits as predicted", connected: false)
    #expect(try #require(try said(text)).prediction.retransmissions == 10)
    let old = Kernel(version: KernelVersion(6, 1), rate: .hz250)
    #expect(try #require(try said(text, kernel: old)).prediction.retransmissions == 6)
  }

  @Test func aRequestWhoseClientIsDeadIsForgottenAfterAMinute() throws {
    let steps = """
      drop from kodos to kang flags SYN,ACK
      start client
      power off kang
      expect kodos connection is gone as predicted
      """
    let dead = try #require(try said(lab(steps, connected: false)))
    #expect(dead.isBetween(63.63, 65.67), "\(dead)")
    #expect(dead.prediction.limit == "tcp_synack_retries")
    // The client would send its SYN again if it lived.
    let living = lab(steps.replacing("power off kang\n", with: ""), connected: false)
    #expect(try said(living)?.prediction == nil)
  }
}
