/// A place in one direction of a TCP connection, counted modulo 2^32 (RFC 9293, section 3.4).
public struct SequenceNumber: Hashable, Sendable, CustomStringConvertible {
  /// The number.
  public var value: UInt32

  /// The place with this number.
  public init(_ value: UInt32) {
    self.value = value
  }

  /// The place `count` further on, or back if negative.
  public static func + (place: SequenceNumber, count: Int) -> SequenceNumber {
    SequenceNumber(place.value &+ UInt32(truncatingIfNeeded: count))
  }

  /// How far `place` is ahead of `other`, negative if behind; meaningful for places less than 2^31 apart.
  public static func - (place: SequenceNumber, other: SequenceNumber) -> Int {
    Int(Int32(bitPattern: place.value &- other.value))
  }

  /// The number in decimal.
  public var description: String { String(value) }
}
