/// A packet as far as it could be read, layer by layer.
///
/// Whatever the bytes are, reading them succeeds: what is cut off or impossible is named in ``defects``, and what
/// stands before it is there.
public struct Packet: Hashable, Sendable {
  /// The Ethernet header; `nil` if it is cut off, or the link has none.
  public var ethernet: EthernetHeader?
  /// The IP header; `nil` if there is none, or it could not be read.
  public var ip: IPHeader?
  /// What the packet carries.
  public var content: Content
  /// Where it is short or says something impossible.
  public var defects: [Defect]
  /// The length on the wire, captured or not.
  public var length: Int
  /// Whether the checksums fit, of the IPv4 header and of what it carries.
  public var checksums: Checksums

  /// What a packet can carry.
  public enum Content: Hashable, Sendable {
    case arp(ARPMessage)
    case icmp(ICMPMessage)
    case tcp(TCPSegment)
    /// A fragment that is not the first: what it carries cannot be told.
    case fragment(of: IPProtocol, offset: Int, length: Int)
    /// Another protocol's data over IP.
    case other(IPProtocol, length: Int)
    /// A frame of something else than ARP and IP.
    case frame(EtherType, length: Int)
    /// Nothing that could be read.
    case unreadable
  }

  /// What the checksums say; `nil` where there is none.
  public struct Checksums: Hashable, Sendable {
    /// Of the IPv4 header.
    public var header: Checksum?
    /// Of the TCP segment or the ICMP message.
    public var content: Checksum?
  }

  /// The kinds of links that packets are captured on.
  public enum Link: Hashable, Sendable {
    /// Frames begin with an Ethernet header: all interfaces of Linux but tunnels.
    case ethernet
    /// Packets begin with the IP header.
    case rawIP
  }

  /// A packet with this content, without bytes.
  public init(ethernet: EthernetHeader? = nil, ip: IPHeader? = nil, content: Content, length: Int) {
    self.ethernet = ethernet
    self.ip = ip
    self.content = content
    self.length = length
    defects = []
    checksums = Checksums()
  }

  /// Its TCP segment, if it carries one.
  public var tcp: TCPSegment? {
    if case .tcp(let segment) = content { return segment }
    return nil
  }

  /// The packet as it goes on the wire, of the parts that were read; `nil` if some part was not.
  public var bytes: [UInt8]? {
    let headers = (ethernet?.bytes ?? []) + (ip?.bytes ?? [])
    switch content {
    case .arp(let message): return headers + message.bytes
    case .icmp(let message): return headers + message.bytes
    case .tcp(let segment) where segment.payload.count == segment.length: return headers + segment.bytes
    default: return nil
    }
  }
}
