import Sockets
import Testing

@Suite struct TCPInfoTests {
  @Test func everyFieldIsReadAtItsOffset() {
    // Each byte is its own offset, so that a field's value tells where it was read.
    let info = TCPInfo(bytes: (0..<248).map { UInt8($0) })
    func word(_ offset: UInt32) -> UInt32 { offset | (offset + 1) << 8 | (offset + 2) << 16 | (offset + 3) << 24 }
    func long(_ offset: UInt32) -> UInt64 { UInt64(word(offset)) | UInt64(word(offset + 4)) << 32 }
    #expect([info.state, info.congestionState, info.retransmits, info.probes, info.backoff] == [0, 1, 2, 3, 4])
    #expect(info.retransmissionTimeout == word(8))
    #expect(info.sendSegmentSize == word(16))
    #expect(info.unacknowledged == word(24))
    #expect(info.selectivelyAcknowledged == word(28))
    #expect(info.lost == word(32))
    #expect(info.lastDataSent == word(44))
    #expect(info.lastDataReceived == word(52))
    #expect(info.lastAcknowledgmentReceived == word(56))
    #expect(info.pathMTU == word(60))
    #expect(info.roundTripTime == word(68))
    #expect(info.roundTripDeviation == word(72))
    #expect(info.congestionWindow == word(80))
    #expect(info.totalRetransmissions == word(100))
    #expect(info.bytesAcknowledged == long(120))
    #expect(info.bytesReceived == long(128))
    #expect(info.segmentsSent == word(136))
    #expect(info.segmentsReceived == word(140))
    #expect(info.bytesNotSent == word(144))
    #expect(info.shortestRoundTripTime == word(148))
    #expect(info.bytesSent == long(200))
    #expect(info.bytesRetransmitted == long(208))
    #expect(info.peerWindow == word(228))
    #expect(info.ownWindow == word(232))
    #expect(info.totalTimeouts == UInt16(241) << 8 | 240)
  }

  @Test func aSpanAndAnArrayDecodeAlike() {
    let bytes = (0..<104).map { UInt8($0) }
    let fromSpan = unsafe TCPInfo(bytes: bytes.span.bytes)
    #expect(fromSpan == TCPInfo(bytes: bytes))
  }

  @Test func aFieldBeyondTheEndIsAbsent() {
    let info = TCPInfo(bytes: [UInt8](repeating: 1, count: 104))
    #expect(info.totalRetransmissions != nil)
    #expect(info.bytesAcknowledged == nil)
    #expect(info.totalTimeouts == nil)
    #expect(TCPInfo(bytes: [UInt8](repeating: 1, count: 103)).totalRetransmissions == nil)
    #expect(TCPInfo(bytes: []).state == nil)
  }

  @Test func theKernelTellsOfAConnection() throws {
    let pair = try ConnectedPair()
    #expect(Transfer.write(Array("kodos, are you there?\n".utf8)[...], to: pair.client.rawValue) == .written(22))
    #expect(try wait(for: .readable, on: pair.server) == .readable)
    let (client, server) = (try pair.client.info(), try pair.server.info())
    #expect(client.state == 1)
    #expect(client.bytesSent == 22)
    #expect(server.bytesReceived == 22)
    #expect(client.retransmissionTimeout ?? 0 >= 200_000)
    #expect(client.length >= 232)
    #expect(pair.server.receiveQueue == 22)
    #expect(pair.client.sendQueue == 0)
  }
}
