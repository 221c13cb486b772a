/// Where a packet is short or says something impossible; what stands before it was read all the same.
public struct Defect: Hashable, Sendable, CustomStringConvertible {
  /// The part of the packet.
  public var part: Part
  /// What is wrong with it.
  public var problem: Problem

  /// A defect of `part`.
  public init(_ part: Part, _ problem: Problem) {
    self.part = part
    self.problem = problem
  }

  /// The parts of a packet.
  public enum Part: String, Hashable, Sendable {
    case ethernetHeader = "Ethernet header"
    case arpMessage = "ARP message"
    case ipv4Header = "IPv4 header"
    case ipv4Packet = "IPv4 packet"
    case ipv6Header = "IPv6 header"
    case ipv6Extension = "IPv6 extension header"
    case ipv6Packet = "IPv6 packet"
    case tcpHeader = "TCP header"
    case tcpOptions = "TCP options"
    case icmpMessage = "ICMP message"
  }

  /// What can be wrong.
  public enum Problem: Hashable, Sendable {
    /// It ends after `present` bytes, and should have `needed`.
    case short(present: Int, needed: Int)
    /// A field's value is below the least possible.
    case field(name: String, value: Int, least: Int)
    /// It is of a kind that is not read.
    case unsupported
  }

  /// The defect in words: `TCP header short: 12 of 20 bytes`.
  public var description: String {
    switch problem {
    case .short(let present, let needed): "\(part.rawValue) short: \(present) of \(needed) bytes"
    case .field(let name, let value, let least): "\(part.rawValue): \(name) is \(value), must be at least \(least)"
    case .unsupported: "\(part.rawValue) of an unknown kind"
    }
  }
}
