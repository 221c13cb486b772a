import Testing
import Timeline
import TimerModel

/// What others have measured and published, where it holds for the kernels of today.
@Suite struct PublishedCaseTests {
  /// Cloudflare's article, Linux 5.2: `moments` lie in the windows of these events.
  private func agree(_ moments: [Double], _ windows: [Window], offset: Double = 0) -> Bool {
    moments.count == windows.count
      && zip(moments, windows).allSatisfy { moment, window in
        window.widened(by: .milliseconds(20)).contains(.milliseconds(Int64((moment - offset) * 1000)))
      }
  }

  private var article: Kernel { Kernel(version: KernelVersion(5, 4)) }

  @Test func cloudflareSYNs() throws {
    let prediction = try article.predict(.connecting)
    let moments = prediction.moments { if case .synRetransmission = $0 { true } else { false } }
    #expect(agree([1.028, 3.044, 7.236, 15.427, 31.560, 64.324], moments))
    #expect(prediction.end?.window.contains(.seconds(130)) == true)
  }

  @Test func cloudflareSYNACKs() throws {
    let prediction = try article.predict(.synReceived(acknowledged: false))
    let moments = prediction.moments { if case .synackRetransmission = $0 { true } else { false } }
    #expect(agree([1.033, 3.045, 7.301, 15.493, 31.621], moments))
    #expect(prediction.end?.window.contains(.milliseconds(64_610)) == true)
  }

  @Test func cloudflareKeepalive() throws {
    let prediction = try article.predict(.idle(.init()), options: IdleTests.options(5, 3, 3))
    #expect(agree([5.083, 8.155, 11.231], prediction.probeMoments))
    #expect(prediction.end?.window.contains(.milliseconds(14_299)) == true)
  }

  @Test(arguments: [
    (5000, [1.001], 12.233), (12_500, [1.022, 12.094], 23.102),
    // Published as "30 s": six probes and 67.235 s are those of any user timeout from 56.4 to 67 s.
    (60_000, [1.027, 12.1, 23.1, 34.1, 45.2, 56.227], 67.235),
  ])
  func cloudflareKeepaliveWithUserTimeout(milliseconds: Int, probes: [Double], end: Double) throws {
    let prediction = try article.predict(
      .idle(.init()),
      options: IdleTests.options(1, 11, 3, userTimeout: milliseconds)
    )
    #expect(agree(probes, prediction.probeMoments))
    #expect(prediction.end?.window.contains(.milliseconds(Int64(end * 1000))) == true)
  }

  @Test func cloudflareRetransmissions() throws {
    // The data was sent at 0.206 s of the article's clock.
    let prediction = try article.predict(.sending(.init()))
    let moments = [
      0.620, 1.048, 1.880, 3.543, 7.000, 13.656, 26.968, 54.616, 107.868, 214.360, 335.192, 456.024, 576.855, 697.692,
      818.524,
    ]
    #expect(agree(moments, prediction.retransmissionMoments, offset: 0.206))
    #expect(prediction.end?.window.contains(.milliseconds(939_500 - 206)) == true)
  }

  @Test func cloudflareIdleAndZeroWindowForEver() throws {
    #expect(try article.predict(.idle(.init())).end == nil)
    #expect(try article.predict(.zeroWindow(.init(answered: true))).end == nil)
  }

  @Test func tcpkatest() throws {
    // Blocked at :54; probes at 1.64, 3.65 and 5.66 s of it, the end 2 s after the last. Idle 10 s, interval 2 s.
    let prediction = try Kernel().predict(.idle(.init()), options: IdleTests.options(10, 2, 3))
    let gaps = zip(prediction.probeMoments.dropFirst(), prediction.probeMoments).map { $0.earliest - $1.earliest }
    #expect(gaps.allSatisfy { $0 >= .seconds(2) && $0 < .milliseconds(2050) })
    #expect(prediction.probes == 3...3)
  }

  @Test func spaMonkeysPostgresClient() throws {
    // 5.15 at 300 Hz: the gaps in milliseconds between retransmissions, each the window of one wheel level.
    let kernel = Kernel(version: KernelVersion(5, 15), rate: .hz300)
    let prediction = try kernel.predict(.sending(.init()))
    #expect(prediction.end?.window.contains(.milliseconds(959_578)) == true)
    // Its other run, and the one with tcp_retries2=6, had a longer way.
    let path = Path(roundTrip: .milliseconds(20))
    #expect(try kernel.predict(.sending(.init()), path: path).end?.window.contains(.milliseconds(975_120)) == true)
    var six = kernel
    try six.set(.retries2, to: 6)
    #expect(try six.predict(.sending(.init()), path: path).end?.window.contains(.milliseconds(29_464)) == true)
    let gaps = [
      424, 823, 1654, 3386, 6615, 13_227, 27_093, 52_905, 105_813, 133_122, 122_880, 122_878, 122_880, 122_881,
    ]
    let moments = prediction.retransmissionMoments
    for (gap, (next, last)) in zip(gaps, zip(moments.dropFirst(), moments)) {
      let shortest = next.earliest - last.latest
      let longest = next.latest - last.earliest
      #expect(Duration.milliseconds(gap + 5) >= shortest && Duration.milliseconds(gap - 5) <= longest)
    }
  }

