import Testing

@testable import Packets

@Suite struct PacketReadingTests {
  /// kang's first data segment in the recorded conversation.
  private var data: Golden.Record { Golden.records(Golden.conversationAtKang)[3] }

  private func with(_ bytes: [UInt8], _ changes: [Int: UInt8]) -> [UInt8] {
    var bytes = bytes
    for (offset, value) in changes { bytes[offset] = value }
    return bytes
  }

  @Test(arguments: Golden.all)
  func whatIsReadIsWrittenAgainByteForByte(recording: Golden.Recording) {
    for record in Golden.records(recording) {
      let packet = record.packet
      #expect(packet.defects.isEmpty)
      guard record.length == nil else { continue }
      #expect(packet.bytes == record.bytes)
    }
  }

  @Test func everyFieldOfASegmentIsRead() throws {
    let packet = Packet(data.bytes)
    let segment = try #require(packet.tcp)
    #expect(packet.ip?.source == Golden.kang && packet.ip?.destination == Golden.kodos && packet.ip?.hopLimit == 64)
    #expect(segment.sourcePort == 44228 && segment.destinationPort == 8080)
    #expect(segment.flags == [.psh, .ack] && segment.flags.description == "PSH ACK")
    #expect(segment.window == 63 && segment.length == 22)
    #expect(segment.payload.array == Array("kodos, are you there?\n".utf8))
    guard case .timestamps? = segment.options.last else {
      Issue.record("no timestamps in \(segment.options)")
      return
    }
    #expect(segment.options.prefix(2) == [.noOperation, .noOperation])
  }

  @Test func theOptionsOfASYNAreRead() throws {
    let segment = try #require(Golden.records(Golden.conversationAtKang)[0].packet.tcp)
    #expect(segment.options.map(\.kind) == [2, 4, 8, 1, 3])
    #expect(segment.options.first == .maximumSegmentSize(1460) && segment.windowScale == 10)
  }

  @Test func aPacketCutOffAnywhereShowsWhatIsThere() {
    for length in 0..<data.bytes.count {
      let packet = Packet(Array(data.bytes.prefix(length)))
      #expect(!packet.defects.isEmpty)
      #expect((packet.ethernet != nil) == (length >= 14))
      #expect((packet.ip != nil) == (length >= 34))
      #expect((packet.tcp != nil) == (length >= 66))
      // A part missing makes the checksum impossible to verify, not wrong.
      #expect(packet.checksums.content == (length >= 66 ? .unknown : nil))
    }
  }

  @Test func theCaptureEndingEarlyIsNoDefect() throws {
    let packet = Packet(Array(data.bytes.prefix(70)), length: data.bytes.count)
    #expect(packet.defects.isEmpty && packet.bytes == nil)
    let segment = try #require(packet.tcp)
    #expect(segment.length == 22 && segment.payload.count == 4)
  }

  /// A recorded segment with some bytes changed and cut after so many, and what is said of it.
  struct Damage {
    var changes: [Int: UInt8]
    var length: Int
    var defect: String?

    init(_ changes: [Int: UInt8], _ length: Int, _ defect: String?) {
      (self.changes, self.length, self.defect) = (changes, length, defect)
    }
  }

  static let damages: [Damage] = [
    Damage([:], 12, "Ethernet header short: 12 of 14 bytes"),
    Damage([14: 0x44], 60, "IPv4 header: header length is 16, must be at least 20"),
    Damage([14: 0x4f], 60, "IPv4 header short: 46 of 60 bytes"),
    Damage([14: 0x65], 60, "IPv4 header of an unknown kind"),
    Damage([16: 0, 17: 19], 88, "IPv4 packet: length is 19, must be at least 20"),
    Damage([16: 1], 88, "IPv4 packet short: 74 of 330 bytes"),
    Damage([46: 0x40], 88, "TCP header: header length is 16, must be at least 20"),
    Damage([46: 0xf0], 88, "TCP header short: 54 of 60 bytes"),
    Damage([54: 2, 55: 0], 88, "TCP options: length of option 2 is 0, must be at least 2"),
    Damage([54: 2, 55: 200], 88, "TCP options short: 12 of 200 bytes"),
    Damage([65: 77], 88, nil),
    Damage([12: 0x81, 13: 0], 16, "Ethernet header short: 16 of 20 bytes"),
  ]

