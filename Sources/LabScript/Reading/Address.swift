/// An address of the laboratory: 10.88.SEGMENT.HOST.
struct Address: Hashable {
  /// The four numbers.
  let numbers: [UInt8]

  /// The third number.
  var segment: UInt8 { numbers[2] }
  /// The last number.
  var host: UInt8 { numbers[3] }

  /// The address written as `text`: four decimal numbers without leading zeros, which some programs would read as octal.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part -> UInt8? in
      guard part.allSatisfy({ ("0"..."9").contains($0) }), part == "0" || part.first != "0" else { return nil }
      return UInt8(part)
    }
    guard parts.count == 4, numbers.count == 4 else { return nil }
    self.numbers = numbers
  }

  private init(segment: UInt8, host: UInt8) { numbers = [10, 88, segment, host] }

  /// The address as it is written in a lab.
  var text: String { numbers.map { String($0) }.joined(separator: ".") }

  /// The address that its host has: over IPv6 with the same numbers, fd10:88:0:SEGMENT::HOST.
  func text(over family: AddressFamily) -> String {
    family == .ipv4 ? text : "fd10:88:0:\(segment)::\(host)"
  }

  /// Whether it belongs to a network of this kind.
  func isIn(_ network: NetworkKind) -> Bool {
    guard numbers.starts(with: [10, 88]) else { return false }
    return network == .lan ? segment == 88 : (1...254).contains(segment)
  }

  /// Whether a host of this name has an address by custom, as in the puzzlers.
  static func isClassic(_ name: String) -> Bool { name == "kang" || name == "kodos" }

  /// The address that kang or kodos has where the lab gives none.
  static func classic(_ name: String, on network: NetworkKind) -> Address {
    switch network {
    case .lan: Address(segment: 88, host: name == "kang" ? 139 : 140)
    case .routed: name == "kang" ? Address(segment: 1, host: 10) : Address(segment: 2, host: 20)
    }
  }

  /// The addresses for other hosts, in the order in which they are given.
  static func others(on network: NetworkKind) -> [Address] {
    switch network {
    case .lan: (141...250).map { Address(segment: 88, host: $0) }
    case .routed: (3...112).map { Address(segment: $0, host: 10) }
    }
  }
}
