import Testing

@testable import Packets

@Suite struct TCPOptionTests {
  private static let block = TCPOption.SACKBlock(start: SequenceNumber(1000), end: SequenceNumber(2000))

  @Test(arguments: [
    (TCPOption.noOperation, "01"), (.end(padding: [0, 0]), "000000"), (.maximumSegmentSize(1460), "020405b4"),
    (.windowScale(10), "03030a"), (.sackPermitted, "0402"), (.sack([block]), "050a000003e8000007d0"),
    (.timestamps(value: 1, echo: 2), "080a0000000100000002"), (.fastOpen(cookie: []), "2202"),
    (.fastOpen(cookie: [1, 2, 3, 4]), "220601020304"), (.unknown(kind: 30, data: [9]), "1e0309"),
    // An option of a length that it cannot have is kept as it came.
    (.unknown(kind: 2, data: [1]), "020301"), (.unknown(kind: 5, data: [1, 2, 3]), "0505010203"),
    (.unknown(kind: 34, data: [1]), "220301"), (.unknown(kind: 254, data: [0xf9, 0x89]), "fe04f989"),
  ])
  func anOptionIsWrittenAsItIsRead(option: TCPOption, hexadecimal: String) {
    let bytes = Golden.bytes(hexadecimal: hexadecimal)
    #expect(option.bytes == bytes)
    let read = TCPOption.read(WireBytes(bytes))
    #expect(read.options == [option] && read.defect == nil)
  }

  @Test func optionsBeforeAMistakeAreKept() {
    let read = TCPOption.read(WireBytes([2, 4, 5, 0xb4, 8, 10, 1]))
    #expect(read.options == [.maximumSegmentSize(1460)])
    #expect(read.defect?.description == "TCP options short: 7 of 14 bytes")
  }

  @Test func aWindowIsNeverScaledByMoreThanFourteenBits() {
    let segment = TCPSegment(
      from: 1,
      to: 2,
      sequence: SequenceNumber(0),
      acknowledgment: SequenceNumber(0),
      flags: .syn,
      window: 1,
      options: [.windowScale(200)]
    )
    #expect(segment.windowScale == 14)
  }
}
