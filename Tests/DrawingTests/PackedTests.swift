import Testing
import Timeline

@testable import Drawing

/// The columns in which a page holds its numbers, read back as the page's script does it.
@Suite struct PackedTests {
  /// Reads a column as Page/DataScript.swift does.
  private static func read(_ bytes: [UInt8], count: Int) -> [Int64] {
    var at = 0
    var values: [Int64] = []
    while values.count < count {
      var (base, shift): (UInt64, UInt64) = (0, 0)
      repeat {
        base |= UInt64(bytes[at] & 127) << shift
        shift += 7
        at += 1
      } while bytes[at - 1] > 127
      let least = Int64(bitPattern: base >> 1) ^ -Int64(bitPattern: base & 1)
      let width = Int(bytes[at])
      at += 1
      let length = min(PackedColumn.blockLength, count - values.count)
      for index in 0..<length {
        var distance: UInt64 = 0
        for bit in 0..<width {
          let place = index * width + bit
          distance |= UInt64(bytes[at + place / 8] >> UInt8(place % 8) & 1) << UInt64(bit)
        }
        values.append(least &+ Int64(bitPattern: distance))
      }
      at += (length * width + 7) / 8
    }
    #expect(at == bytes.count)
    return values
  }

  @Test(
    arguments: [
      [], [0], [-1], [7, 7, 7], [.min, .max, 0], [1 << 24, 0], [(1 << 24) - 1, 0], [1 << 40, -1],
      (0..<128).map { $0 }, (0..<129).map { $0 * $0 }, (0..<1000).map { ($0 * 7919) % 1013 - 500 },
      [Int64](repeating: 3, count: 300) + [1 << 33],
    ] as [[Int64]]
  )
  func aColumnIsReadBack(values: [Int64]) {
    #expect(PackedTests.read(PackedColumn(values).bytes, count: values.count) == values)
  }

  @Test func aColumnThatNeverChangesTakesTwoBytesABlock() {
    #expect(PackedColumn([Int64](repeating: 5, count: 1280)).bytes.count == 20)
    // Six bits each, and a head of two bytes a block.
    #expect(PackedColumn((0..<1280).map { $0 % 64 }).bytes.count == 10 * (128 * 6 / 8 + 2))
  }

  @Test func eventsOfOneShapeShareTheirMembers() {
    var texts = TextTable()
    let events = (0..<500).map {
      Event(time: Moment(nanoseconds: $0), host: "kang", body: .step(line: Int($0), text: "a"))
    }
    let packed = PackedEvents(events, &texts)
    #expect(packed.shapeList == [["t", "ckind=step", "chost=kang", "iline", "stext"]])
    #expect(texts.all == ["a"])
    // 500 lines in four blocks of 7 bits, and next to nothing for what is alike.
    #expect(packed.bytes.count < 500)
  }
}
