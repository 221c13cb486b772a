import Testing
import Timeline

@testable import Tracing

@Suite struct TraceRecordTests {
  static let formats: [Tracepoint: TracepointFormat] = {
    var formats: [Tracepoint: TracepointFormat] = [:]
    formats[.setState] = TracepointFormat(Array(Formats.setState.utf8))
    formats[.sendReset] = TracepointFormat(Array(Formats.sendReset.utf8))
    formats[.retransmitSynAck] = TracepointFormat(Array(Formats.retransmitSynAck.utf8))
    return formats
  }()

  /// A record as a filter writes it: header, then the members behind the record's first eight bytes.
  static func bytes(_ kind: Int32, _ members: [(any FixedWidthInteger, Int)], raw: [UInt8] = []) -> [UInt8] {
    let header: [(any FixedWidthInteger, Int)] = [(UInt64(123_456_789), 8), (UInt64(4711), 8), (kind, 8)]
    return (header + members).flatMap { number, size in
      (0..<size).map { UInt8(truncatingIfNeeded: UInt64(truncatingIfNeeded: number) >> (8 * UInt64($0))) }
    } + raw
  }

  static let stateChange = bytes(
    0,
    [(UInt64(0xFFFF_8881_02DF_2E40), 8), (4, 4), (5, 4), (33226, 2), (8080, 2), (2, 2), (6, 2)],
    raw: [10, 88, 1, 10, 10, 88, 2, 20] + [UInt8](repeating: 0, count: 32)
  )

  @Test func aChangeOfState() throws {
    let record = try #require(TraceRecord(TraceRecordTests.stateChange, formats: TraceRecordTests.formats))
    #expect(record.time == 123_456_789)
    #expect(record.namespace == 4711)
    #expect(record.socket == 0xFFFF_8881_02DF_2E40)
    #expect(record.local == "10.88.1.10:33226")
    #expect(record.remote == "10.88.2.20:8080")
    #expect(record.event == .state(from: .finWait1, to: .finWait2))
  }

  @Test func anIPv6Socket() throws {
    var bytes = TraceRecordTests.stateChange
    bytes[24 + 20] = 10
    bytes[24 + 32...24 + 33] = [0xFD, 0]
    bytes[24 + 47] = 1
    let record = try #require(TraceRecord(bytes, formats: TraceRecordTests.formats))
    #expect(record.local == "[fd00::1]:33226")
    #expect(record.remote == "[::]:8080")
  }

  @Test func whatIsNotTCPIsPassedOver() {
    var bytes = TraceRecordTests.stateChange
    bytes[24 + 22...24 + 23] = [132, 0]
    #expect(TraceRecord(bytes, formats: TraceRecordTests.formats) == nil)
  }

  @Test func aResetHasItsReason() throws {
    func address(_ last: UInt8, _ port: [UInt8]) -> [UInt8] {
      [2, 0] + port + [10, 88, 1, last] + [UInt8](repeating: 0, count: 20)
    }
    let bytes = TraceRecordTests.bytes(
      3,
      [(0, 8), (1, 8), (1, 4), (8, 4)],
      raw: address(10, [0x1F, 0x90]) + address(20, [0x81, 0xCA])
    )
    let record = try #require(TraceRecord(bytes, formats: TraceRecordTests.formats))
    #expect(record.event == .sentReset(state: .established, reason: "TCP_ABORT_ON_DATA"))
    #expect(record.local == "10.88.1.10:8080")
    #expect(record.remote == "10.88.1.20:33226")
  }

  @Test func cutOffAndGarbledRecordsDoNotCrash() {
    let whole = TraceRecordTests.stateChange
    for length in 0..<whole.count {
      _ = TraceRecord(Array(whole[..<length]), formats: TraceRecordTests.formats)
    }
    for place in whole.indices {
      for byte: UInt8 in [0, 1, 3, 127, 128, 255] {
        var garbled = whole
        garbled[place] = byte
        _ = TraceRecord(garbled, formats: TraceRecordTests.formats)
      }
    }
    #expect(TraceRecord([], formats: TraceRecordTests.formats) == nil)
  }
}
