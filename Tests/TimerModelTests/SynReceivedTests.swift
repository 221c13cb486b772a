import Testing
import Timeline
import TimerModel

@Suite struct SynReceivedTests {
  @Test func aHalfOpenRequestIsForgottenAfterAMinute() throws {
    let prediction = try Kernel().predict(.synReceived(acknowledged: false))
    #expect(Rounded(63.63, 65.67).agrees(with: prediction.end?.window))
    #expect(prediction.end?.errno == nil)
    #expect(prediction.retransmissions == 5...5)
    let options = SocketOptions(userTimeout: 2000)
    #expect(try Kernel().predict(.synReceived(acknowledged: false), options: options).end == prediction.end)
  }

  @Test func theLargestTimeoutCountsFrom7Point0On() throws {
    let new = try Kernel(7, 0, settings: [.rtoMax: 2000]).predict(.synReceived(acknowledged: false))
    // Measured: 11.1 s on 7.0, 65.4 s on 6.18.
    #expect(new.end?.window.contains(.milliseconds(11_100)) == true)
    let old = try Kernel(settings: [.rtoMax: 2000]).predict(.synReceived(acknowledged: false))
    #expect(old.end?.window.contains(.milliseconds(65_400)) == true)
    // packetdrill's tcp_rto_synack_rto_max.pkt: with 1000 ms a SYN-ACK every second.
    let everySecond = try Kernel(7, 3, settings: [.rtoMax: 1000]).predict(.synReceived(acknowledged: false))
    let moments = everySecond.moments { if case .synackRetransmission = $0 { true } else { false } }
    for (index, moment) in moments.prefix(3).enumerated() {
      #expect(moment.earliest >= .seconds(index + 1) && moment.latest.inSeconds < Double(index + 1) * 1.04)
    }
  }

  @Test func deferredAcceptSendsNothingUntilItsTimeIsOver() throws {
    var options = SocketOptions()
    options.deferAccept = 5
    let prediction = try Kernel().predict(.synReceived(acknowledged: true), options: options)
    let first = prediction.schedule.first { $0.kind == .synackRetransmission(1) }
    // Measured: the SYN-ACK that creates the socket after all comes at 7.17 s.
    #expect(first?.at.contains(.milliseconds(7170)) == true)
    #expect(prediction.retransmissions == 3...3)
  }

  @Test func aRebootedClientOrAnICMPErrorEndsIt() throws {
    let reset = try Kernel().predict(.synReceived(acknowledged: false), path: Path(failure: .powerCycled)).end
    #expect(reset?.limit == .reset)
    #expect(Rounded(1.0, 1.04).agrees(with: reset?.window))
    let icmp = try Kernel().predict(.synReceived(acknowledged: false), path: Path(failure: .icmp(.hostUnreachable)))
    #expect(icmp.end?.limit == .icmp)
  }
}
