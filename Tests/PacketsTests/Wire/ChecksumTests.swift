import Testing

@testable import Packets

@Suite struct ChecksumTests {
  @Test(arguments: Golden.all)
  func recordedChecksumsFitOrAreLeftToTheHardware(recording: Golden.Recording) {
    for record in Golden.records(recording) {
      let packet = record.packet
      #expect(packet.checksums.header == nil || packet.checksums.header == .correct)
      switch packet.checksums.content {
      case .wrong?: Issue.record("wrong in \(packet)")
      case .unknown?: #expect(record.length != nil)
      case .correct?, .leftToHardware?, nil: break
      }
    }
  }

  @Test func aSegmentIsSealedWithTheRightChecksum() throws {
    let segment = try #require(Golden.records(Golden.refused)[1].packet.tcp)
    var other = segment
    other.checksum = 0x1234
    #expect(other.sealed(source: Golden.kodos, destination: Golden.kang) == segment)
  }

  @Test func aWrongChecksumIsToldWithTheRightOne() throws {
    var bytes = Golden.records(Golden.refused)[1].bytes
    let right = try #require(Packet(bytes).tcp).checksum
    bytes[50] ^= 0x40
    let packet = Packet(bytes)
    #expect(packet.checksums.content == .wrong(found: right ^ 0x4000, right: right))
    bytes[24] ^= 1
    let headerRight = UInt16(bytes[24] ^ 1) << 8 | UInt16(bytes[25])
    #expect(Packet(bytes).checksums.header == .wrong(found: headerRight ^ 0x100, right: headerRight))
  }

  @Test func aChangedByteIsNoticed() {
    // The reset from the recording has a complete checksum.
    let bytes = Golden.records(Golden.refused)[1].bytes
    for offset in 34..<bytes.count where !(50...51).contains(offset) {
      var changed = bytes
      changed[offset] ^= 0x10
      guard let state = Packet(changed).checksums.content else { continue }
      #expect(state != .correct && state != .leftToHardware, "byte \(offset)")
    }
  }
}
