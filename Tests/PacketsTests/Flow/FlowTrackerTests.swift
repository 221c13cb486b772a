import Testing

@testable import Packets

/// A conversation made up segment by segment, to show what recordings do not.
private struct Conversation {
  var tracker = FlowTracker()
  /// Milliseconds.
  var now = 0.0
  var clientStart: UInt32 = 1000
  var serverStart: UInt32 = 5000

  static let client = IPAddress.v4(0x0a00_0001)
  static let server = IPAddress.v4(0x0a00_0002)

  /// A segment `after` milliseconds; numbers count from the SYNs.
  mutating func observe(
    _ fromClient: Bool,
    after: Double = 0.05,
    _ flags: TCPFlags,
    seq: Int,
    ack: Int = 1,
    length: Int = 0,
    window: UInt16 = 500,
    options: [TCPOption] = [],
    sack: [Range<Int>] = []
  ) -> Observation {
    now += after
    let (own, other) =
      fromClient
      ? (SequenceNumber(clientStart), SequenceNumber(serverStart))
      : (SequenceNumber(serverStart), SequenceNumber(clientStart))
    var options = options
    if !sack.isEmpty {
      options.append(.sack(sack.map { .init(start: other + $0.lowerBound, end: other + $0.upperBound) }))
    }
    let (source, destination) =
      fromClient ? (Self.client, Self.server) : (Self.server, Self.client)
    let segment = TCPSegment(
      from: fromClient ? 40000 : 80,
      to: fromClient ? 80 : 40000,
      sequence: own + seq,
      acknowledgment: flags.contains(.ack) ? other + ack : SequenceNumber(0),
      flags: flags,
      window: window,
      options: options,
      payload: [UInt8](repeating: 0x78, count: length)
    ).sealed(source: source, destination: destination)
    let ip = IPv4Header(
      source: source,
      destination: destination,
      carried: .tcp,
      payloadLength: segment.bytes.count
    )
    let packet = Packet(ip.bytes + segment.bytes, link: .rawIP)
    return tracker.observe(packet, at: Int64(now * 1_000_000))
  }

  mutating func client(
    after: Double = 0.05,
    _ flags: TCPFlags = .ack,
    seq: Int,
    ack: Int = 1,
    length: Int = 0,
    window: UInt16 = 500,
    sack: [Range<Int>] = []
  ) -> String {
    observe(true, after: after, flags, seq: seq, ack: ack, length: length, window: window, sack: sack).phrase
  }

  mutating func server(
    after: Double = 0.05,
    _ flags: TCPFlags = .ack,
    seq: Int,
    ack: Int = 1,
    length: Int = 0,
    window: UInt16 = 500,
    sack: [Range<Int>] = []
  ) -> String {
    observe(false, after: after, flags, seq: seq, ack: ack, length: length, window: window, sack: sack).phrase
  }

  /// The three packets of a handshake.
  mutating func connect(options: [TCPOption] = [.sackPermitted]) {
    _ = observe(true, .syn, seq: 0, options: options)
    _ = observe(false, [.syn, .ack], seq: 0, options: options)
    _ = observe(true, .ack, seq: 1)
  }
}

@Suite struct FlowTrackerTests {
  @Test func whatElseWasLostBeforeATimeoutIsRetransmittedInRecovery() {
    var flow = Conversation()
    flow.connect()
    _ = flow.client(seq: 1, length: 100)
    _ = flow.client(seq: 101, length: 100)
    _ = flow.client(seq: 201, length: 100)
    #expect(flow.client(after: 3, seq: 201, length: 100) == "tail loss probe")
    #expect(flow.client(after: 210, seq: 1, length: 100) == "retransmission 1")
    #expect(flow.client(after: 420, seq: 1, length: 100) == "retransmission 2")
    #expect(flow.server(seq: 1, ack: 101) == "ACK")
    #expect(flow.client(seq: 101, length: 100) == "retransmission in recovery")
    #expect(flow.client(seq: 201, length: 100) == "retransmission in recovery")
    // Silence again: the counting begins anew, and there is no probe before everything is acknowledged.
    #expect(flow.client(after: 300, seq: 101, length: 100) == "retransmission 1")
    #expect(flow.server(seq: 1, ack: 301) == "ACK")
    #expect(flow.client(seq: 301, length: 10) == "data")
    #expect(flow.client(after: 201, seq: 301, length: 10) == "tail loss probe")
  }

