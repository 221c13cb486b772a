import Testing
import Timeline
import TimerModel

@Suite struct ZeroWindowTests {
  @Test func aSilentPeerIsGivenUpAtTheSixteenthExpiry() throws {
    let prediction = try Kernel().predict(.zeroWindow(.init()))
    #expect(Rounded(937.5, 939.5, digits: 1).agrees(with: prediction.end?.window))
    #expect(prediction.probes == 15...15)
    #expect(prediction.end?.errno == "ETIMEDOUT")
    #expect(prediction.end?.limit == .retries2)
  }

  @Test func everyAnswerBeforeTheSilenceMakesItLonger() throws {
    let saturated = try Kernel().predict(.zeroWindow(.init(answeredBefore: 12)))
    #expect(Rounded(1932.5, 1934.5, digits: 1).agrees(with: saturated.end?.window))
    // Measured on 6.18: one probe answered, and the end 1064.81 s after that; the timeout was 208 ms, since the
    // window had closed with a delayed acknowledgment.
    var path = Path()
    path.rto = .milliseconds(208)
    let one = try Kernel().predict(.zeroWindow(.init(answeredBefore: 1)), path: path)
    #expect(one.end?.window.contains(.milliseconds(1_064_812)) == true, "\(one.end?.window.text ?? "never")")
  }

  @Test func anAnsweringPeerIsKeptForEverUnlessThereIsAUserTimeout() throws {
    let forever = try Kernel().predict(.zeroWindow(.init(answered: true)))
    #expect(forever.end == nil)
    #expect(forever.forever != nil)
    let options = SocketOptions(userTimeout: 30_000)
    let limited = try Kernel().predict(.zeroWindow(.init(answered: true)), options: options)
    #expect(Rounded(30.21, 30.47).agrees(with: limited.end?.window))
    #expect(limited.end?.limit == .userTimeout)
    // Measured: 30.272 s.
    #expect(limited.end?.window.contains(.milliseconds(30_272)) == true)
  }

  @Test func before5Point11AnAnsweringPeerOutlivedTheUserTimeout() throws {
    let kernel = Kernel(version: KernelVersion(5, 10))
    #expect(
      try kernel.predict(.zeroWindow(.init(answered: true)), options: SocketOptions(userTimeout: 5000)).end == nil
    )
  }

  @Test func aQueueThatRefusesIsGivenUpInEightSeconds() throws {
    let prediction = try Kernel().predict(.sending(.init()), path: Path(failure: .local(.queue)))
    // Measured: 7.88 s.
    #expect(Rounded(7.88, 7.91).agrees(with: prediction.end?.window))
    #expect(prediction.retransmissions == 0...0)
  }

  @Test func packetdrillsUserTimeoutProbeDiesWithinATenthOfASecondAfterItsLastCheck() throws {
    // user-timeout-probe.pkt: alive at 3.250 s, or dead soon after, with six probes.
    let prediction = try Kernel().predict(
      .sending(.init()),
      options: SocketOptions(userTimeout: 3000),
      path: Path(failure: .local(.queue))
    )
    let refused = prediction.moments { if case .refused = $0 { true } else { false } }
    #expect(refused.count == 6)
    #expect(Rounded(3.21, 3.24).agrees(with: prediction.end?.window))
  }

  @Test func neverSentDataDiesOfTheProbeTimerWithoutASoftError() throws {
    for refusal in [LocalRefusal.netfilter, .noRoute(errno: "ENETUNREACH")] {
      let prediction = try Kernel().predict(.sending(.init()), path: Path(failure: .local(refusal)))
      #expect(prediction.end?.errno == "ETIMEDOUT")
      #expect(Rounded(937.5, 939.5, digits: 1).agrees(with: prediction.end?.window))
    }
  }

  @Test func aClosedSocketIsGivenUpOnceTheIntervalIsTheLargest() throws {
    let prediction = try Kernel().predict(.zeroWindow(.init(answered: true, orphaned: true)))
    #expect(prediction.end?.limit == .orphanRetries)
    #expect(prediction.end?.errno == nil)
  }
}
