import Testing
import Timeline

@testable import Netlink

@Suite struct DiagnosticsMessageTests {
  /// The payload that Linux 6.18 sent for a client with data unacknowledged, by its fields.
  static let client: [UInt8] =
    [2, 1, 1, 3]  // idiag_family AF_INET, idiag_state ESTABLISHED, idiag_timer on, idiag_retrans
    + [0x81, 0xca, 0x1f, 0x90]  // idiag_sport 33226, idiag_dport 8080
    + [10, 88, 88, 139] + [UInt8](repeating: 0, count: 12)  // idiag_src
    + [10, 88, 88, 140] + [UInt8](repeating: 0, count: 12)  // idiag_dst
    + [0, 0, 0, 0]  // idiag_if
    + [0x0d, 0, 0, 0, 1, 0, 0, 0]  // idiag_cookie
    + [0x40, 0x0d, 0, 0]  // idiag_expires 3392 ms
    + [5, 0, 0, 0]  // idiag_rqueue
    + [22, 0, 0, 0]  // idiag_wqueue
    + [0, 0, 0, 0] + [0x39, 0x30, 0, 0]  // idiag_uid, idiag_inode
    + [108, 0, 2, 0]  // INET_DIAG_INFO with the first 104 bytes of struct tcp_info
    + [1, 4, 3, 0, 3, 7, 0x77, 0]  // state, ca_state, retransmits 3, probes 0, backoff 3, options, wscale, flags
    + [0x00, 0xe7, 0x18, 0]  // rto 1632000 us
    + [UInt8](repeating: 0, count: 56)  // ato ... rcv_ssthresh
    + [0x51, 0, 0, 0]  // rtt 81 us
    + [UInt8](repeating: 0, count: 28)  // rttvar ... rcv_space
    + [4, 0, 0, 0]  // total_retrans

  @Test func everyFieldIsDecoded() throws {
    let message = try #require(DiagnosticsMessage(ByteReader(Self.client)))
    #expect(
      message.sample
        == SocketSample(
          cookie: 0x1_0000_000d,
          local: "10.88.88.139:33226",
          remote: "10.88.88.140:8080",
          state: .established,
          timer: SocketTimer(kind: .retransmission, expiresInMilliseconds: 3392, count: 3),
          receiveQueue: 5,
          sendQueue: 22,
          rto: 1_632_000,
          rtt: 81,
          retransmits: 3,
          probes: 0,
          backoff: 3,
          totalRetransmissions: 4
        )
    )
  }

  @Test func whatAnOlderKernelDoesNotSendIsUnknown() throws {
    // A tcp_info that ends behind tcpi_rto.
    var bytes = Array(Self.client.prefix(72 + 4 + 12))
    bytes[72] = 16
    let sample = try #require(DiagnosticsMessage(ByteReader(bytes))).sample
    #expect(sample.rto == 1_632_000 && sample.rtt == nil && sample.totalRetransmissions == nil)
    let bare = try #require(DiagnosticsMessage(ByteReader(Array(Self.client.prefix(72))))).sample
    #expect(bare.rto == nil && bare.retransmits == nil && bare.timer?.count == 3)
  }

  @Test func aTruncatedMessageOrAnUnknownStateIsNone() {
    for length in 0..<72 { #expect(DiagnosticsMessage(ByteReader(Array(Self.client.prefix(length)))) == nil) }
    var bytes = Self.client
    bytes[1] = 200
    #expect(DiagnosticsMessage(ByteReader(bytes)) == nil)
  }

  @Test(arguments: [
    ([0, 0, 0, 0, 0, 0, 0, 0], "::"), ([0, 0, 0, 0, 0, 0, 0, 1], "::1"), ([0xfd00, 0, 0, 0, 0, 0, 0, 1], "fd00::1"),
    ([0xfe80, 0, 0, 0, 1, 0, 0, 0], "fe80::1:0:0:0"), ([1, 0, 2, 3, 4, 5, 6, 7], "1:0:2:3:4:5:6:7"),
    ([1, 2, 3, 4, 5, 6, 7, 0], "1:2:3:4:5:6:7:0"), ([0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], "2001:db8::1:0:0:1"),
  ])
  func anIPv6AddressIsWrittenAsRFC5952Says(groups: [UInt16], text: String) {
    #expect(AddressText.ipv6(groups) == text)
  }

  @Test func hostileBytesNeverCrashTheDecoder() {
    var generator = SeededGenerator(seed: 0x5eed)
    let datagram = NetlinkMessage.request(type: 20, flags: 2, sequence: 1, payload: Self.client)
    for _ in 0..<20_000 {
      var bytes = datagram + datagram
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[index] =
          [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &generator)]
          .randomElement(using: &generator) ?? 0
      }
      bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
      let messages = NetlinkMessage.all(in: ByteReader(bytes))
      // Each message takes at least its header.
      #expect(messages.count <= bytes.count / NetlinkMessage.headerSize)
      for message in messages {
        guard let decoded = DiagnosticsMessage(message.payload) else { continue }
        #expect(!decoded.sample.local.isEmpty && decoded.identity.count == 48)
      }
    }
  }
}

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
