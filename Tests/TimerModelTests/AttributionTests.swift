import Testing
import Timeline
import TimerModel

@Suite struct AttributionTests {
  @Test(arguments: [
    (
      MeasuredEnd(errno: "ETIMEDOUT", elapsed: .milliseconds(939_231), retransmissions: 15, timer: .retransmission),
      SocketOptions(), Limit.retries2
    ),
    (MeasuredEnd(errno: "ETIMEDOUT", elapsed: .milliseconds(133_990)), SocketOptions(), .synRetries),
    (
      MeasuredEnd(errno: "ETIMEDOUT", elapsed: .milliseconds(25_483), probes: 3, timer: .keepalive),
      IdleTests.options(10, 5, 3), .keepalive
    ),
    (
      MeasuredEnd(errno: "ETIMEDOUT", elapsed: .milliseconds(40_922), probes: 6, timer: .keepalive),
      IdleTests.options(10, 5, 3, userTimeout: 37_000), .userTimeout
    ),
    (MeasuredEnd(errno: nil, elapsed: .milliseconds(61_000), timer: .timeWait), SocketOptions(), .timeWait),
    (MeasuredEnd(errno: nil, elapsed: .milliseconds(107_000), timer: .retransmission), SocketOptions(), .orphanRetries),
  ])
  func anEndIsExplainedByItsLimit(end: MeasuredEnd, options: SocketOptions, limit: Limit) {
    let best = Kernel().attributions(of: end, options: options).first
    #expect(best?.limit == limit)
    #expect(best?.fits == true)
    #expect(best?.distance == .zero)
  }

  @Test func anEndThatNoLimitExplainsFitsNone() {
    let end = MeasuredEnd(errno: "ETIMEDOUT", elapsed: .seconds(500), situation: .sending(.init()))
    let best = Kernel().attributions(of: end).first
    #expect(best?.fits == false)
    #expect((best?.distance ?? .zero) > .seconds(400))
  }

  @Test func theWrongErrnoOrCountDoesNotFit() {
    let reset = MeasuredEnd(errno: "ECONNRESET", elapsed: .milliseconds(939_000), situation: .sending(.init()))
    #expect(Kernel().attributions(of: reset).first?.fits == false)
    let few = MeasuredEnd(
      errno: "ETIMEDOUT",
      elapsed: .milliseconds(939_000),
      situation: .sending(.init()),
      retransmissions: 4
    )
    #expect(Kernel().attributions(of: few).first?.fits == false)
  }

  @Test func anARPFailureIsToldByTheFault() {
    let end = MeasuredEnd(errno: "EHOSTUNREACH", elapsed: .milliseconds(3061), situation: .connecting)
    let best = Kernel().attributions(of: end, path: Path(failure: .neighbourGone(known: false))).first
    #expect(best?.limit == .arpFailure)
    #expect(best?.fits == true)
  }
}