  @Test func threeDuplicateACKsMakeARetransmissionFast() {
    var flow = Conversation()
    flow.connect(options: [])
    for index in 0..<5 { _ = flow.client(seq: 1 + index * 100, length: 100) }
    #expect(flow.server(seq: 1, ack: 101) == "ACK")
    #expect((1...3).map { _ in flow.server(seq: 1, ack: 101) } == (1...3).map { "duplicate ACK \($0)" })
    #expect(flow.client(seq: 101, length: 100) == "fast retransmission")
  }

  @Test func aRepetitionLongAfterTheLastSegmentIsNoTailLossProbe() {
    var flow = Conversation()
    flow.connect()
    _ = flow.client(seq: 1, length: 10)
    #expect(flow.client(after: 3000, seq: 1, length: 10) == "retransmission 1")
  }

  @Test func aWindowIsUpdatedWithoutBeingZeroBefore() {
    var flow = Conversation()
    flow.connect()
    _ = flow.client(seq: 1, length: 10)
    #expect(flow.server(seq: 1, ack: 11, window: 400) == "ACK")
    #expect(flow.server(seq: 1, ack: 11, window: 600) == "window update")
    #expect(flow.server(seq: 1, ack: 11, window: 0) == "zero window")
    #expect(flow.server(seq: 1, ack: 11, window: 10) == "window opens")
  }

  @Test func probesOfOtherSystemsCarryAByte() {
    var flow = Conversation()
    flow.connect()
    _ = flow.client(seq: 1, length: 10)
    #expect(flow.server(seq: 1, ack: 11) == "ACK")
    // An old byte keeps alive, a new byte asks for room.
    #expect(flow.client(after: 5000, seq: 10, length: 1) == "keepalive probe 1")
    #expect(flow.client(after: 5000, seq: 10, length: 1) == "keepalive probe 2")
    #expect(flow.server(seq: 1, ack: 11) == "keepalive answer")
    #expect(flow.server(seq: 1, ack: 11, window: 0) == "zero window")
    #expect(flow.client(after: 200, seq: 11, length: 1) == "zero-window probe 1")
    #expect(flow.server(seq: 1, ack: 11, window: 0) == "zero-window answer")
    #expect(flow.client(after: 400, seq: 11, length: 1) == "zero-window probe 2")
    #expect(flow.server(seq: 1, ack: 12, window: 100) == "ACK")
    #expect(flow.client(seq: 12, length: 50) == "data")
  }

  @Test func dataThatCameTwiceAreReported() {
    var flow = Conversation()
    flow.connect()
    _ = flow.client(seq: 1, length: 10)
    #expect(flow.server(seq: 1, ack: 11) == "ACK")
    #expect(flow.client(after: 201, seq: 1, length: 10) == "tail loss probe")
    #expect(flow.server(seq: 1, ack: 11, sack: [1..<11]) == "ACK: data came twice")
  }

  @Test func aFINIsRetransmittedByNumber() {
    var flow = Conversation()
    flow.connect(options: [])
    #expect(flow.client([.fin, .ack], seq: 1) == "FIN")
    #expect(flow.client(after: 204, [.fin, .ack], seq: 1) == "FIN retransmission 1")
    #expect(flow.client(after: 408, [.fin, .ack], seq: 1) == "FIN retransmission 2")
    #expect(flow.server(seq: 1, ack: 2) == "ACK")
    #expect(flow.server([.fin, .psh, .ack], seq: 1, ack: 2, length: 5) == "data and FIN")
  }

  @Test func aNewConnectionBetweenTheSamePortsBeginsAnew() {
    var flow = Conversation()
    flow.connect()
    _ = flow.client(seq: 1, length: 10)
    flow.clientStart = 900_000
    #expect(flow.client(.syn, seq: 0) == "SYN")
    // The server still knows the old connection.
    flow.clientStart = 1000
    #expect(flow.server(seq: 1, ack: 11) == "challenge ACK")
    flow.clientStart = 900_000
    #expect(flow.client(after: 1000, .syn, seq: 0) == "SYN retransmission 1")
  }