  @Test(arguments: damages)
  func aDefectIsNamed(damage: Damage) {
    let packet = Packet(Array(with(data.bytes, damage.changes).prefix(damage.length)))
    #expect(packet.defects.first?.description == damage.defect)
  }

  @Test func anOptionWithoutItsLengthIsADefectOfTheOptions() throws {
    let bytes = with(data.bytes, Dictionary(uniqueKeysWithValues: (54..<65).map { ($0, UInt8(1)) }))
    let packet = Packet(with(bytes, [65: 77]))
    #expect(packet.defects.map(\.description) == ["TCP options short: 12 of 13 bytes"])
    #expect(try #require(packet.tcp).options.count == 11)
  }

  @Test func aVLANTagIsPassedOver() throws {
    let tagged = Array(data.bytes.prefix(12)) + [0x81, 0, 0x20, 7] + Array(data.bytes.dropFirst(12))
    let packet = Packet(tagged)
    #expect(packet.ethernet?.tags.map(\.number) == [7] && packet.tcp?.length == 22 && packet.bytes == tagged)
    let twice = Array(tagged.prefix(12)) + [0x88, 0xa8, 0, 1] + Array(tagged.dropFirst(12))
    #expect(Packet(twice).ethernet?.tags.map(\.number) == [1, 7] && Packet(twice).tcp != nil)
  }

  @Test func paddingOfAShortFrameIsNoData() throws {
    let ack = Golden.records(Golden.conversationAtKang)[2]
    let packet = Packet(ack.bytes + [UInt8](repeating: 0xaa, count: 14))
    #expect(packet.tcp?.length == 0 && packet.defects.isEmpty && packet.checksums.content == .leftToHardware)
  }

  @Test func framesOfOtherKindsAreNamed() {
    let lldp = Array(data.bytes.prefix(12)) + [0x88, 0xcc, 1, 2, 3]
    #expect(Packet(lldp).content == .frame(EtherType(rawValue: 0x88cc), length: 3))
    let spanningTree = Array(data.bytes.prefix(12)) + [0, 38, 0x42, 0x42, 3]
    #expect(Packet(spanningTree).content == .frame(EtherType(rawValue: 38), length: 3))
    #expect(
      EtherType(rawValue: 38).description == "802.3 frame"
        && EtherType(rawValue: 0x88cc).description == "EtherType 0x88cc"
    )
  }

  @Test func aPacketWithoutStatedLengthIsAsLongAsItsFrame() {
    // What the kernel hands to the network card to be cut, if it is larger than the length field can say.
    let packet = Packet(with(data.bytes, [16: 0, 17: 0]))
    #expect(packet.tcp?.length == 22 && packet.defects.isEmpty)
  }

  @Test func aRawPacketBeginsWithItsIPHeader() {
    #expect(Packet(Array(data.bytes.dropFirst(14)), link: .rawIP).tcp?.length == 22)
    let six = Golden.records(Golden.ipv6AtKang).first { $0.packet.tcp != nil }
    #expect(six.map { Packet(Array($0.bytes.dropFirst(14)), link: .rawIP).tcp != nil } == true)
    #expect(Packet([], link: .rawIP).defects.map(\.description) == ["IPv4 header short: 0 of 20 bytes"])
  }

  @Test func fragmentsAreToldFromWholePackets() throws {
    let packets = Golden.records(Golden.fragments).map(\.packet)
    #expect(packets[0].ip?.fragment?.more == true && packets[0].ip?.fragment?.offset == 0)
    #expect(packets[1].content == .fragment(of: .icmp, offset: 1480, length: 528))
    guard case .icmp(let message) = packets[0].content, case .echoRequest(_, 1) = message.meaning else {
      Issue.record("no echo request")
      return
    }
  }
}
