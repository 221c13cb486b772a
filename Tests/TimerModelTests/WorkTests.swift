import Testing
import Timeline
import TimerModel

/// Whatever is asked, the answer is found in a bounded number of steps, which in a release build take half a
/// microsecond each.
@Suite struct WorkTests {
  static let failures: [Path.Failure] = [
    .silence, .neighbourGone(known: true), .neighbourGone(known: false), .powerCycled, .local(.queue),
    .local(.netfilter), .local(.noRoute(errno: "ENETUNREACH")), .icmp(.hostUnreachable), .icmp(.portUnreachable),
    .icmp(.noRouteV6),
  ]

  static let situations: [Situation] = [
    .connecting, .synReceived(acknowledged: false), .synReceived(acknowledged: true), .sending(.init()),
    .sending(.init(segments: 1000, firstTransmissionSent: true)), .idle(.init()), .zeroWindow(.init()),
    .zeroWindow(.init(answered: true, answeredBefore: 200)), .zeroWindow(.init(answered: true, orphaned: true)),
    .closing(.finUnacknowledged(orphaned: true, unackedSegments: 9)),
    .closing(.finUnacknowledged(orphaned: false, unackedSegments: 0)), .closing(.finWait2(orphaned: true)),
    .closing(.timeWait), .closing(.closeWait),
  ]

  /// Settings at their ends, all at once.
  static let settings: [[Sysctl: Int]] = [
    [.retries2: 255, .synRetries: 127, .synLinearTimeouts: 127, .synackRetries: 255, .orphanRetries: 255],
    [.retries2: 255, .orphanRetries: 255, .rtoMax: 1000, .keepaliveInterval: 0, .keepaliveTime: 0],
    [.retries2: 255, .baseReachable: Int(Int32.max), .keepaliveTime: 2_147_483, .keepaliveInterval: 2_147_483],
    [.multicastSolicitations: 255, .solicitationInterval: Int(Int32.max), .unicastSolicitations: 255],
    [.solicitationInterval: 10, .baseReachable: 10, .delayFirstProbe: 0, .rtoMin: 1, .sack: 0],
    [.rtoMin: Int(Int32.max), .finTimeout: 2_147_483, .keepaliveProbes: 255, .retries2: 0, .synackRetries: 0],
  ]

  @Test(arguments: failures, settings)
  func everyAnswerIsFoundInBoundedWork(failure: Path.Failure, settings: [Sysctl: Int]) throws {
    let kernel = try Kernel(hz: .hz100, settings: settings)
    for situation in Self.situations {
      for userTimeout in [0, 1, 1_728_000_000, Int(Int32.max)] {
        for roundTrip in [Duration.microseconds(50), .seconds(120)] {
          let options = SocketOptions(keepalive: .init(), userTimeout: userTimeout)
          let path = Path(roundTrip: roundTrip, failure: failure)
          let prediction = try kernel.predict(situation, options: options, path: path)
          #expect(prediction.expiries < 60_000, "\(situation), user timeout \(userTimeout), round trip \(roundTrip)")
          #expect((prediction.end == nil) == (prediction.forever != nil))
        }
      }
    }
  }

  /// The finer the ticks and the longer a later timer, the more starts make a difference.
  @Test(arguments: [TickRate.hz250, .hz300, .hz1000])
  func ticksMakeNoMoreWorkThanASecondHolds(rate: TickRate) throws {
    let kernel = try Kernel(hz: rate, settings: [.retries2: 255])
    for (situation, options, failure) in [
      (Situation.sending(.init()), SocketOptions(userTimeout: Int(Int32.max)), Path.Failure.neighbourGone(known: true)),
      (.sending(.init()), .init(userTimeout: 1_728_000_000), .icmp(.hostUnreachable)),
      (.idle(.init()), .init(keepalive: .init(idle: 1, interval: 32767, count: 127)), .silence),
    ] {
      let prediction = try kernel.predict(situation, options: options, path: Path(failure: failure))
      #expect(prediction.expiries < 2_000_000)
      #expect(prediction.end != nil)
    }
  }
}
