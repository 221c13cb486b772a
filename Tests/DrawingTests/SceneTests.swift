import Judge
import Report
import Testing
import Timeline

@testable import Drawing

@Suite struct SceneTests {
  private let scene = Example.scene()

  private func texts(level: UInt8 = 0) -> [String] { scene.items.filter { $0.level <= level }.map(\.text) }

  @Test func theStoryIsWhatMattersInTheOrderOfTime() {
    #expect(
      texts() == [
        "starts: dnc -l -p 8080", "starts: dnc kodos 8080", "SYN", "SYN-ACK", "ACK, handshake done",
        "connect(socket) = 0", "ESTABLISHED", "power off kodos", "ended by SIGKILL", "types \"hello\"", "data, 6 bytes",
        "retransmission timer 8s", "published: client read fails ETIMEDOUT after 5s (a source)",
        "predicted: ETIMEDOUT, 8.100s to 8.300s (tcp_retries2)", "poll(socket POLLERR) = 1",
        "read(socket) = -1 ETIMEDOUT", "ESTABLISHED → gone",
      ]
    )
  }

  @Test func packetsGoFromLaneToLaneAndLostOnesDieOnTheirWay() throws {
    let arrows = scene.items.filter { $0.kind == .packet }
    #expect(arrows.map(\.lane) == [0, 1, 0, 0])
    #expect(arrows.map(\.target) == [1, 0, 1, 1])
    #expect(arrows.map(\.reach) == [nil, nil, nil, 0.5])
    #expect(arrows.last?.cause == "kodos has no power: power off kodos")
    #expect(arrows.first?.until == Moment(nanoseconds: 12_040_000))
  }

  @Test func aStateLastsUntilTheNextAndATimerUntilItExpires() throws {
    let state = try #require(scene.spans.first { $0.kind == .connection })
    #expect(state.text == "ESTABLISHED")
    #expect((state.from, state.until) == (Moment(nanoseconds: 14_000_000), Moment(nanoseconds: 9_252_000_000)))
    let timer = try #require(scene.spans.first { $0.kind == .timer })
    #expect(timer.expiry == Moment(nanoseconds: 9_230_000_000))
    // The packet of 1.022 s armed it; the sample came later, and the timeout tells how much.
    #expect(timer.from < Moment(nanoseconds: 1_231_000_000) && timer.from >= Moment(nanoseconds: 1_022_000_000))
    #expect(timer.until == Moment(nanoseconds: 9_252_000_000))
  }

  @Test func aProgramIsBlockedFromItsEntryToTheReturn() throws {
    let poll = try #require(scene.spans.last { $0.kind == .call })
    #expect(poll.text == "blocked in poll")
    #expect((poll.from, poll.until) == (Moment(nanoseconds: 14_100_000), Moment(nanoseconds: 9_250_000_000)))
  }

  @Test func aHostWithoutPowerIsOutOfOrderUntilTheEnd() throws {
    let outage = try #require(scene.spans.first { $0.kind == .outage })
    #expect(outage.lane == 1 && outage.text == "no power")
    #expect((outage.from, outage.until) == (Moment(nanoseconds: 1_012_000_000), Moment(nanoseconds: 9_260_000_000)))
  }

  @Test func aVerdictStandsAtItsMomentWithItsWindow() throws {
    let card = try #require(scene.cards.first)
    #expect(card.time == Moment(nanoseconds: 9_251_000_000))
    #expect(card.lines.map(\.name) == ["measured", "predicted", "published"])
    let window = try #require(scene.windows.first)
    #expect(window.from == Moment(nanoseconds: 9_121_000_000))
    #expect(window.until == Moment(nanoseconds: 9_321_000_000))
  }

  @Test func aSocketThatTakesAnothersPlaceIsOneConnection() {
    let events = [
      Example.event(0, host: "kang", .socket(Example.socket(.finWait2))),
      Example.event(10, host: "kang", .socketGone(Example.socket(.finWait2))),
      Example.event(20, host: "kang", .socket(Example.socket(.timeWait))),
      Example.event(90, host: "kang", .socketGone(Example.socket(.timeWait))),
    ]
    let scene = Example.scene(events, verdicts: [])
    #expect(scene.entities.count == 1)
    #expect(scene.spans.filter { $0.kind == .connection }.map(\.text) == ["FIN_WAIT_2", "FIN_WAIT_2", "TIME_WAIT"])
    #expect(scene.items.filter { $0.level == 0 }.map(\.text) == ["FIN_WAIT_2", "TIME_WAIT", "TIME_WAIT → gone"])
  }

  @Test func connectionsStandBesideEachOtherOnlyWhileBothAreThere() {
    func socket(_ port: Int, _ from: Double, _ until: Double) -> [Event] {
      var sample = Example.socket(.established)
      sample.local = "10.88.1.10:\(port)"
      sample.cookie = Int64(port)
      return [
        Example.event(from, host: "kang", .socket(sample)), Example.event(until, host: "kang", .socketGone(sample)),
      ]
    }
    let scene = Example.scene(socket(1, 0, 50) + socket(2, 10, 60) + socket(3, 55, 90), verdicts: [])
    #expect(scene.lanes[0].slots == 2)
    #expect(scene.spans.filter { $0.kind == .connection }.map(\.track) == [0, 1, 0])
    let crowd = (1...9).flatMap { socket($0, Double($0), 100) }
    let crowded = Example.scene(crowd, verdicts: [])
    #expect(crowded.lanes[0].slots == 6 && crowded.crowded == 3)
    #expect(crowded.notes.contains { $0.contains("3 sockets have no bar in their lane") })
  }

  @Test func aHugeTextIsCutAndSaysSo() {
    let long = String(repeating: "x", count: 1_000_000)
    let events = [Example.event(1, host: "kang", peer: "client", .output(stream: .stderr, text: long))]
    let scene = Example.scene(events, verdicts: [])
    #expect(scene.items.first?.text.hasSuffix("… (1000002 bytes in all)") == true)
    #expect((scene.items.first?.text.utf8.count ?? 0) < 500)
  }

  @Test func momentsAtTheLimitsOfTimeAreDrawn() {
    let events = [
      Event(time: Moment(nanoseconds: .max), host: "kang", body: .socket(Example.socket(.established))),
      Event(time: Moment(nanoseconds: .min), host: "kang", body: .note("early")),
      Event(time: Moment(nanoseconds: .max), host: "kang", peer: "p", body: .call(SystemCall(name: "x", took: .max))),
    ]
    let scene = Example.scene(events, verdicts: [Example.verdict])
    let picture = SVGPicture(scene, level: 2, axis: .folded)
    #expect(picture.axis.knots.allSatisfy { $0.y.isFinite })
    #expect(SVGPicture(scene, level: 2, axis: .linear).axis.knots.allSatisfy { $0.y.isFinite })
    #expect(picture.draw(isInline: false).contains("early"))
  }
}
