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
    guard length >= 0, holds(offset, length) else { return nil }
    return ByteReader(bytes, start: start + offset, count: length)
  }

  /// The bytes themselves.
  public var array: [UInt8] { Array(bytes[start..<start + count]) }

  /// The byte at `offset`.
  public func byte(at offset: Int) -> UInt8? {
    offset >= 0 && offset < count ? bytes[start + offset] : nil
  }

  /// Whether the `size` bytes at `offset` lie wholly inside.
  private func holds(_ offset: Int, _ size: Int) -> Bool { offset >= 0 && offset <= count && size <= count - offset }

  /// A `__u16` of this machine, which is little-endian as every machine that Swift runs on.
  public func uint16(at offset: Int) -> UInt16? {
    guard holds(offset, 2) else { return nil }
    return UInt16(bytes[start + offset]) | UInt16(bytes[start + offset + 1]) << 8
  }

  /// A `__u32`.
  public func uint32(at offset: Int) -> UInt32? {
    guard let low = uint16(at: offset), let high = uint16(at: offset + 2) else { return nil }
    return UInt32(low) | UInt32(high) << 16
  }

  /// A `__u64`.
  public func uint64(at offset: Int) -> UInt64? {
    guard let low = uint32(at: offset), let high = uint32(at: offset + 4) else { return nil }
    return UInt64(low) | UInt64(high) << 32
  }

  /// A `__be16`: the most significant byte first, as on the wire.
  public func networkUInt16(at offset: Int) -> UInt16? { uint16(at: offset).map(\.byteSwapped) }
}
