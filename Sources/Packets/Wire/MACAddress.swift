/// The address of a network interface on its Ethernet (IEEE 802, EUI-48).
public struct MACAddress: Hashable, Sendable, CustomStringConvertible {
  /// The six octets as one number; its upper 16 bits are 0.
  public let value: UInt64

  /// The address of these 48 bits; higher bits are ignored.
  public init(_ value: UInt64) {
    self.value = value & 0xffff_ffff_ffff
  }

  /// The address in the six bytes at `offset`.
  init?(_ bytes: WireBytes, at offset: Int) {
    guard let high = bytes.uint16(at: offset), let low = bytes.uint32(at: offset + 2) else { return nil }
    self.init(UInt64(high) << 32 | UInt64(low))
  }

  /// Everybody on the Ethernet: `ff:ff:ff:ff:ff:ff`.
  public static let broadcast = MACAddress(0xffff_ffff_ffff)

  /// Whether it is the address of a group, the broadcast address among them.
  public var isGroup: Bool { value >> 40 & 1 == 1 }

  /// The six octets.
  public var octets: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: value >> (40 - 8 * $0)) } }

  /// The octets in hexadecimal: `02:00:0a:58:58:8b`.
  public var description: String { octets.map(\.hexadecimal).joined(separator: ":") }
}

extension UInt8 {
  /// Two hexadecimal digits.
  var hexadecimal: String { (self < 16 ? "0" : "") + String(self, radix: 16) }
}
