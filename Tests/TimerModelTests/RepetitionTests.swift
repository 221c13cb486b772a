import Testing
import Timeline
import TimerModel

/// What only repeats itself is leapt over, and the answer is the same as if each expiry had been followed.
@Suite struct RepetitionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var situation: Situation
    var options = SocketOptions()
    var failure = Path.Failure.silence
    var usesNeighbourDiscovery = false
    var settings: [Sysctl: Int] = [:]
    /// User timeouts in milliseconds, which the options get one after the other; they end in every part of a round.
    var userTimeouts: [Int] = [90_000, 124_111, 200_001]

    var testDescription: String { name }
  }

  private static let shutdown = Situation.closing(.finUnacknowledged(orphaned: false, unackedSegments: 1))
  private static let cases: [Case] = [
    Case(name: "silence, a small largest timeout", situation: .sending(.init()), settings: [.rtoMax: 1000]),
    Case(name: "a FIN", situation: shutdown, settings: [.rtoMax: 1000]),
    Case(
      name: "ICMP host unreachable",
      situation: .sending(.init()),
      failure: .icmp(.hostUnreachable),
      userTimeouts: [300_000, 601_111]
    ),
    Case(
      name: "ICMP port unreachable",
      situation: .sending(.init()),
      failure: .icmp(.portUnreachable),
      settings: [.rtoMax: 1000]
    ),
    Case(name: "ICMPv6 no route", situation: .sending(.init(segments: 3)), failure: .icmp(.noRouteV6)),
    Case(
      name: "a neighbour that was never there",
      situation: .sending(.init()),
      failure: .neighbourGone(known: false),
      userTimeouts: [600_000, 901_111]
    ),
    Case(
      name: "a neighbour that was never there, IPv6",
      situation: .sending(.init()),
      failure: .neighbourGone(known: false),
      usesNeighbourDiscovery: true,
      settings: [.rtoMax: 1000]
    ),
    Case(
      name: "a neighbour that goes",
      situation: .sending(.init()),
      failure: .neighbourGone(known: true),
      settings: [.rtoMax: 2000, .baseReachable: 2000, .delayFirstProbe: 1]
    ),
    Case(
      name: "no route",
      situation: .sending(.init(firstTransmissionSent: true)),
      failure: .local(.noRoute(errno: "ENETUNREACH")),
      settings: [.rtoMax: 1000]
    ),
    Case(name: "a full queue", situation: .sending(.init(firstTransmissionSent: true)), failure: .local(.queue)),
    Case(
      name: "a full queue, by retries",
      situation: .sending(.init(firstTransmissionSent: true)),
      failure: .local(.queue),
      settings: [.retries2: 9],
      userTimeouts: [0]
    ),
    Case(
      name: "a closed socket, by retries",
      situation: .closing(.finUnacknowledged(orphaned: true, unackedSegments: 0)),
      settings: [.orphanRetries: 120, .rtoMax: 1000],
      userTimeouts: [0]
    ),
    Case(name: "idle", situation: .idle(.init()), options: .init(keepalive: .init(idle: 3, interval: 1))),
    Case(
      name: "idle, the timer armed long before",
      situation: .idle(.init(armedBefore: .milliseconds(1234))),
      options: .init(keepalive: .init(idle: 3, interval: 1))
    ),
    Case(
      name: "idle, by count",
      situation: .idle(.init()),
      options: .init(keepalive: .init(idle: 1, interval: 7, count: 127)),
      userTimeouts: [0]
    ),
    Case(name: "an answered zero window", situation: .zeroWindow(.init(answered: true)), settings: [.rtoMax: 1000]),
  ]

  @Test(arguments: cases)
  func theAnswerIsThatOfFollowingEach(subject: Case) throws {
    var hasLeapt = false
    for rate in [TickRate.hz250, .hz300] {
      let kernel = try Kernel(hz: rate, settings: subject.settings)
      for userTimeout in subject.userTimeouts {
        var options = subject.options
        options.userTimeout = userTimeout
        var path = Path(failure: subject.failure)
        path.usesNeighbourDiscovery = subject.usesNeighbourDiscovery
        let leapt = try kernel.predict(subject.situation, options: options, path: path)
        let followed = try kernel.predictFollowingEach(subject.situation, options: options, path: path)
        #expect(leapt.end == followed.end, "\(rate), user timeout \(userTimeout)")
        #expect(leapt.ends == followed.ends, "\(rate), user timeout \(userTimeout)")
        #expect(leapt.retransmissions == followed.retransmissions)
        #expect(leapt.probes == followed.probes)
        #expect(leapt.schedule.last?.check == followed.schedule.last?.check)
        hasLeapt = hasLeapt || leapt.expiries < followed.expiries
      }
    }
    #expect(hasLeapt)
  }

  @Test func theMomentIsTheSameWhereThePhaseIsKnown() throws {
    let clock = JiffyClock(jiffies: 4_295_001_234, atMonotonic: 0, rate: .hz250)
    for start in stride(from: Int64(7_000_000_000), to: 7_300_000_000, by: 61_000_001) {
      let phase = Phase.known(clock, start: start)
      let options = SocketOptions(userTimeout: 200_000)
      let path = Path(failure: .neighbourGone(known: false))
      let leapt = try Kernel().predict(.sending(.init()), options: options, path: path, phase: phase)
      let followed = try Kernel().predictFollowingEach(.sending(.init()), options: options, path: path, phase: phase)
      #expect(leapt.end == followed.end)
      #expect(leapt.end?.window.width == .zero)
    }
  }

  @Test func whatIsLeaptOverIsCounted() throws {
    let options = SocketOptions(userTimeout: 86_400_000)
    let path = Path(failure: .local(.queue))
    let refused = try Kernel().predict(.sending(.init(firstTransmissionSent: true)), options: options, path: path)
    #expect(refused.schedule.contains { $0.what.hasSuffix("attempts more, refused by the own machine") })
    let host = try Kernel().predict(
      .sending(.init()),
      options: options,
      path: Path(failure: .neighbourGone(known: false))
    )
    #expect(host.end?.errno == "EHOSTUNREACH")
    #expect(host.retransmissions.lowerBound > 20_000)
    #expect(host.schedule.contains { $0.what.hasSuffix("retransmissions more") })
  }
}
