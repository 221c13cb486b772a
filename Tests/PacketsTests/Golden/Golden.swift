import Testing

@testable import Packets

/// Packets that Linux 6.18 sent, recorded with tcpdump in three network namespaces: kang (10.88.1.10, fd00:1::10), a
/// router, and kodos (10.88.2.20, fd00:2::20).
///
/// In the text a packet begins with its time in seconds and, if not all of it is kept, its length on the wire. The lines
/// below it are its bytes in hexadecimal, a line for each part of it and a word for each field: `eth` destination,
/// source, type; `ip` version and header length, class, length, identification, fragment, time to live, protocol,
/// checksum, source, destination; `tcp` ports, sequence, acknowledgment, header length and flags, window, checksum,
/// urgent pointer; `opt` one word an option; `icmp` type, code, checksum, rest, and then what it quotes.
enum Golden {
  /// A recording in its text, named for the reports of tests.
  struct Recording: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String

    init(_ name: String, _ text: String) {
      testDescription = name
      self.text = text
    }
  }

  /// One recorded packet.
  struct Record {
    var time: Int64
    var length: Int?
    var bytes: [UInt8]

    var packet: Packet { Packet(bytes, length: length) }
  }

  static let kang = IPAddress.v4(0x0a58_010a)
  static let kodos = IPAddress.v4(0x0a58_0214)

  static let names = HostNames(hosts: [
    kang: "kang", kodos: "kodos", .v4(0x0a58_0101): "router", .v4(0x0a58_0201): "router",
    .v6(high: 0xfd00_0001_0000_0000, low: 0x10): "kang", .v6(high: 0xfd00_0002_0000_0000, low: 0x20): "kodos",
  ])

  /// All recordings.
  static let all = [
    conversationAtKang, conversationAtKodos, backoffAtKang, backoffAtKodos, tail, withoutSACK, fast, keepalive,
    forgotten, zeroWindow, refused, unread, afterClose, synLost, synAckLost, rejected, hostGone, routerAsksForHost, arp,
    fragments, ipv6AtKang, ipv6AtKodos,
  ]

  /// Reads a recording.
  static func records(_ recording: Recording) -> [Record] {
    var records: [Record] = []
    for line in recording.text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.first == " " {
        records[records.count - 1].bytes += words.dropFirst().flatMap { bytes(hexadecimal: $0) }
      } else {
        let parts = words[0].split(separator: ".").compactMap { Int64($0) }
        let length = words.count > 1 ? Int(words[1]) : nil
        records.append(Record(time: parts[0] * 1_000_000_000 + parts[1], length: length, bytes: []))
      }
    }
    return records
  }

  static func bytes(hexadecimal text: some StringProtocol) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue).map(UInt8.init)
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// What a tracker says of each packet of a recording.
  static func observations(_ recording: Recording) -> [Observation] {
    var tracker = FlowTracker()
    return records(recording).map { tracker.observe($0.packet, at: $0.time) }
  }

  /// The phrases of a recording's packets.
  static func phrases(_ recording: Recording) -> [String] { observations(recording).map(\.phrase) }
}
