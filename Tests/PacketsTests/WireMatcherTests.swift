import Testing

@testable import Packets

@Suite struct WireMatcherTests {
  private typealias Fate = WireMatcher.Fate

  /// Feeds both ends in the order of their times, kang's packets as sent and kodos's as received, or the other way round.
  private func fates(
    _ near: Golden.Recording,
    _ far: Golden.Recording,
    from sender: IPAddress,
    grace: Int64 = 200_000_000
  ) -> [Fate] {
    var matcher = WireMatcher(grace: grace)
    var fates: [Fate] = []
    var all: [(record: Golden.Record, isNear: Bool, index: Int)] = []
    for (index, record) in Golden.records(near).enumerated() { all.append((record, true, index)) }
    for (index, record) in Golden.records(far).enumerated() { all.append((record, false, index)) }
    all.removeAll { $0.record.packet.ip?.source != sender || $0.record.packet.tcp == nil }
    for (record, isNear, index) in all.sorted(by: { $0.record.time < $1.record.time }) {
      fates += matcher.settle(at: record.time)
      let fate =
        isNear
        ? matcher.sent(record.bytes, at: record.time, id: index)
        : matcher.received(record.bytes, at: record.time, id: index)
      if let fate { fates.append(fate) }
    }
    let end = (all.map(\.record.time).max() ?? 0) + grace + 1
    return fates + matcher.settle(at: end)
  }

  @Test func everyPacketOfAConversationArrivesBehindARouter() {
    for sender in [Golden.kang, Golden.kodos] {
      let (near, far) =
        sender == Golden.kang
        ? (Golden.conversationAtKang, Golden.conversationAtKodos)
        : (Golden.conversationAtKodos, Golden.conversationAtKang)
      let fates = fates(near, far, from: sender)
      #expect(fates.count == (sender == Golden.kang ? 6 : 5))
      for fate in fates {
        guard case .arrived(let sent, let received, let delay) = fate else {
          Issue.record("\(fate)")
          continue
        }
        // Both captures have all packets, in the same order; the router took less than a millisecond.
        #expect(sent == received && delay > 0 && delay < 1_000_000)
      }
    }
  }

  @Test func whatTheRouterDropsIsLostAndNothingElse() {
    let fates = fates(Golden.backoffAtKang, Golden.backoffAtKodos, from: Golden.kang)
    #expect(fates.suffix(7) == (3...9).map { .lost(sent: $0) })
    #expect(fates.count == 9)
  }

  @Test func retransmissionsOverIPv6AreToldApart() throws {
    let fates = fates(Golden.ipv6AtKodos, Golden.ipv6AtKang, from: try #require(IPAddress("fd00:2::20")))
    let arrived = fates.filter { if case .arrived = $0 { true } else { false } }
    // The data, the probe and the first retransmission were dropped; the second got through.
    #expect(arrived.count == 3 && fates.count == 6)
    #expect(fates.filter { if case .lost = $0 { true } else { false } }.count == 3)
  }

  @Test func anAnswerMadeOnTheWayIsStrange() {
    var matcher = WireMatcher(grace: 100)
    let reset = Golden.records(Golden.rejected)[5]
    #expect(matcher.received(reset.bytes, at: 1000, id: 1) == nil)
    #expect(matcher.nextSettlement == 1101)
    #expect(matcher.settle(at: 1100).isEmpty)
    #expect(matcher.settle(at: 1101) == [.strange(received: 1)])
    #expect(matcher.nextSettlement == nil)
  }

  @Test func theFarCaptureMayBeReadFirst() {
    var matcher = WireMatcher(grace: 100)
    let bytes = Golden.records(Golden.arp)[0].bytes
    #expect(matcher.received(bytes, at: 1010, id: 5) == nil)
    #expect(matcher.sent(bytes, at: 1000, id: 4) == .arrived(sent: 4, received: 5, delay: 10))
  }

  @Test func ofEqualPacketsTheOneWithTheUsualDelayArrived() {
    var matcher = WireMatcher(grace: 1000)
    let bytes = Golden.records(Golden.arp)[0].bytes
    _ = matcher.sent(bytes, at: 0, id: 1)
    _ = matcher.sent(bytes, at: 500, id: 2)
    #expect(matcher.received(bytes, at: 520, id: 3) == .arrived(sent: 2, received: 3, delay: 20))
    #expect(matcher.settle(at: 2000) == [.lost(sent: 1)])
  }

  @Test func equalPacketsOnALongWireArriveInOrder() {
    var matcher = WireMatcher(grace: 1000)
    let bytes = Golden.records(Golden.arp)[0].bytes
    let other = Golden.records(Golden.arp)[4].bytes
    _ = matcher.sent(other, at: 0, id: 0)
    #expect(matcher.received(other, at: 300, id: 0) == .arrived(sent: 0, received: 0, delay: 300))
    for id in 1...3 { _ = matcher.sent(bytes, at: Int64(id) * 100, id: id) }
    for id in 1...3 {
      #expect(
        matcher.received(bytes, at: Int64(id) * 100 + 310, id: id) == .arrived(sent: id, received: id, delay: 310)
      )
    }
  }

  @Test func aPacketIsNotPairedWithOneThatCameBeforeItOrTooLate() {
    var matcher = WireMatcher(grace: 100)
    let bytes = Golden.records(Golden.arp)[0].bytes
    _ = matcher.sent(bytes, at: 1000, id: 1)
    #expect(matcher.received(bytes, at: 999, id: 2) == nil)
    #expect(matcher.received(bytes, at: 1101, id: 3) == nil)
    #expect(matcher.settle(at: 3000) == [.strange(received: 2), .lost(sent: 1), .strange(received: 3)])
  }

  @Test(arguments: [Golden.kang, Golden.kodos])
  func aPacketWhoseAddressesAreTranslatedIsPairedWhereThatIsSaid(sender: IPAddress) throws {
    let records = Golden.records(sender == Golden.kang ? Golden.conversationAtKang : Golden.conversationAtKodos)
    let record = try #require(records.first { $0.packet.ip?.source == sender && $0.packet.tcp != nil })
    var translated = record.bytes
    // IPv4's addresses, and TCP's ports and checksum, in a frame without a VLAN tag.
    for index in Array(26..<34) + Array(34..<38) + [24, 25, 50, 51] { translated[index] ^= 0x55 }
    for isTranslated in [false, true] {
      var matcher = WireMatcher(grace: 1000, isTranslated: isTranslated)
      #expect(matcher.sent(record.bytes, at: 0, id: 1) == nil)
      let fate = matcher.received(translated, at: 10, id: 2)
      #expect(fate == (isTranslated ? .arrived(sent: 1, received: 2, delay: 10) : nil))
    }
  }
}
