import Forecasting
import Judge
import Testing
import Timeline
import TimerModel

@Suite struct WindowTests {
  private let small = "--receive-buffer 4096"
  private let fill = "freeze server\nclient types 20000 bytes\n"

  @Test func anAnsweredFullWindowIsKeptForEver() throws {
    let text = lab(fill + "expect client read fails", client: "--keepalive 1s,1s,3", server: small)
    let said = try #require(try said(text))
    #expect(said.prediction.latest == nil)
    #expect(said.prediction.explanation?.contains("every probe is answered") == true)
  }

  @Test func theUserTimeoutEndsItAndCountsFromTheFirstProbe() throws {
    let text = lab(fill + "expect client read fails as predicted", client: "--user-timeout 5s", server: small)
    let said = try #require(try said(text))
    #expect(said.prediction.limit == "user timeout")
    let count = try #require(said.count)
    // Measured: 5.440, 5.484, 5.490 s after the write.
    #expect(count.earliest >= .milliseconds(5200) && count.earliest <= .milliseconds(5220), "\(said)")
    #expect(count.latest >= .milliseconds(5700) && count.latest <= .milliseconds(5850), "\(said)")
  }

  @Test func everyProbeThatWasAnsweredBeforeTheSilenceMakesItLonger() throws {
    let steps = fill + "after 2s power off kodos\nexpect client read fails as predicted"
    let said = try #require(try said(lab(steps, server: small, sysctl: "tcp_retries2 = 5")))
    #expect(said.prediction.limit == "tcp_retries2")
    // Measured: 32.707 s after the power went, 2 s after the write.
    let (earliest, latest) = (try #require(said.prediction.earliest), try #require(said.prediction.latest))
    #expect(earliest <= .milliseconds(32_600) && latest >= .milliseconds(32_800), "\(said)")
    #expect(latest - earliest < .seconds(4), "\(said)")
  }

  @Test func theUserTimeoutGoesOnCountingWhenTheAnswersCease() throws {
    let steps = fill + "after 1s power off kodos\nexpect client read fails as predicted"
    let said = try #require(try said(lab(steps, client: "--user-timeout 9s", server: small)))
    #expect(said.prediction.limit == "user timeout")
    // Measured: 8.404 to 8.580 s after the power went, 1 s after the write.
    let count = try #require(said.count)
    #expect(count.earliest >= .milliseconds(9200) && count.earliest <= .milliseconds(9220), "\(said)")
    #expect(count.latest >= .milliseconds(9600) && count.latest <= .milliseconds(9850), "\(said)")
  }

  @Test func aMachineThatLostItsMemoryAnswersTheNextProbeWithAnRST() throws {
    let steps = fill + "after 1s power cycle kodos\nexpect client read fails as predicted"
    let said = try #require(try said(lab(steps, server: small, network: "lan")))
    #expect(said.prediction.errorName == "ECONNRESET")
    #expect(said.prediction.limit == "RST")
    // Measured: 0.686 to 0.751 s after the power cycle: the fourth probe.
    let (earliest, latest) = (try #require(said.prediction.earliest), try #require(said.prediction.latest))
    #expect(earliest <= .milliseconds(680) && latest >= .milliseconds(760), "\(said)")
  }

  @Test(arguments: [("100 bytes", false), ("6000 bytes", true)])
  func whatAFrozenProgramsKernelTakesIsAcknowledged(size: String, isInDoubt: Bool) throws {
    let steps = "freeze server\nclient types \(size)\npower off kodos\nexpect client read fails"
    let said = try said(lab(steps, client: "--keepalive 1s,1s,3", server: small))
    // A little is acknowledged, and the connection is idle; of what may or may not fit, nothing is said.
    #expect((said == nil) == isInDoubt)
    if let said { #expect(said.prediction.limit == "keepalive") }
  }
}
