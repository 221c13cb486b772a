/// An IPv4 packet as it stands in the bytes (RFC 791): fields are read and not judged.
public struct IPv4View: Sendable {
  /// The packet.
  public let bytes: WireBytes

  /// Looks at `bytes` as an IPv4 packet.
  public init(_ bytes: WireBytes) {
    self.bytes = bytes
  }

  /// The length of a header without options.
  public static let shortestHeader = 20
  /// Where the checksum stands.
  static let checksumOffset = 10

  /// 4, if this is IPv4.
  public var version: UInt8? { bytes[0].map { $0 >> 4 } }
  /// The length of the header in bytes, by its own statement.
  public var headerLength: Int? { bytes[0].map { Int($0 & 0xf) * 4 } }
  /// The differentiated services and ECN bits.
  public var trafficClass: UInt8? { bytes[1] }
  /// The length of the packet, by its own statement.
  public var totalLength: UInt16? { bytes.uint16(at: 2) }
  /// What the fragments of a packet have in common.
  public var identification: UInt16? { bytes.uint16(at: 4) }
  /// Three bits of flags, and the fragment's offset in units of 8 bytes.
  public var fragmentField: UInt16? { bytes.uint16(at: 6) }
  /// How many routers the packet may pass yet.
  public var timeToLive: UInt8? { bytes[8] }
  /// What it carries.
  public var carried: IPProtocol? { bytes[9].map(IPProtocol.init(rawValue:)) }
  /// The checksum of the header.
  public var checksum: UInt16? { bytes.uint16(at: IPv4View.checksumOffset) }
  /// From whom.
  public var source: IPAddress? { IPAddress(v4: bytes, at: 12) }
  /// To whom.
  public var destination: IPAddress? { IPAddress(v4: bytes, at: 16) }

  /// Whether the header's checksum fits.
  public var checksumState: Checksum {
    guard let length = headerLength, let header = bytes.part(at: 0, length: length) else { return .unknown }
    return Checksum.verify(header, fieldAt: IPv4View.checksumOffset)
  }
}

/// The header of an IPv4 packet.
public struct IPv4Header: Hashable, Sendable {
  /// The differentiated services and ECN bits.
  public var trafficClass: UInt8 = 0
  /// The length of the packet with this header; 0 in a packet so large that the number does not hold it, which the
  /// kernel hands to the network card to be cut ("BIG TCP").
  public var totalLength: UInt16
  /// What the fragments of a packet have in common.
  public var identification: UInt16 = 0
  /// The unused bit, which must be 0.
  public var reservedFlag = false
  /// Routers must not cut the packet into fragments.
  public var dontFragment = true
  /// More fragments follow.
  public var moreFragments = false
  /// Where this fragment belongs in the packet, in bytes; a multiple of 8.
  public var fragmentOffset = 0
  /// How many routers the packet may pass yet.
  public var timeToLive: UInt8 = 64
  /// What it carries.
  public var carried: IPProtocol
  /// The checksum of the header.
  public var checksum: UInt16 = 0
  /// From whom.
  public var source: IPAddress
  /// To whom.
  public var destination: IPAddress
  /// The options as they came, a multiple of 4 bytes.
  public var options: [UInt8] = []

  /// The header of a packet that carries `payloadLength` bytes, with a fitting checksum.
  public init(source: IPAddress, destination: IPAddress, carried: IPProtocol, payloadLength: Int) {
    self.source = source
    self.destination = destination
    self.carried = carried
    totalLength = UInt16(truncatingIfNeeded: IPv4View.shortestHeader + payloadLength)
    checksum = ~Checksum.fold(Checksum.sum(bytes))
  }

  /// Reads the header; `nil` if it is not IPv4, or shorter than it says or must be.
  public init?(_ view: IPv4View) {
    guard view.version == 4, let headerLength = view.headerLength, headerLength >= IPv4View.shortestHeader,
      let options = view.bytes.part(at: 20, length: headerLength - 20), let trafficClass = view.trafficClass,
      let totalLength = view.totalLength, let identification = view.identification,
      let fragmentField = view.fragmentField, let timeToLive = view.timeToLive, let carried = view.carried,
      let checksum = view.checksum, let source = view.source, let destination = view.destination
    else { return nil }
    self.trafficClass = trafficClass
    self.totalLength = totalLength
    self.identification = identification
    reservedFlag = fragmentField & 0x8000 != 0
    dontFragment = fragmentField & 0x4000 != 0
    moreFragments = fragmentField & 0x2000 != 0
    fragmentOffset = Int(fragmentField & 0x1fff) * 8
    self.timeToLive = timeToLive
    self.carried = carried
    self.checksum = checksum
    self.source = source
    self.destination = destination
    self.options = options.array
  }

  /// The length of the header.
  public var length: Int { IPv4View.shortestHeader + options.count }

  /// Whether the packet is one of several fragments.
  public var isFragment: Bool { moreFragments || fragmentOffset > 0 }

  /// The header as it goes on the wire.
  public var bytes: [UInt8] {
    var bytes = [0x40 | UInt8(truncatingIfNeeded: length / 4 & 0xf), trafficClass]
    bytes.append(bigEndian: totalLength)
    bytes.append(bigEndian: identification)
    let flags: UInt16 = (reservedFlag ? 0x8000 : 0) | (dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0)
    bytes.append(bigEndian: flags | UInt16(truncatingIfNeeded: fragmentOffset / 8) & 0x1fff)
    bytes += [timeToLive, carried.rawValue]
    bytes.append(bigEndian: checksum)
    return bytes + source.bytes + destination.bytes + options
  }
}
