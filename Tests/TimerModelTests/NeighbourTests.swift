import Testing
import Timeline
import TimerModel

@Suite struct NeighbourTests {
  @Test func aNeighbourThatWasJustThereEndsInOneOfTwoWindows() throws {
    var path = Path(failure: .neighbourGone(known: true))
    path.neighbourConfirmedBefore = .seconds(1)
    let prediction = try Kernel().predict(.sending(.init()), path: path)
    #expect(prediction.end?.errno == "EHOSTUNREACH")
    #expect(prediction.end?.limit == .retries2)
    #expect(prediction.ends.count == 2)
    #expect(Rounded(931.6, 933.6, digits: 1).agrees(with: prediction.ends.first))
    #expect(Rounded(958.2, 960.2, digits: 1).agrees(with: prediction.ends.last))
    // Measured: 958.88 s.
    #expect(prediction.ends.last?.contains(.milliseconds(958_880)) == true)
  }

  @Test func aUserTimeoutIsOvershotByOneInterval() throws {
    let prediction = try Kernel().predict(
      .sending(.init()),
      options: SocketOptions(userTimeout: 60_000),
      path: Path(failure: .neighbourGone(known: true))
    )
    // Measured: 80.8 s.
    #expect(prediction.ends.contains { $0.contains(.milliseconds(80_800)) })
    #expect(prediction.end?.limit == .userTimeout)
  }

  @Test func anEntryThatIsGoneMakesTheUserTimeoutCountFromTheWrite() throws {
    let end = try Kernel().predict(
      .sending(.init()),
      options: SocketOptions(userTimeout: 8000),
      path: Path(failure: .neighbourGone(known: false))
    ).end
    // Measured: 8.013 s.
    #expect(end?.window.contains(.milliseconds(8013)) == true)
    #expect(end?.errno == "EHOSTUNREACH")
  }

  @Test func anICMPErrorChangesTheErrnoAndHostUnreachableAlsoTheInterval() throws {
    let port = try Kernel().predict(.sending(.init()), path: Path(failure: .icmp(.portUnreachable)))
    #expect(port.end?.errno == "ECONNREFUSED")
    #expect(port.end?.window == (try Kernel().predict(.sending(.init())).end?.window))
    let host = try Kernel().predict(.sending(.init()), path: Path(failure: .icmp(.hostUnreachable)))
    #expect(host.end?.errno == "EHOSTUNREACH")
    // Measured: 926.6 and 926.7 s.
    #expect(host.end?.window.contains(.milliseconds(926_650)) == true)
    #expect((host.end?.window.width ?? .zero) < .seconds(3))
  }

  @Test func dataUnderWayWhenTheRouteGoesCountsFromTheWrite() throws {
    let lost = try Kernel().predict(
      .sending(.init(firstTransmissionSent: true)),
      path: Path(failure: .local(.noRoute(errno: "ENETUNREACH")))
    )
    #expect(lost.end?.errno == "ENETUNREACH")
    guard case .time(.transmission, _, _) = lost.schedule.last?.check?.measure else {
      Issue.record("the end is not counted from the write")
      return
    }
  }
}
