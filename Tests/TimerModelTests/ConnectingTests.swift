import Testing
import Timeline
import TimerModel

@Suite struct ConnectingTests {
  @Test(arguments: [
    // TCP_SYNCNT, retransmissions, end; with four linear timeouts (6.5 and later).
    (1, 2, Rounded(3.05, 3.08)), (2, 5, Rounded(7.11, 7.14)), (3, 7, Rounded(19.3, 19.6, digits: 1)),
    (4, 8, Rounded(35.5, 35.7, digits: 1)), (5, 9, Rounded(67.7, 69.8, digits: 1)),
    (6, 10, Rounded(133.26, 135.30)), (7, 11, Rounded(254.1, 256.1, digits: 1)),
    (8, 12, Rounded(374.9, 377.0, digits: 1)),
  ])
  func synCountSince6Point5(count: Int, retransmissions: Int, window: Rounded) throws {
    let prediction = try Kernel().predict(.connecting, options: SocketOptions(synCount: count))
    #expect(window.agrees(with: prediction.end?.window), "\(prediction.end?.window.text ?? "never")")
    #expect(prediction.retransmissions == retransmissions...retransmissions)
    #expect(prediction.end?.limit == .synCount)
  }

  @Test(arguments: [
    (1, Rounded(3.0, 3.05, digits: 1)), (2, Rounded(7.0, 7.3, digits: 1)), (3, Rounded(15.2, 15.5, digits: 1)),
    (4, Rounded(31.4, 31.6, digits: 1)), (5, Rounded(63.6, 65.7, digits: 1)), (6, Rounded(129.16, 131.20)),
    (7, Rounded(250.0, 252.0, digits: 1)), (8, Rounded(370.8, 372.9, digits: 1)),
  ])
  func synCountBefore6Point5(count: Int, window: Rounded) throws {
    let kernel = Kernel(version: KernelVersion(6, 1))
    let prediction = try kernel.predict(.connecting, options: SocketOptions(synCount: count))
    #expect(window.agrees(with: prediction.end?.window), "\(prediction.end?.window.text ?? "never")")
    #expect(prediction.retransmissions == count...count)
  }

  @Test func theDefaultsTakeTwoMinutes() throws {
    let prediction = try Kernel().predict(.connecting)
    #expect(Rounded(133.26, 135.30).agrees(with: prediction.end?.window))
    #expect(prediction.end?.limit == .synRetries)
    #expect(prediction.end?.errno == "ETIMEDOUT")
    let nominal = [1, 2, 3, 4, 5, 7, 11, 19, 35, 67]
    let moments = prediction.moments { if case .synRetransmission = $0 { true } else { false } }
    #expect(
      zip(moments, nominal).allSatisfy { $0.earliest >= .seconds($1) && $0.latest.inSeconds <= Double($1) * 1.05 }
    )
    #expect(moments.count == nominal.count)
  }

  @Test func aUserTimeoutDoesNotExtendTheCount() throws {
    let prediction = try Kernel().predict(.connecting, options: SocketOptions(userTimeout: 200_000))
    // Measured: 133.99 s.
    #expect(prediction.end?.window.contains(.milliseconds(133_990)) == true)
    #expect(prediction.end?.limit == .synRetries)
  }

  @Test func nothingIsLookedAtBeforeTheFirstTimeout() throws {
    let end = try Kernel().predict(.connecting, options: SocketOptions(userTimeout: 500)).end
    #expect((end?.earliest ?? .zero) >= .seconds(1))
    #expect(end?.limit == .userTimeout)
  }

  @Test func aQueueThatRefusesIsTriedEveryHalfSecond() throws {
    let prediction = try Kernel().predict(
      .connecting,
      options: SocketOptions(synCount: 2),
      path: Path(failure: .local(.queue))
    )
    #expect(Rounded(4.07, 4.10).agrees(with: prediction.end?.window))
  }

  @Test func anUnknownNeighbourIsGivenUpAfterThreeRequests() throws {
    let prediction = try Kernel().predict(.connecting, path: Path(failure: .neighbourGone(known: false)))
    #expect(Rounded(3.05, 3.08).agrees(with: prediction.end?.window))
    #expect(prediction.end?.errno == "EHOSTUNREACH")
    #expect(prediction.end?.limit == .arpFailure)
    let short = try Kernel().predict(
      .connecting,
      options: SocketOptions(userTimeout: 500),
      path: Path(failure: .neighbourGone(known: false))
    )
    #expect(short.end?.errno == "ETIMEDOUT")
  }

  @Test func aKnownNeighbourIsMissedAtALaterSYN() throws {
    let prediction = try Kernel().predict(.connecting, path: Path(failure: .neighbourGone(known: true)))
    #expect(prediction.ends.count > 1)
    #expect(prediction.ends.allSatisfy { $0.earliest > .seconds(11) && $0.latest < .seconds(75) })
  }

  @Test(arguments: ICMPError.allCases)
  func anICMPErrorEndsTheAttempt(error: ICMPError) throws {
    var path = Path(failure: .icmp(error))
    let remote = try Kernel().predict(.connecting, path: path).end
    #expect(remote?.window == Window(.microseconds(50)))
    #expect(remote?.errno == error.errno)
    // Within one machine the first comes in while connect holds the socket. Measured: 1.004 to 1.028 s.
    path.withinOneMachine = true
    let local = try Kernel().predict(.connecting, path: path).end
    #expect(Rounded(1.0, 1.032, digits: 2).agrees(with: local?.window), "\(local?.window.text ?? "never")")
    #expect(local?.errno == error.errno)
    #expect(local?.limit == .icmp)
  }

  @Test func noRouteAndRefusalAreToldAtOnce() throws {
    let noRoute = try Kernel().predict(.connecting, path: Path(failure: .local(.noRoute(errno: "ENETUNREACH")))).end
    #expect(noRoute?.window == Window(.zero))
    #expect(noRoute?.errno == "ENETUNREACH")
    let refused = try Kernel().predict(.connecting, path: Path(failure: .powerCycled)).end
    #expect(refused?.errno == "ECONNREFUSED")
    #expect(refused?.limit == .reset)
  }

  @Test func netfiltersDropInTheOutputChainIsSilence() throws {
    #expect(
      try Kernel().predict(.connecting, path: Path(failure: .local(.netfilter))).end
        == Kernel().predict(.connecting).end
    )
  }
}
