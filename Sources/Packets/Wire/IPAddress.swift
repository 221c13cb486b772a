/// An IPv4 or IPv6 address.
public enum IPAddress: Hashable, Sendable {
  /// 32 bits, the first octet the most significant.
  case v4(UInt32)
  /// 128 bits: the upper and the lower half.
  case v6(high: UInt64, low: UInt64)

  /// The IPv4 address in the four bytes at `offset`.
  init?(v4 bytes: WireBytes, at offset: Int) {
    guard let value = bytes.uint32(at: offset) else { return nil }
    self = .v4(value)
  }

  /// The IPv6 address in the sixteen bytes at `offset`.
  init?(v6 bytes: WireBytes, at offset: Int) {
    guard let high = bytes.uint64(at: offset), let low = bytes.uint64(at: offset + 8) else { return nil }
    self = .v6(high: high, low: low)
  }

  /// The address as it stands in a packet: 4 or 16 bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    switch self {
    case .v4(let value): bytes.append(bigEndian: value)
    case .v6(let high, let low):
      bytes.append(bigEndian: high)
      bytes.append(bigEndian: low)
    }
    return bytes
  }

  /// Whether it is 0.0.0.0 or ::, which stand for no address.
  public var isUnspecified: Bool { self == .v4(0) || self == .v6(high: 0, low: 0) }
}

extension IPAddress: CustomStringConvertible {
  /// `10.88.88.139`, or for IPv6 as RFC 5952 recommends: `fd00::139`.
  public var description: String {
    switch self {
    case .v4(let value):
      return (0..<4).map { String(value >> (24 - 8 * UInt32($0)) & 0xff) }.joined(separator: ".")
    case .v6(let high, let low):
      let groups = [high, low].flatMap { half in (0..<4).map { half >> (48 - 16 * UInt64($0)) & 0xffff } }
      func join(_ part: ArraySlice<UInt64>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
      let zeros = IPAddress.longestRunOfZeros(groups)
      if zeros.count < 2 { return join(groups[...]) }
      return join(groups[..<zeros.lowerBound]) + "::" + join(groups[zeros.upperBound...])
    }
  }

  private static func longestRunOfZeros(_ groups: [UInt64]) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for (index, group) in groups.enumerated() {
      if group != 0 { start = index + 1 } else if index + 1 - start > longest.count { longest = start..<index + 1 }
    }
    return longest
  }
}

extension IPAddress {
  /// Reads `10.88.88.139` or `fd00::139`; `nil` if the text is no such address, or has a zone (`%eth0`).
  public init?(_ text: String) {
    guard text.contains(":") else {
      guard let value = IPAddress.dottedQuad(text[...]) else { return nil }
      self = .v4(value)
      return
    }
    guard let groups = IPAddress.groups(text) else { return nil }
    let halves = [groups[..<4], groups[4...]].map { $0.reduce(0) { $0 << 16 | UInt64($1) } }
    self = .v6(high: halves[0], low: halves[1])
  }

  private static func dottedQuad(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let octets = parts.compactMap { $0.allSatisfy(\.isNumber) ? UInt8($0) : nil }
    guard parts.count == 4, octets.count == 4 else { return nil }
    return octets.reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The eight groups of an IPv6 address, `::` filled up.
  private static func groups(_ text: String) -> [UInt16]? {
    guard let gap = text.firstDoubleColon else {
      guard let groups = groups(of: text[...]), groups.count == 8 else { return nil }
      return groups
    }
    let rest = text[text.index(gap, offsetBy: 2)...]
    guard let head = groups(of: text[..<gap]), let tail = groups(of: rest), head.count + tail.count < 8 else {
      return nil
    }
    return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func groups(of text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, part.contains("."), let quad = dottedQuad(part) {
        groups += [UInt16(quad >> 16), UInt16(truncatingIfNeeded: quad)]
      } else {
        guard (1...4).contains(part.utf8.count), part.first != "+", let group = UInt16(part, radix: 16) else {
          return nil
        }
        groups.append(group)
      }
    }
    return groups
  }
}

extension String {
  fileprivate var firstDoubleColon: Index? {
    indices.first { self[$0...].hasPrefix("::") }
  }
}
