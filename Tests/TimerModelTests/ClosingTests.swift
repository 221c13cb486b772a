import Testing
import Timeline
import TimerModel

@Suite struct ClosingTests {
  static let orphan = Situation.closing(.finUnacknowledged(orphaned: true, unackedSegments: 0))

  @Test(arguments: [
    (0, Rounded(106.2, 108.2, digits: 1)), (8, Rounded(106.2, 108.2, digits: 1)), (1, Rounded(1.66, 1.69)),
    (3, Rounded(6.62, 6.87)),
  ])
  func anOrphansFINIsGivenUpAfterOrphanRetries(value: Int, window: Rounded) throws {
    let prediction = try Kernel(settings: [.orphanRetries: value]).predict(Self.orphan)
    #expect(window.agrees(with: prediction.end?.window))
    #expect(prediction.end?.limit == .orphanRetries)
    #expect(prediction.end?.errno == nil)
  }

  @Test func aUserTimeoutOverridesOrphanRetries() throws {
    let end = try Kernel().predict(Self.orphan, options: SocketOptions(userTimeout: 3000)).end
    #expect(Rounded(3.42, 3.42).agrees(with: end?.window))
    #expect(end?.limit == .userTimeout)
  }

  @Test func aSocketThatIsOnlyShutDownIsTreatedAsData() throws {
    let shutDown = try Kernel().predict(.closing(.finUnacknowledged(orphaned: false, unackedSegments: 0)))
    #expect(shutDown.end == (try Kernel().predict(.sending(.init())).end))
  }

  @Test func packetdrillsUserTimeoutCloseRepeatsItsFIN() throws {
    // user_timeout.pkt: FIN again after 0.3 to 0.4, 0.3 to 0.4 and 0.6 to 0.8 s there, with a round trip of 100 ms.
    let path = Path(roundTrip: .milliseconds(100))
    let moments = try Kernel().predict(Self.orphan, options: SocketOptions(userTimeout: 3000), path: path).schedule
      .filter { $0.kind != .transmission }.map(\.at.earliest)
    let gaps = zip(moments, [.zero] + moments).map { ($0 - $1).inSeconds }
    #expect((0.3...0.4).contains(gaps[0]) || (0.4...0.41).contains(gaps[0]))
    #expect((0.3...0.4).contains(gaps[1]))
    #expect((0.6...0.8).contains(gaps[2]))
  }

  @Test(arguments: [
    // TCP_LINGER2, nil for the sysctl's 60 s.
    (nil, Rounded(60.0, 62.05)), (30, Rounded(30.0, 32.05)), (62, Rounded(4.02, 4.05)), (65, Rounded(10.12, 10.38)),
    (90, Rounded(60.72, 62.77)), (120, Rounded(121.44, 123.49)), (300, Rounded(121.44, 123.49)),
  ])
  func finWait2BeyondAMinuteWaitsOnlyTheExcessTwice(linger2: Int?, window: Rounded) throws {
    var options = SocketOptions()
    options.linger2 = linger2
    let prediction = try Kernel().predict(.closing(.finWait2(orphaned: true)), options: options)
    #expect(window.agrees(with: prediction.end?.window), "\(prediction.end?.window.text ?? "never")")
    #expect(prediction.end?.limit == (linger2 == nil ? .finTimeout : .linger2))
  }

  @Test func aNegativeLinger2IsAResetAtOnce() throws {
    var options = SocketOptions()
    options.linger2 = -1
    #expect(try Kernel().predict(.closing(.finWait2(orphaned: true)), options: options).end?.window == Window(.zero))
  }

  @Test(arguments: [(TickRate.hz250, Rounded(60.0, 62.05)), (.hz100, Rounded(60.0, 65.1, digits: 1))])
  func timeWaitIsAMinute(rate: TickRate, window: Rounded) throws {
    let prediction = try Kernel(rate: rate).predict(.closing(.timeWait))
    #expect(window.agrees(with: prediction.end?.window))
    #expect(prediction.end?.limit == .timeWait)
  }

  @Test func closeWaitAndAnUnclosedFinWait2HaveNoLimit() throws {
    #expect(try Kernel().predict(.closing(.closeWait)).end == nil)
    #expect(try Kernel().predict(.closing(.finWait2(orphaned: false))).end == nil)
    let options = IdleTests.options(1, 1, 1)
    let reset = try Kernel().predict(.closing(.closeWait), options: options, path: Path(failure: .powerCycled)).end
    #expect(reset?.errno == "EPIPE")
  }
}
