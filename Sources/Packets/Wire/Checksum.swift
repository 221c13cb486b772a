/// The Internet checksum (RFC 1071) and what it says of a packet.
public enum Checksum: Hashable, Sendable {
  /// It fits.
  case correct
  /// The field holds only the pseudo header's sum: the kernel left the rest to the network card, which on a virtual
  /// wire never computes it. Normal for packets captured on the sending machine.
  case leftToHardware
  /// It does not fit: what is there, and what would be right.
  case wrong(found: UInt16, right: UInt16)
  /// It cannot be verified, since a part of the packet was not captured or went in another fragment.
  case unknown

  /// The ones' complement sum of the bytes taken as 16-bit numbers, not yet complemented.
  static func sum(_ bytes: some Sequence<UInt8>, adding initial: UInt64 = 0) -> UInt64 {
    var sum = initial
    var isHigh = true
    for byte in bytes {
      sum += isHigh ? UInt64(byte) << 8 : UInt64(byte)
      isHigh.toggle()
    }
    return sum
  }

  /// The sum folded into 16 bits.
  static func fold(_ sum: UInt64) -> UInt16 {
    var sum = sum
    while sum > 0xffff { sum = (sum & 0xffff) + sum >> 16 }
    return UInt16(sum)
  }

  /// The sum of the pseudo header that TCP and ICMPv6 put before the segment (RFC 9293, section 3.1; RFC 8200, 8.1).
  static func pseudoHeader(_ source: IPAddress, _ destination: IPAddress, number: UInt8, length: Int) -> UInt64 {
    sum(source.bytes + destination.bytes, adding: UInt64(number) + UInt64(length >> 16) + UInt64(length & 0xffff))
  }

  /// Verifies the checksum at `offset` of `bytes`; `pseudoHeader` is the sum of what is counted besides.
  ///
  /// `fieldIfLeft` are the values of the field that mean "left to the hardware".
  static func verify(
    _ bytes: WireBytes,
    fieldAt offset: Int,
    pseudoHeader: UInt64 = 0,
    fieldIfLeft: [UInt16] = []
  ) -> Checksum {
    guard let found = bytes.uint16(at: offset) else { return .unknown }
    let total = sum(bytes.slice, adding: pseudoHeader)
    if fold(total) == 0xffff { return .correct }
    if fieldIfLeft.contains(found) { return .leftToHardware }
    // The sum without the field: adding the complement takes it away. The field stands at an even offset.
    return .wrong(found: found, right: ~fold(total + UInt64(~found)))
  }
}

extension Checksum: CustomStringConvertible {
  /// The state in words: `checksum wrong: 0x1234, should be 0x4321`.
  public var description: String {
    switch self {
    case .correct: "checksum correct"
    case .leftToHardware: "checksum left to the hardware"
    case .wrong(let found, let right):
      "checksum wrong: 0x\(String(found, radix: 16)), should be 0x\(String(right, radix: 16))"
    case .unknown: "checksum not verifiable"
    }
  }
}
