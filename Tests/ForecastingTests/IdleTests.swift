import Forecasting
import Judge
import Testing
import Timeline
import TimerModel

@Suite struct IdleTests {
  private let silence = "drop everything between kang and kodos"

  private func death(_ options: String, _ steps: String? = nil, server: String = "", network: String = "routed") throws
    -> Said?
  {
    try said(
      lab(
        "\(steps ?? silence)\nexpect client read fails as predicted",
        client: options,
        server: server,
        network: network
      )
    )
  }

  /// The idle examples of The Vanishing Thread and of Cloudflare's article.
  @Test(arguments: [
    ("--keepalive 10s,5s,3", 25.360, 25.616),
    ("--keepalive 10s,5s,3 --user-timeout 4500ms", 15.120, 15.376),
    ("--keepalive 10s,5s,3 --user-timeout 16s", 20.240, 20.496),
    ("--keepalive 10s,5s,3 --user-timeout 37s", 40.720, 40.976),
    ("--keepalive 2s,3s,3 --user-timeout 9s", 11.152, 11.408),
    ("--keepalive 5s,3s,3", 14.219, 14.475),
    ("--keepalive 1s,11s,3 --user-timeout 5s", 12.004, 12.290),
    ("--keepalive 1s,11s,3 --user-timeout 12500ms", 23.012, 23.298),
  ])
  func keepaliveEndsASilence(options: String, earliest: Double, latest: Double) throws {
    let said = try #require(try death(options))
    #expect(said.isBetween(earliest, latest, within: 0.03), "\(said)")
    #expect(said.prediction.errorName == "ETIMEDOUT")
    // The last packet is the handshake's, long before the network died.
    #expect(said.count?.mark == .call(peer: "client", name: "connect", after: 7))
  }

  @Test func theDelayBeforeTheFaultIsNotWaitedAgain() throws {
    let said = try #require(try death("--keepalive 10s,5s,3", "after 4s \(silence)"))
    #expect(said.isBetween(25.360, 25.616), "\(said)")
    // From the deed it is 4 s less, and running the steps may have taken a moment.
    let earliest = try #require(said.prediction.earliest)
    let latest = try #require(said.prediction.latest)
    #expect(earliest >= .seconds(21) && earliest <= .milliseconds(21_360))
    #expect(latest >= .milliseconds(21_616) && latest <= .seconds(22))
  }

  @Test func whatLastsCountsFromTheDeed() throws {
    let watched = "client types \"hello\"\nexpect client is told nothing for 3s\n\(silence)"
    let said = try #require(try death("--keepalive 10s,5s,3", watched))
    let latest = try #require(said.prediction.latest)
    #expect(latest < .seconds(23), "\(said)")
  }

  @Test func dataThatCameThroughStartsTheSilenceAnew() throws {
    let said = try #require(try death("--keepalive 10s,5s,3", "after 4s client types \"hello\"\n\(silence)"))
    #expect(said.count?.mark == .call(peer: "client", name: "write", after: 8))
    // The timer was armed before, and is armed again for what is left of the 10 s.
    let count = try #require(said.count)
    #expect(count.earliest >= .milliseconds(25_300) && count.latest <= .milliseconds(25_950), "\(said)")
  }

  @Test func theServersKeepaliveCountsFromItsAccept() throws {
    let text = lab("power off kang\nexpect server read fails as predicted", server: "--keepalive 2s,1s,3")
    let said = try #require(try said(text))
    #expect(said.isBetween(5.07, 5.10), "\(said)")
    #expect(said.count?.mark == .exit(peer: "server", call: "accept", after: 7))
  }

  @Test func aMachineWithoutMemoryAnswersTheFirstProbe() throws {
    let said = try #require(try death("--keepalive 3s,1s,3", "power cycle kodos", network: "lan"))
    #expect(said.isBetween(3.004, 3.256, within: 0.03), "\(said)")
    #expect(said.prediction.errorName == "ECONNRESET")
    #expect(said.prediction.limit == "RST")
  }

  @Test func withoutKeepaliveItNeverEnds() throws {
    let said = try #require(try death("--user-timeout 3s"))
    #expect(said.prediction.earliest == nil && said.prediction.latest == nil)
    #expect(said.prediction.explanation?.contains("no timer at all") == true)
  }

  @Test func oneLostProbeIsDeadlyOnlyIfTheNextTimerEndsIt() throws {
    let loss = "after 500ms drop the next packet from kang to kodos"
    let deadly = try #require(try death("--keepalive 5s,2s,3 --user-timeout 4s", loss))
    #expect(deadly.isBetween(7.05, 7.31, within: 0.05), "\(deadly)")
    #expect(deadly.prediction.limit == "user timeout")
    #expect(try death("--keepalive 5s,2s,3", loss) == nil)
  }

  @Test func aConnectionThatNobodyLooksAtIsGoneAllTheSame() throws {
    let steps = "client types \"connect\"\n\(silence)\nexpect kang connection is gone as predicted"
    let gone = try #require(try said(lab(steps, client: "--repl --keepalive 1s,1s,3")))
    #expect(gone.isBetween(4.07, 4.11, within: 0.05), "\(gone)")
    // Its read comes when it is typed.
    let read = "client types \"connect\"\n\(silence)\nexpect client read fails as predicted"
    #expect(try said(lab(read, client: "--repl --keepalive 1s,1s,3")) == nil)
  }
}
