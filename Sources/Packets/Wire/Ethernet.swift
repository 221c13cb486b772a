/// What an Ethernet frame carries (IEEE 802 EtherTypes).
public struct EtherType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The number; below 0x600 it is the length of an IEEE 802.3 frame instead.
  public let rawValue: UInt16

  /// The type with this number.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// IPv4.
  public static let ipv4 = EtherType(rawValue: 0x0800)
  /// ARP.
  public static let arp = EtherType(rawValue: 0x0806)
  /// IPv6.
  public static let ipv6 = EtherType(rawValue: 0x86dd)
  /// A VLAN tag (IEEE 802.1Q) follows.
  public static let vlan = EtherType(rawValue: 0x8100)
  /// A provider's VLAN tag (IEEE 802.1ad) follows.
  public static let providerVLAN = EtherType(rawValue: 0x88a8)

  /// Whether the number is a length, of a frame whose content begins with an LLC header.
  public var isLength: Bool { rawValue < 0x600 }

  /// The name, or the number: `EtherType 0x88cc`.
  public var description: String {
    switch self {
    case .ipv4: return "IPv4"
    case .arp: return "ARP"
    case .ipv6: return "IPv6"
    default:
      if isLength { return "802.3 frame" }
      let digits = String(rawValue, radix: 16)
      return "EtherType 0x" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}

/// An Ethernet frame as it stands in the bytes: fields are read and not judged.
public struct EthernetView: Sendable {
  /// The frame.
  public let bytes: WireBytes

  /// Looks at `bytes` as an Ethernet frame without preamble and check sequence.
  public init(_ bytes: WireBytes) {
    self.bytes = bytes
  }

  /// The length of the header without tags.
  public static let headerLength = 14

  /// To whom.
  public var destination: MACAddress? { MACAddress(bytes, at: 0) }
  /// From whom.
  public var source: MACAddress? { MACAddress(bytes, at: 6) }
  /// The type, of a VLAN tag if there is one.
  public var type: EtherType? { bytes.uint16(at: 12).map(EtherType.init(rawValue:)) }
}

/// The header of an Ethernet frame.
public struct EthernetHeader: Hashable, Sendable {
  /// To whom.
  public var destination: MACAddress
  /// From whom.
  public var source: MACAddress
  /// The VLAN tags, the outer one first: type and control information (priority and VLAN number).
  public var tags: [VLANTag]
  /// What the frame carries, behind the tags.
  public var type: EtherType

  /// A VLAN tag.
  public struct VLANTag: Hashable, Sendable {
    /// 802.1Q or 802.1ad.
    public var type: EtherType
    /// Priority (3 bits), drop eligible (1 bit), VLAN number (12 bits).
    public var control: UInt16

    /// The number of the VLAN.
    public var number: UInt16 { control & 0xfff }
  }

  /// A header.
  public init(destination: MACAddress, source: MACAddress, tags: [VLANTag] = [], type: EtherType) {
    self.destination = destination
    self.source = source
    self.tags = tags
    self.type = type
  }

  /// Reads the header of a frame, passing over VLAN tags; `nil` if the frame ends before its type.
  public init?(_ view: EthernetView) {
    guard let destination = view.destination, let source = view.source, var type = view.type else { return nil }
    var tags: [VLANTag] = []
    while type == .vlan || type == .providerVLAN {
      let offset = EthernetView.headerLength + 4 * tags.count
      guard let control = view.bytes.uint16(at: offset), let next = view.bytes.uint16(at: offset + 2) else {
        return nil
      }
      tags.append(VLANTag(type: type, control: control))
      type = EtherType(rawValue: next)
    }
    self.init(destination: destination, source: source, tags: tags, type: type)
  }

  /// The length of the header with its tags.
  public var length: Int { EthernetView.headerLength + 4 * tags.count }

  /// The header as it goes on the wire.
  public var bytes: [UInt8] {
    var bytes = destination.octets + source.octets
    for tag in tags {
      bytes.append(bigEndian: tag.type.rawValue)
      bytes.append(bigEndian: tag.control)
    }
    bytes.append(bigEndian: type.rawValue)
    return bytes
  }
}
