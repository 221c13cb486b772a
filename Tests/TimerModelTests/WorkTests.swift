import Testing
import Timeline
import TimerModel

/// Whatever is asked, the answer is found in a bounded number of steps, which in a release build take half a
/// microsecond each.
@Suite struct WorkTests {
  static let situations: [Situation] = [
    .connecting, .sending(.init(firstTransmissionSent: true)), .zeroWindow(.init(answered: true, answeredBefore: 200)),
    .closing(.finUnacknowledged(orphaned: true, unackedSegments: 9)), .idle(.init()),
    .synReceived(acknowledged: true), .closing(.finWait2(orphaned: true)),
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

  @Test(arguments: settings)
  func everyAnswerIsFoundInBoundedWork(settings: [Sysctl: Int]) throws {
    let kernel = try Kernel(hz: .hz100, settings: settings)
    let options = SocketOptions(keepalive: .init(), userTimeout: 1_728_000_000)
    for situation in Self.situations {
      for failure in [Path.Failure.silence, .icmp(.hostUnreachable), .local(.queue), .neighbourGone(known: false)] {
        let prediction = try kernel.predict(situation, options: options, path: Path(failure: failure))
        #expect(prediction.expiries < 500_000, "\(situation), \(failure)")
        #expect((prediction.end == nil) == (prediction.forever != nil))
      }
    }
  }

  /// Hundreds of transmissions might be the first to find the entry gone.
  @Test(arguments: settings.prefix(3))
  func anEntryThatMayGoAtAnyTimeIsAnsweredFromSomeOfThem(settings: [Sysctl: Int]) throws {
    let path = Path(failure: .neighbourGone(known: true))
    let prediction = try Kernel(hz: .hz100, settings: settings).predict(.sending(.init()), path: path)
    #expect(prediction.expiries < 500_000)
    #expect(prediction.end != nil)
  }

  /// The finer the ticks and the longer a later timer, the more starts make a difference.
  @Test func ticksMakeNoMoreWorkThanASecondHolds() throws {
    let longest = SocketOptions(userTimeout: Int(Int32.max))
    let sending = try Kernel(hz: .hz1000, settings: [:]).predict(.sending(.init()), options: longest)
    #expect(sending.expiries < 1_000_000 && sending.end != nil)
    let probes = SocketOptions(keepalive: .init(idle: 1, interval: 32767, count: 127))
    let idle = try Kernel(hz: .hz250, settings: [:]).predict(.idle(.init()), options: probes)
    #expect(idle.expiries < 1_000_000 && idle.end != nil)
  }
}
