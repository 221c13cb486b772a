import Testing

@testable import Packets

/// What the tracker says of recorded traffic; ss and the program's errno told the same stories.
@Suite struct GoldenFlowTests {
  @Test func aConversationIsToldFromItsFirstPacketToItsLast() {
    let phrases = ["SYN", "SYN-ACK", "handshake done", "data", "ACK", "data", "ACK", "FIN", "ACK", "FIN", "ACK"]
    #expect(Golden.phrases(Golden.conversationAtKang) == phrases)
    #expect(Golden.phrases(Golden.conversationAtKodos) == phrases)
  }

  @Test func dataWithoutAnswerAreProbedOnceAndThenRetransmittedByNumber() {
    #expect(
      Golden.phrases(Golden.backoffAtKang).dropFirst(3) == [
        "data", "tail loss probe", "retransmission 1", "retransmission 2", "retransmission 3", "retransmission 4",
        "retransmission 5",
      ]
    )
  }

  @Test func aTailLossProbeCarriesTheLastSegment() {
    #expect(
      Golden.phrases(Golden.tail).dropFirst(3) == [
        "data", "FIN", "tail loss probe (with FIN)", "retransmission 1 (with FIN)", "retransmission 2 (with FIN)",
      ]
    )
  }

  @Test func withoutSACKThereIsNoTailLossProbe() {
    #expect(Golden.phrases(Golden.withoutSACK).dropFirst(4) == ["retransmission 1", "retransmission 2"])
  }

  @Test func aSegmentThatIsKnownToBeLostIsRetransmittedFast() {
    #expect(
      Golden.phrases(Golden.fast)[7...11] == ["data", "data", "duplicate ACK 1", "fast retransmission", "ACK"]
    )
  }

  @Test func keepaliveProbesAreCountedSinceThePeerWasHeard() {
    #expect(
      Golden.phrases(Golden.keepalive).dropFirst(3) == [
        "keepalive probe 1", "keepalive answer", "keepalive probe 1", "keepalive probe 2", "keepalive probe 3",
        "RST: gives up after 3 keepalive probes",
      ]
    )
  }

  @Test func zeroWindowProbesAreCountedSinceTheWindowClosed() {
    #expect(
      Golden.phrases(Golden.zeroWindow).dropFirst(10) == [
        "zero window", "zero-window probe 1", "zero-window answer", "zero-window probe 2", "zero-window probe 3",
        "zero-window answer", "window opens", "data",
      ]
    )
  }

  @Test(arguments: [
    (Golden.refused, "RST: nobody listens on that port"),
    (Golden.unread, "RST: aborts the connection, perhaps with unread data"),
    (Golden.afterClose, "RST: closed already, answers data"),
    (Golden.forgotten, "RST: knows no such connection, answers a keepalive probe"),
  ])
  func aResetSaysWhatItAnswers(recording: Golden.Recording, phrase: String) {
    #expect(Golden.phrases(recording).last == phrase)
  }

  @Test func handshakesThatDoNotComeAboutAreCounted() {
    #expect(
      Golden.phrases(Golden.synLost) == [
        "SYN", "SYN retransmission 1", "SYN retransmission 2", "SYN retransmission 3",
      ]
    )
    #expect(
      Golden.phrases(Golden.synAckLost) == [
        "SYN", "SYN-ACK", "SYN-ACK retransmission 1", "SYN retransmission 1", "SYN-ACK retransmission 2",
        "SYN retransmission 2", "SYN-ACK retransmission 3",
      ]
    )
  }

  @Test func anICMPErrorIsAboutAConnection() throws {
    let rejected = Golden.observations(Golden.rejected)
    #expect(rejected[1].kind == .icmpError && rejected[1].connection == rejected[0].connection)
    #expect(rejected[1].sequence == 0)
    let gone = Golden.observations(Golden.hostGone)
    #expect(gone.suffix(3).allSatisfy { $0.kind == .icmpError && $0.connection == gone[0].connection })
  }

  @Test func requestsForAnAddressAreCountedUntilTheAnswer() {
    #expect(Golden.phrases(Golden.routerAsksForHost) == ["request 1", "request 2", "request 3", "request 4"])
    #expect(
      Golden.observations(Golden.arp).map(\.kind) == [
        .addressRequest(1), .addressRequest(2), .addressRequest(3), .icmpError, .addressRequest(1), .addressReply,
        .other, .other,
      ]
    )
  }

  @Test func overIPv6TheStoryIsTheSame() {
    let kinds = Golden.observations(Golden.ipv6AtKodos).filter { $0.packet.tcp != nil }.map(\.kind)
    #expect(
      kinds == [
        .syn, .synAck, .handshakeAck, .data, .ack, .data, .tailLossProbe, .retransmission(1), .retransmission(2), .ack,
      ]
    )
    let neighbours = Golden.observations(Golden.ipv6AtKodos).prefix(2).map(\.kind)
    #expect(neighbours == [.addressRequest(1), .addressReply])
  }

  @Test(arguments: [
    (Golden.conversationAtKang, 0, "kang:44228 → kodos:8080  SYN  seq 0 len 0 win 64240 mss 1460 sackOK wscale 10"),
    (Golden.conversationAtKang, 2, "kang:44228 → kodos:8080  ACK  seq 1 ack 1 len 0 win 64512  handshake done"),
    (Golden.conversationAtKang, 4, "kodos:8080 → kang:44228  ACK  seq 1 ack 23 len 0 win 65536"),
    (Golden.backoffAtKang, 9, "kang:38706 → kodos:8080  PSH ACK  seq 1:23 ack 1 len 22 win 64512  retransmission 5"),
    (Golden.fast, 9, "kodos:8080 → kang:33388  ACK  seq 1 ack 204 len 0 win 65536 sack 307:411  duplicate ACK 1"),
    (Golden.refused, 1, "kodos:9999 → kang:55798  RST ACK  seq 0 ack 1 len 0  RST: nobody listens on that port"),
    (Golden.rejected, 1, "router → kang  ICMP  host unreachable  about kang:42838 → kodos:8083 seq 0"),
    (Golden.routerAsksForHost, 3, "router → all  ARP  who has 10.88.2.99?  request 4"),
    (Golden.arp, 5, "router → kang  ARP  10.88.1.1 is at 02:00:00:00:01:01  reply"),
    (Golden.fragments, 1, "kang → kodos  ICMP  fragment at 1480, len 528"),
    (Golden.ipv6AtKang, 0, "kang → ff02::1:ff00:1  ICMPv6  who has fd00:1::1?  request 1"),
    (Golden.ipv6AtKang, 7, "kang:57364 → [fd00:2::99]:8080  SYN  seq 0 len 0 win 64800 mss 1440 sackOK wscale 10"),
  ])
  func aPacketIsALineThatAPersonReads(recording: Golden.Recording, index: Int, line: String) {
    #expect(Golden.observations(recording)[index].line(names: Golden.names) == line)
  }
}