  @Test func gVisorsUserTimeouts() throws {
    // An ACK after 4 s finds a connection with a user timeout of 5 s alive, one after 7 s does not.
    let end = try Kernel().predict(.sending(.init()), options: SocketOptions(userTimeout: 5000)).end
    #expect((end?.earliest ?? .zero) > .seconds(4))
    #expect((end?.latest ?? .seconds(9)) < .seconds(7))
    // TCP_LINGER2 of 1 s is over after 2 s.
    var options = SocketOptions()
    options.linger2 = 1
    let finWait2 = try Kernel().predict(.closing(.finWait2(orphaned: true)), options: options).end
    #expect((finWait2?.latest ?? .seconds(9)) < .seconds(2))
  }
}

/// The worked examples and tables of the article on PostgreSQL's TCP parameters, beside what Linux really does.
@Suite struct PostgresArticleTests {
  @Test func keepaliveWithoutUserTimeout() throws {
    // 10, 15, 20, and closed at 25 s: each a little later by the timer wheel.
    let prediction = try Kernel().predict(.idle(.init()), options: IdleTests.options(10, 5, 3))
    expectLater(prediction, probes: [10, 15, 20], end: 25, by: 0.62)
  }

  @Test(arguments: [(4500, [10], 15.0), (16_000, [10, 15], 20.0), (37_000, [10, 15, 20, 25, 30, 35], 40.0)])
  func keepaliveWithUserTimeout(milliseconds: Int, probes: [Double], end: Double) throws {
    let prediction = try Kernel().predict(
      .idle(.init()),
      options: IdleTests.options(10, 5, 3, userTimeout: milliseconds)
    )
    expectLater(prediction, probes: probes, end: end, by: 0.98)
  }

  @Test func theirOwnSettingsDieAtTheFourthTimer() throws {
    // idle 2, interval 3, count 3, user timeout 9000: "around the 11 seconds mark", and 13.1 s seen with data.
    let idle = try Kernel().predict(.idle(.init()), options: IdleTests.options(2, 3, 3, userTimeout: 9000))
    expectLater(idle, probes: [2, 5, 8], end: 11, by: 0.41)
    let data = try Kernel().predict(.sending(.init()), options: SocketOptions(userTimeout: 9000))
    #expect(Rounded(9.41, 9.68).agrees(with: data.end?.window))
    #expect(data.retransmissions == 5...5)
  }

  @Test func theTableOfRetransmissionsLeavesOutTheProbeAndTheWheel() throws {
    // Printed: retransmission 1 at 0.200 s … 15 at 804.6 s, given up at 924.6 s; all later on Linux.
    let printed = [
      0.2, 0.6, 1.4, 3.0, 6.2, 12.6, 25.4, 51.0, 102.2, 204.6, 324.6, 444.6, 564.6, 684.6, 804.6,
    ]
    let prediction = try Kernel().predict(.sending(.init()))
    let moments = prediction.retransmissionMoments
    #expect(moments.count == printed.count)
    for (number, moment) in zip(printed, moments) {
      #expect(moment.earliest.inSeconds > number && moment.latest.inSeconds < number * 1.08 + 0.3)
    }
    #expect((prediction.end?.earliest.inSeconds ?? 0) > 924.6 + 13)
  }

  @Test func aUserTimeoutOf1200MillisecondsEndsLaterThanPrinted() throws {
    // Printed: two retransmissions, killed at 1.4 s.
    let prediction = try Kernel().predict(.sending(.init()), options: SocketOptions(userTimeout: 1200))
    #expect(prediction.retransmissions == 2...2)
    #expect(Rounded(1.62, 1.65).agrees(with: prediction.end?.window))
  }

  @Test func aUserTimeoutOf2500MillisecondsStopsSYNs() throws {
    let prediction = try Kernel().predict(.connecting, options: SocketOptions(userTimeout: 2500))
    #expect(Rounded(2.5, 2.54).agrees(with: prediction.end?.window))
    #expect(prediction.retransmissions == 2...2)
  }

  private func expectLater(_ prediction: Prediction, probes: [Double], end: Double, by margin: Double) {
    #expect(prediction.probeMoments.count == probes.count)
    for (printed, moment) in zip(probes + [end], prediction.probeMoments + [prediction.end?.window ?? Window(.zero)]) {
      #expect(moment.earliest.inSeconds >= printed && moment.latest.inSeconds <= printed + margin)
    }
  }
}
