/// A part of a packet's bytes, read at offsets that are checked: what lies outside is `nil`.
///
/// Numbers are in network order, the most significant byte first. Parts share the packet's storage.
public struct WireBytes: Sendable {
  private let storage: [UInt8]
  private let start: Int
  /// How many bytes there are.
  public let count: Int

  /// All of `bytes`.
  public init(_ bytes: [UInt8] = []) {
    self.init(bytes, start: 0, count: bytes.count)
  }

  private init(_ storage: [UInt8], start: Int, count: Int) {
    self.storage = storage
    self.start = start
    self.count = count
  }

  /// The bytes, copied.
  public var array: [UInt8] { Array(slice) }

  /// The bytes, as a part of the packet's array.
  var slice: ArraySlice<UInt8> { storage[start..<start + count] }

  /// The byte at `offset`.
  public subscript(offset: Int) -> UInt8? {
    offset >= 0 && offset < count ? storage[start + offset] : nil
  }

  /// The number of two bytes at `offset`.
  public func uint16(at offset: Int) -> UInt16? {
    guard let high = self[offset], let low = self[offset + 1] else { return nil }
    return UInt16(high) << 8 | UInt16(low)
  }

  /// The number of four bytes at `offset`.
  public func uint32(at offset: Int) -> UInt32? {
    guard let high = uint16(at: offset), let low = uint16(at: offset + 2) else { return nil }
    return UInt32(high) << 16 | UInt32(low)
  }

  /// The number of eight bytes at `offset`.
  public func uint64(at offset: Int) -> UInt64? {
    guard let high = uint32(at: offset), let low = uint32(at: offset + 4) else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }

  /// The `length` bytes from `offset` on; `nil` if they do not lie wholly inside.
  public func part(at offset: Int, length: Int) -> WireBytes? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    return WireBytes(storage, start: start + offset, count: length)
  }

  /// What follows the first `length` bytes; nothing if there are no more.
  public func dropping(_ length: Int) -> WireBytes {
    let dropped = min(max(0, length), count)
    return WireBytes(storage, start: start + dropped, count: count - dropped)
  }

  /// The first `length` bytes, or all if there are fewer.
  public func prefix(_ length: Int) -> WireBytes {
    WireBytes(storage, start: start, count: min(max(0, length), count))
  }
}

extension WireBytes: Hashable {
  /// Whether both have the same bytes, wherever these stand.
  public static func == (left: WireBytes, right: WireBytes) -> Bool { left.slice == right.slice }

  /// Feeds the bytes into `hasher`.
  public func hash(into hasher: inout Hasher) { hasher.combine(slice) }
}

extension Array where Element == UInt8 {
  /// Appends a number in network order.
  mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
    for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}
