/// An ARP message as it stands in the bytes (RFC 826): fields are read and not judged.
public struct ARPView: Sendable {
  /// The message.
  public let bytes: WireBytes

  /// Looks at `bytes` as an ARP message.
  public init(_ bytes: WireBytes) {
    self.bytes = bytes
  }

  /// The length of a message for Ethernet and IPv4.
  public static let length = 28

  /// The kind of link, 1 for Ethernet.
  public var hardwareType: UInt16? { bytes.uint16(at: 0) }
  /// The kind of network address, an EtherType.
  public var protocolType: UInt16? { bytes.uint16(at: 2) }
  /// The length of a link address, 6 for Ethernet.
  public var hardwareLength: UInt8? { bytes[4] }
  /// The length of a network address, 4 for IPv4.
  public var protocolLength: UInt8? { bytes[5] }
  /// 1 for a request, 2 for a reply.
  public var operation: UInt16? { bytes.uint16(at: 6) }
  /// The sender's link address, if it has six bytes.
  public var senderHardware: MACAddress? { MACAddress(bytes, at: 8) }
  /// The sender's IPv4 address.
  public var senderProtocol: IPAddress? { IPAddress(v4: bytes, at: 14) }
  /// The target's link address.
  public var targetHardware: MACAddress? { MACAddress(bytes, at: 18) }
  /// The target's IPv4 address.
  public var targetProtocol: IPAddress? { IPAddress(v4: bytes, at: 24) }
}

/// An ARP message for Ethernet and IPv4.
public struct ARPMessage: Hashable, Sendable {
  /// 1 for a request, 2 for a reply; others (RARP, InARP) are kept as they came.
  public var operation: UInt16
  /// Who asks or answers.
  public var senderHardware: MACAddress
  /// Its IPv4 address; 0.0.0.0 in a probe for a conflict (RFC 5227).
  public var senderAddress: IPAddress
  /// Who is asked for (zero in a request, mostly) or answered.
  public var targetHardware: MACAddress
  /// Whose link address is wanted.
  public var targetAddress: IPAddress

  /// The operation of a request.
  public static let request: UInt16 = 1
  /// The operation of a reply.
  public static let reply: UInt16 = 2

  /// Reads a message; `nil` if it is too short or not for Ethernet and IPv4.
  public init?(_ view: ARPView) {
    guard view.hardwareType == 1, view.protocolType == EtherType.ipv4.rawValue, view.hardwareLength == 6,
      view.protocolLength == 4, let operation = view.operation, let senderHardware = view.senderHardware,
      let senderAddress = view.senderProtocol, let targetHardware = view.targetHardware,
      let targetAddress = view.targetProtocol
    else { return nil }
    self.operation = operation
    self.senderHardware = senderHardware
    self.senderAddress = senderAddress
    self.targetHardware = targetHardware
    self.targetAddress = targetAddress
  }

  /// Whether the sender announces its own address (RFC 5227, section 2.3).
  public var isAnnouncement: Bool { senderAddress == targetAddress }

  /// The message as it goes on the wire.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = [0, 1, 8, 0, 6, 4]
    bytes.append(bigEndian: operation)
    return bytes + senderHardware.octets + senderAddress.bytes + targetHardware.octets + targetAddress.bytes
  }
}
