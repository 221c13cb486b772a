import Testing
import Timeline
import TimerModel

@Suite struct SendingTests {
  @Test(arguments: [
    (TickRate.hz250, Rounded(937.69, 939.73)), (.hz1000, Rounded(947.9, 952.0, digits: 1)),
    (.hz100, Rounded(959.6, 964.8, digits: 1)), (.hz300, Rounded(946.9, 960.6, digits: 1)),
  ])
  func silenceEndsAtTheFirstTimerAfter924Seconds(rate: TickRate, window: Rounded) throws {
    let prediction = try Kernel(rate: rate).predict(.sending(.init()))
    #expect(window.agrees(with: prediction.end?.window))
    #expect(prediction.end?.errno == "ETIMEDOUT")
    #expect(prediction.end?.limit == .retries2)
    #expect(prediction.retransmissions == 15...15)
  }

  @Test func theExplanationNamesTheBoundTheLastRetransmissionAndTheEnd() throws {
    #expect(
      try Kernel().predict(.sending(.init())).end?.explanation == """
        tcp_retries2=15: lower bound 924.6 s after the first retransmission; retransmission 15 at 816.86–818.90 s; \
        first timer after the bound at 937.69–939.74 s
        """
    )
  }

  @Test(arguments: [
    // The user timeout in ms, the end, and the retransmissions before it.
    (300, Rounded(0.716, 0.748, digits: 3), 1), (1200, Rounded(1.62, 1.65), 2), (8000, Rounded(8.41, 8.45), 5),
  ])
  func aUserTimeoutCountsFromTheFirstRetransmission(milliseconds: Int, window: Rounded, count: Int) throws {
    let prediction = try Kernel().predict(.sending(.init()), options: SocketOptions(userTimeout: milliseconds))
    #expect(window.agrees(with: prediction.end?.window), "\(prediction.end?.window.text ?? "never")")
    #expect(prediction.end?.limit == .userTimeout)
    #expect(prediction.retransmissions == count...count)
  }

  @Test(arguments: [
    // What tcp_retries2 stands for, in seconds.
    (3, 3.0), (5, 12.6), (8, 102.2), (10, 324.6), (15, 924.6),
  ])
  func retries2IsATimeAndNotACount(value: Int, bound: Double) throws {
    let prediction = try Kernel(settings: [.retries2: value]).predict(.sending(.init()))
    guard case .time(.firstRetransmission, let elapsed, let limit) = prediction.schedule.last?.check?.measure else {
      Issue.record("the end is not decided by a time")
      return
    }
    #expect(abs(limit.inSeconds - bound) < 0.001)
    #expect(elapsed.earliest >= limit)
    #expect(prediction.retransmissionMoments.allSatisfy { $0.latest.inSeconds - 0.412 < bound + 0.5 })
  }

  @Test func aSmallerLargestTimeoutShortensTheWholeTime() throws {
    let prediction = try Kernel(settings: [.rtoMax: 5000]).predict(.sending(.init()))
    #expect(prediction.end?.explanation.contains("61.2 s") == true)
    // Measured: 63.17 s.
    #expect(prediction.end?.window.contains(.milliseconds(63_170)) == true)
    var options = SocketOptions()
    options.rtoMax = 5000
    #expect(try Kernel().predict(.sending(.init()), options: options).end == prediction.end)
  }

  @Test func aLongerRoundTripMovesEveryTimer() throws {
    let prediction = try Kernel().predict(.sending(.init()), path: Path(roundTrip: .milliseconds(100)))
    #expect(Rounded(1001.5, 1003.5, digits: 1).agrees(with: prediction.end?.window))
  }

  @Test func theTailLossProbeComesFirstAndTheTimerStartsAgain() throws {
    let one = try Kernel().predict(.sending(.init(segments: 1)))
    #expect(one.schedule[1].kind == .tailLossProbe)
    #expect(Rounded(0.204, 0.208, digits: 3).agrees(with: one.schedule[1].at))
    #expect(Rounded(0.412, 0.416, digits: 3).agrees(with: one.retransmissionMoments.first))
    let two = try Kernel().predict(.sending(.init(segments: 2)))
    #expect(Rounded(0.004, 0.008, digits: 3).agrees(with: two.schedule[1].at))
    #expect(Rounded(0.212, 0.216, digits: 3).agrees(with: two.retransmissionMoments.first))
    let none = try Kernel(settings: [.earlyRetransmit: 0]).predict(.sending(.init()))
    #expect(!none.schedule.contains { $0.kind == .tailLossProbe })
    #expect(Rounded(0.204, 0.208, digits: 3).agrees(with: none.retransmissionMoments.first))
    #expect(try Kernel(settings: [.sack: 0]).predict(.sending(.init())).end == none.end)
  }

  @Test func aThinStreamBacksOffLaterUnlessCongestionControlIsBBR() throws {
    var options = SocketOptions()
    options.thinLinearTimeouts = true
    let kernel = try Kernel(settings: [.retries2: 6])
    // Measured: 12 retransmissions and the probe in 27.9 s.
    let thin = try kernel.predict(.sending(.init()), options: options)
    #expect(thin.retransmissions == 12...12)
    #expect(thin.end?.window.contains(.milliseconds(27_900)) == true)
    options.lossBasedCongestionControl = false
    #expect(try kernel.predict(.sending(.init()), options: options).end == kernel.predict(.sending(.init())).end)
  }

  @Test func aPowerCycledPeerResetsAfterOneRoundTrip() throws {
    let path = Path(roundTrip: .milliseconds(80), failure: .powerCycled)
    let end = try Kernel().predict(.sending(.init()), path: path).end
    #expect(end?.window == Window(.milliseconds(80)))
    #expect(end?.errno == "ECONNRESET")
    #expect(end?.limit == .reset)
  }

  @Test func theRetransmissionTimeoutMayBeGivenAsSsShowsIt() throws {
    var path = Path()
    path.rto = .milliseconds(408)
    let prediction = try Kernel().predict(.sending(.init()), path: path)
    #expect(Rounded(0.616, 0.648, digits: 3).agrees(with: prediction.retransmissionMoments.first))
  }
}
