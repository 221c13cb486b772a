/// A packet, and what it is in the course of its connection.
public struct Observation: Hashable, Sendable {
  /// The packet.
  public var packet: Packet
  /// What it is.
  public var kind: PacketKind
  /// The connection that it belongs to, or (an ICMP error) is about.
  public var connection: FlowKey?
  /// The sequence number counted from the sender's SYN, which is 0.
  ///
  /// Of an ICMP error it is that of the quoted segment. Where the SYN was not seen the first place seen counts as 1.
  public var sequence: Int?
  /// The acknowledgment number counted from the receiver's SYN; only with ACK.
  public var acknowledgment: Int?
  /// The window in bytes, if ``windowIsScaled``; otherwise as it stands in the packet.
  public var window: Int?
  /// Whether the window's scale is known, since both SYNs were seen.
  public var windowIsScaled = false
  /// What is reported as received beyond a hole (or twice), counted from the receiver's SYN.
  public var sackBlocks: [Range<Int>] = []

  init(packet: Packet, kind: PacketKind) {
    self.packet = packet
    self.kind = kind
  }

  /// What the packet is, in a few words: `retransmission 9`; empty if nothing is to be said.
  public var phrase: String {
    guard packet.tcp?.flags.contains(.fin) == true else { return kind.phrase }
    switch kind {
    case .fin where (packet.tcp?.length ?? 0) > 0: return "data and FIN"
    case .tailLossProbe, .retransmission, .fastRetransmission, .recoveryRetransmission:
      return kind.phrase + " (with FIN)"
    default: return kind.phrase
    }
  }
}

/// The names that people use for addresses.
public struct HostNames: Sendable {
  /// Names of hosts by their addresses.
  public var hosts: [IPAddress: String]
  /// Names of hosts by their interfaces, for frames without IP addresses.
  public var interfaces: [MACAddress: String]

  /// These names, or none.
  public init(hosts: [IPAddress: String] = [:], interfaces: [MACAddress: String] = [:]) {
    self.hosts = hosts
    self.interfaces = interfaces
  }

  /// The host's name, or the address if it has none.
  func name(of address: IPAddress) -> String { hosts[address] ?? address.description }

  /// The name and the port: `kang:33226`.
  func name(of end: Endpoint) -> String {
    hosts[end.address].map { "\($0):\(end.port)" } ?? end.description
  }

  /// The name of the interface's host, `all` for everybody.
  func name(of interface: MACAddress) -> String {
    interface == .broadcast ? "all" : interfaces[interface] ?? interface.description
  }
}
