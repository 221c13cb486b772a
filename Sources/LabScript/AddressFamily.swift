/// The version of the Internet Protocol that a lab's hosts speak.
public enum AddressFamily: String, Hashable, Sendable, CaseIterable {
  /// Addresses such as 10.88.88.139; neighbours are found by ARP.
  case ipv4 = "IPv4"
  /// Addresses such as fd10:88:0:88::139; neighbours are found by neighbour discovery (RFC 4861).
  case ipv6 = "IPv6"

  /// The length of the prefix that a segment of the laboratory has.
  public var prefixLength: Int { self == .ipv4 ? 24 : 64 }
}
