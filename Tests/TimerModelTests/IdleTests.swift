import Testing
import Timeline
import TimerModel

@Suite struct IdleTests {
  static func options(_ idle: Int, _ interval: Int, _ count: Int, userTimeout: Int = 0) -> SocketOptions {
    SocketOptions(keepalive: .init(idle: idle, interval: interval, count: count), userTimeout: userTimeout)
  }

  @Test(arguments: [
    // Idle, interval, count, user timeout; probes, window; measured on 6.18.
    (options(10, 5, 3), 3, Rounded(25.360, 25.616), [25.483, 25.384]),
    (options(10, 5, 3, userTimeout: 4500), 1, Rounded(15.120, 15.376), [15.356, 15.183]),
    (options(10, 5, 3, userTimeout: 16_000), 2, Rounded(20.240, 20.496), [20.330, 20.272]),
    (options(10, 5, 3, userTimeout: 37_000), 6, Rounded(40.720, 40.976), [40.922, 40.751]),
    (options(2, 3, 3, userTimeout: 9000), 3, Rounded(11.152, 11.408), [11.291, 11.332]),
  ])
  func workedExamples(options: SocketOptions, probes: Int, window: Rounded, measured: [Double]) throws {
    let prediction = try Kernel().predict(.idle(.init()), options: options)
    #expect(window.agrees(with: prediction.end?.window))
    #expect(prediction.probes == probes...probes)
    #expect(prediction.end?.limit == (options.userTimeout > 0 ? .userTimeout : .keepalive))
    for moment in measured {
      #expect(prediction.end?.window.contains(.milliseconds(Int64(moment * 1000))) == true)
    }
  }

  @Test(arguments: [(TickRate.hz250, Rounded(7882, 8013, digits: 0)), (.hz1000, Rounded(7900, 8163, digits: 0))])
  func theDefaultsTakeMoreThanTwoHours(rate: TickRate, window: Rounded) throws {
    let prediction = try Kernel(rate: rate).predict(.idle(.init()), options: SocketOptions(keepalive: .init()))
    #expect(window.agrees(with: prediction.end?.window), "\(prediction.end?.window.text ?? "never")")
    #expect(prediction.probes == 9...9)
  }

  @Test func withoutKeepaliveThereIsNoEndWhateverTheUserTimeout() throws {
    let prediction = try Kernel().predict(.idle(.init()), options: SocketOptions(userTimeout: 5000))
    #expect(prediction.end == nil)
    #expect(prediction.ends.isEmpty)
    #expect(prediction.forever?.contains("no timer") == true)
  }

  @Test(arguments: [
    Path.Failure.neighbourGone(known: true), .icmp(.hostUnreachable), .local(.netfilter),
    .local(.noRoute(errno: "ENETUNREACH")),
  ])
  func otherFailuresAreSilenceToAProbe(failure: Path.Failure) throws {
    let options = Self.options(10, 5, 3)
    let prediction = try Kernel().predict(.idle(.init()), options: options, path: Path(failure: failure))
    #expect(prediction.end == (try Kernel().predict(.idle(.init()), options: options).end))
  }

  @Test func aQueueThatRefusesEveryProbeKeepsTheConnectionForEver() throws {
    let prediction = try Kernel().predict(
      .idle(.init()),
      options: Self.options(1, 1, 3),
      path: Path(failure: .local(.queue))
    )
    #expect(prediction.end == nil)
    #expect(prediction.forever != nil)
  }

  @Test func aPowerCycledPeerAnswersTheFirstProbeWithAReset() throws {
    let end = try Kernel().predict(
      .idle(.init()),
      options: Self.options(1, 1, 3),
      path: Path(failure: .powerCycled)
    ).end
    // Measured: 1.017 s.
    #expect(end?.window.contains(.milliseconds(1017)) == true)
    #expect(end?.errno == "ECONNRESET")
  }

  @Test func aPacketAfterTheTimerWasArmedMovesTheProbesAndNotTheTimer() throws {
    let prediction = try Kernel().predict(
      .idle(.init(armedBefore: .milliseconds(500))),
      options: Self.options(10, 5, 3)
    )
    // The timer of 10 s is due 9.5 s after the packet, and finds only 9.5 s of silence.
    #expect(prediction.schedule.contains { $0.kind == .keepaliveRestart })
    #expect(Rounded(10.0, 10.03).agrees(with: prediction.probeMoments.first))
  }

  @Test func aCountOfZeroFromTheSysctlEndsWithoutAProbe() throws {
    let prediction = try Kernel(settings: [.keepaliveProbes: 0]).predict(
      .idle(.init()),
      options: SocketOptions(keepalive: .init(idle: 1))
    )
    #expect(prediction.probes == 0...0)
    #expect(Rounded(1.0, 1.032).agrees(with: prediction.end?.window))
  }
}
