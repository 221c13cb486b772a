/// Reads numbers in the machine's own byte order out of a part of an array, at offsets that are checked.
///
/// What lies outside is `nil`: a kernel's answer is shorter on an older kernel, and a hostile one is never trusted.
public struct ByteReader: Sendable {
  private let bytes: [UInt8]
  private let start: Int
  /// How many bytes there are to read.
  public let count: Int

  /// Reads `bytes`.
  public init(_ bytes: [UInt8]) {
    self.init(bytes, start: 0, count: bytes.count)
  }

  private init(_ bytes: [UInt8], start: Int, count: Int) {
    self.bytes = bytes
    self.start = start
    self.count = count
  }

  /// The part of `length` bytes that begins at `offset`; `nil` if it does not lie wholly inside.
  public func part(at offset: Int, length: Int) -> ByteReader? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    return ByteReader(bytes, start: start + offset, count: length)
  }

  /// The bytes themselves.
  public var array: [UInt8] { Array(bytes[start..<start + count]) }

  /// The byte at `offset`.
  public func byte(at offset: Int) -> UInt8? {
    offset >= 0 && offset < count ? bytes[start + offset] : nil
  }

  /// The unsigned number of `size` bytes (at most 8) at `offset`, the least significant byte first.
  private func number(at offset: Int, size: Int) -> UInt64? {
    guard let part = part(at: offset, length: size) else { return nil }
    var value: UInt64 = 0
    for index in 0..<size { value |= UInt64(bytes[part.start + index]) << (8 * UInt64(index)) }
    return value
  }

  /// A `__u16` of this machine, which is little-endian as every machine that Swift runs on.
  public func uint16(at offset: Int) -> UInt16? { number(at: offset, size: 2).map { UInt16($0) } }

  /// A `__u32`.
  public func uint32(at offset: Int) -> UInt32? { number(at: offset, size: 4).map { UInt32($0) } }

  /// A `__u64`.
  public func uint64(at offset: Int) -> UInt64? { number(at: offset, size: 8) }

  /// A `__be16`: the most significant byte first, as on the wire.
  public func networkUInt16(at offset: Int) -> UInt16? { uint16(at: offset).map(\.byteSwapped) }
}
