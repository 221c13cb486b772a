import Testing
import Timeline

@testable import Netlink

@Suite struct NetlinkMessageTests {
  /// A message of this type with this length field, whatever follows.
  private func message(length: UInt32, type: UInt16 = 20, sequence: UInt32 = 7, payload: [UInt8] = []) -> [UInt8] {
    var bytes = NetlinkMessage.request(type: type, flags: 2, sequence: sequence, payload: payload)
    for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(index))) }
    return bytes
  }

  @Test func aRequestIsReadBackAsItWasWritten() throws {
    let bytes = NetlinkMessage.request(type: 20, flags: 0x301, sequence: 3, payload: [1, 2, 3, 4, 5])
    #expect(bytes == [21, 0, 0, 0, 20, 0, 1, 3, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0])
    let read = try #require(NetlinkMessage.all(in: ByteReader(bytes)).first)
    #expect(read.type == 20 && read.flags == 0x301 && read.sequence == 3)
    #expect(read.payload.array == [1, 2, 3, 4, 5])
  }

  @Test(arguments: [0, 1, 15, 17, 4096, UInt32.max])
  func aMessageWithAWrongLengthAndAllBehindItAreLeftOut(length: UInt32) {
    let datagram = message(length: 16) + message(length: length) + message(length: 16)
    #expect(NetlinkMessage.all(in: ByteReader(datagram)).count == (length == 17 ? 2 : 1))
  }

  @Test func attributesEndAtTheFirstThatDoesNotFit() {
    let payload: [UInt8] = [9, 9, 9, 9, 5, 0, 1, 0, 42, 0, 0, 0, 4, 0, 2, 0, 200, 0, 3, 0, 1]
    let attributes = NetlinkMessage.attributes(in: ByteReader(payload), from: 4)
    #expect(attributes.keys.sorted() == [1, 2])
    #expect(attributes[1]?.array == [42])
    #expect(NetlinkMessage.attributes(in: ByteReader([0, 0, 1, 0]), from: 0).isEmpty)
  }

  @Test func aReaderNeverReadsOutside() {
    let reader = ByteReader([1, 2, 3, 4])
    #expect(reader.uint32(at: 0) == 0x0403_0201 && reader.networkUInt16(at: 2) == 0x0304)
    #expect(reader.uint32(at: 1) == nil && reader.uint16(at: 3) == nil && reader.byte(at: 4) == nil)
    #expect(reader.byte(at: -1) == nil && reader.uint32(at: .max) == nil && reader.uint32(at: .min) == nil)
    #expect(reader.part(at: 4, length: 0) != nil && reader.part(at: 2, length: .max) == nil)
    #expect(reader.part(at: 0, length: -1) == nil)
    #expect(reader.part(at: 2, length: 2)?.uint32(at: 0) == nil)
  }

  @Test func theRequestToForgetEveryConnectionNamesNone() {
    #expect(ConnectionTable.request == [20, 0, 0, 0, 2, 1, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  }
}