  @Test func anInexactResetIsChallenged() {
    var flow = Conversation()
    flow.connect()
    _ = flow.client([.rst], seq: 50)
    #expect(flow.server(seq: 1, ack: 1) == "challenge ACK")
    // Long afterwards it is the server's own timer: the reset was lost on the way.
    #expect(flow.server(after: 5000, seq: 0, ack: 1) == "keepalive probe 1")
  }

  @Test func aConnectionFirstSeenInItsMiddleCountsFromThere() {
    var flow = Conversation()
    let first = flow.observe(true, .ack, seq: 777, ack: 333, length: 10, window: 20)
    #expect(first.kind == .data && first.sequence == 1 && first.acknowledgment == 1)
    #expect(first.window == 20 && !first.windowIsScaled)
    #expect(first.line() == "10.0.0.1:40000 → 10.0.0.2:80  ACK  seq 1:11 ack 1 len 10 win 20 unscaled  data")
    let answer = flow.observe(false, .ack, seq: 333, ack: 787)
    #expect(answer.kind == .ack && answer.sequence == 1 && answer.acknowledgment == 11)
  }

  @Test func sequenceNumbersPassTheirEnd() {
    var flow = Conversation()
    flow.clientStart = .max - 5
    flow.connect()
    #expect(flow.client(seq: 1, length: 10) == "data")
    #expect(flow.server(seq: 1, ack: 11) == "ACK")
    let next = flow.observe(true, .ack, seq: 11, length: 10)
    #expect(next.kind == .data && next.sequence == 11)
    #expect(flow.client(after: 201, seq: 11, length: 10) == "tail loss probe")
  }

  @Test(arguments: [([TCPOption.windowScale(7)], 64_000, true), ([], 500, true)])
  func windowsAreScaledIfBothSYNsSaidSo(options: [TCPOption], window: Int, isScaled: Bool) {
    var flow = Conversation()
    flow.connect(options: options)
    let data = flow.observe(true, .ack, seq: 1, length: 10)
    #expect(data.window == window && data.windowIsScaled == isScaled)
  }

  @Test func aResetWithoutDataIsJustAnAbort() {
    var flow = Conversation()
    flow.connect()
    #expect(flow.client([.rst, .ack], seq: 1) == "RST: aborts the connection")
  }

  @Test func aResetCanAnswerASYNACK() {
    var flow = Conversation()
    _ = flow.client(.syn, seq: 0)
    _ = flow.server([.syn, .ack], seq: 0)
    #expect(flow.client(.rst, seq: 1) == "RST: knows no such connection, answers the SYN-ACK")
  }

  @Test func aSYNAfterAResetBeginsAnewEvenWithTheSameNumber() {
    var flow = Conversation()
    _ = flow.client(.syn, seq: 0)
    _ = flow.server([.rst, .ack], seq: -5000, ack: 1)
    #expect(flow.client(.syn, seq: 0) == "SYN")
  }

  @Test func anAnnouncementIsNoRequest() throws {
    var tracker = FlowTracker()
    var message = try #require(ARPMessage(ARPView(WireBytes(Array(Golden.records(Golden.arp)[0].bytes.dropFirst(14))))))
    message.targetAddress = message.senderAddress
    let packet = Packet(content: .arp(message), length: 42)
    #expect(tracker.observe(packet, at: 0).kind == .addressAnnouncement)
    message.operation = ARPMessage.reply
    #expect(tracker.observe(Packet(content: .arp(message), length: 42), at: 0).kind == .addressAnnouncement)
  }

  @Test func theTwoDirectionsHaveOneName() {
    let one = Endpoint(Conversation.client, 1)
    let other = Endpoint(Conversation.server, 2)
    #expect(FlowKey(one, other) == FlowKey(other, one))
    #expect(FlowKey(other, one).description == "10.0.0.1:1 – 10.0.0.2:2")
    #expect(Endpoint(.v6(high: 0xfd00 << 48, low: 1), 80).description == "[fd00::1]:80")
  }
}
