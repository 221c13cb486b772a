/// Addresses with their ports as a timeline writes them.
public enum AddressText {
  /// `10.88.88.139:8080`, of the first four bytes.
  public static func ipv4(_ bytes: [UInt8], port: UInt64) -> String {
    bytes.prefix(4).map { String($0) }.joined(separator: ".") + ":\(port)"
  }

  /// `[fd00::139]:8080`, of sixteen bytes.
  public static func ipv6(_ bytes: [UInt8], port: UInt64) -> String {
    let groups = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
    return "[\(ipv6(groups))]:\(port)"
  }

  /// The address of eight groups as RFC 5952 writes it, the longest run of zeros shortened.
  public static func ipv6(_ groups: [UInt16]) -> String {
    var longest = 0..<0
    var start = 0
    while start < groups.count {
      let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
      if end - start > max(1, longest.count) { longest = start..<end }
      start = max(end, start) + 1
    }
    func join(_ part: ArraySlice<UInt16>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if longest.isEmpty { return join(groups[...]) }
    return join(groups[..<longest.lowerBound]) + "::" + join(groups[longest.upperBound...])
  }
}
