/// A column of numbers in few bytes: blocks of 128 values, each value as its distance from the least of its block.
///
/// A block is the least value (with its sign folded in, 7 bits a byte), one byte that tells how many bits a distance has,
/// and the distances, the lowest bit first. Distances of more than 24 bits take whole bytes. So a column whose values
/// seldom change takes next to nothing, a reader is at any block after looking at the heads of those before it, and the
/// page's script (Page/DataScript.swift) fills a typed array in one loop.
struct PackedColumn {
  /// How many values a block has.
  static let blockLength = 128

  private(set) var bytes: [UInt8] = []

  init(_ values: [Int64]) {
    for start in stride(from: 0, to: values.count, by: PackedColumn.blockLength) {
      add(values[start..<min(start + PackedColumn.blockLength, values.count)])
    }
  }

  private mutating func add(_ block: ArraySlice<Int64>) {
    var (least, most) = (block[block.startIndex], block[block.startIndex])
    for value in block {
      if value < least { least = value }
      if value > most { most = value }
    }
    bytes.add(signed: least)
    // The distance between two numbers of 64 bits has 64 bits, without a sign.
    let bits = 64 - UInt64(bitPattern: most &- least).leadingZeroBitCount
    let width = bits <= 24 ? bits : (bits + 7) / 8 * 8
    bytes.append(UInt8(width))
    guard width > 0 else { return }
    var (held, count): (UInt64, Int) = (0, 0)
    for value in block {
      var rest = UInt64(bitPattern: value &- least)
      if width > 24 {
        for _ in 0..<width / 8 {
          bytes.append(UInt8(truncatingIfNeeded: rest))
          rest >>= 8
        }
        continue
      }
      held |= rest << UInt64(count)
      count += width
      while count >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: held))
        held >>= 8
        count -= 8
      }
    }
    if count > 0 { bytes.append(UInt8(truncatingIfNeeded: held)) }
  }
}

extension [UInt8] {
  /// Adds a column after its length in bytes, so that a reader can pass over it.
  mutating func add(column values: [Int64]) {
    let column = PackedColumn(values)
    add(UInt64(column.bytes.count))
    self += column.bytes
  }

  /// Adds a number: 7 bits a byte, the lowest first.
  mutating func add(_ number: UInt64) {
    var rest = number
    while rest > 127 {
      append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// Adds a number with a sign: 0, -1, 1, -2, … as 0, 1, 2, 3, ….
  mutating func add(signed number: Int64) {
    add(UInt64(bitPattern: (number << 1) ^ (number >> 63)))
  }
}
