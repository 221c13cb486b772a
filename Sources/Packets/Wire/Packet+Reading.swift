extension Packet {
  /// Reads what was captured of a packet that was `length` bytes long on the wire; `nil` if all of it was captured.
  public init(_ bytes: [UInt8], length: Int? = nil, link: Link = .ethernet) {
    self.init(content: .unreadable, length: max(bytes.count, length ?? bytes.count))
    let all = WireBytes(bytes)
    switch link {
    case .ethernet: readFrame(all)
    case .rawIP:
      switch all[0].map({ $0 >> 4 }) {
      case 6: readIPv6(all)
      default: readIPv4(all)
      }
    }
  }

  private mutating func note(_ part: Defect.Part, _ problem: Defect.Problem) {
    defects.append(Defect(part, problem))
  }

  private mutating func readFrame(_ frame: WireBytes) {
    guard let header = EthernetHeader(EthernetView(frame)) else {
      // A frame that ends in a VLAN tag lacks at least that tag's four bytes.
      let needed = frame.count < EthernetView.headerLength ? EthernetView.headerLength : frame.count + 4
      note(.ethernetHeader, .short(present: frame.count, needed: needed))
      return
    }
    ethernet = header
    let payload = frame.dropping(header.length)
    switch header.type {
    case .ipv4: readIPv4(payload)
    case .ipv6: readIPv6(payload)
    case .arp: readARP(payload)
    default: content = .frame(header.type, length: length - header.length)
    }
  }

  private mutating func readARP(_ bytes: WireBytes) {
    if let message = ARPMessage(ARPView(bytes)) {
      content = .arp(message)
    } else if bytes.count < ARPView.length {
      note(.arpMessage, .short(present: bytes.count, needed: ARPView.length))
    } else {
      note(.arpMessage, .unsupported)
    }
  }

  private mutating func readIPv4(_ bytes: WireBytes) {
    let view = IPv4View(bytes)
    guard let header = IPv4Header(view) else {
      let stated = view.headerLength ?? 0
      if let version = view.version, version != 4 {
        note(.ipv4Header, .unsupported)
      } else if bytes.count > 0, stated < IPv4View.shortestHeader {
        note(.ipv4Header, .field(name: "header length", value: stated, least: IPv4View.shortestHeader))
      } else {
        note(.ipv4Header, .short(present: bytes.count, needed: max(stated, IPv4View.shortestHeader)))
      }
      return
    }
    ip = .v4(header)
    checksums.header = view.checksumState
    readPayload(of: .v4(header), in: bytes, part: .ipv4Packet)
  }

  private mutating func readIPv6(_ bytes: WireBytes) {
    let view = IPv6View(bytes)
    guard let header = IPv6Header(view) else {
      if let version = view.version, version != 6 {
        note(.ipv6Header, .unsupported)
      } else {
        note(.ipv6Header, .short(present: bytes.count, needed: IPv6View.headerLength))
      }
      return
    }
    ip = .v6(header)
    readPayload(of: .v6(header), in: bytes, part: .ipv6Packet)
    let isLaterFragment = (header.fragment?.offset ?? 0) > 0
    if IPv6Extension.canPassOver(header.carried), !isLaterFragment {
      let rest = bytes.dropping(header.length)
      let needed = IPv6Extension.length(of: header.carried, in: rest) ?? 8
      if rest.count < needed { note(.ipv6Extension, .short(present: rest.count, needed: needed)) }
    }
  }

  /// Reads what an IP packet carries: as much as the header says there is, without the padding of a short frame.
  private mutating func readPayload(of ip: IPHeader, in bytes: WireBytes, part: Defect.Part) {
    let onWire = length - (ethernet?.length ?? 0)
    let stated = ip.statedLength ?? onWire
    if stated < ip.length {
      note(part, .field(name: "length", value: stated, least: ip.length))
    } else if stated > onWire {
      note(part, .short(present: onWire, needed: stated))
    }
    let payloadLength = max(0, stated - ip.length)
    let payload = bytes.dropping(ip.length).prefix(payloadLength)
    let fragment = ip.fragment
    if let fragment, fragment.offset > 0 {
      content = .fragment(of: ip.carried, offset: fragment.offset, length: payloadLength)
      return
    }
    switch ip.carried {
    case .tcp: readTCP(payload, length: payloadLength, isWhole: fragment?.more != true)
    case .icmp: readICMP(payload, version: .icmp, length: payloadLength, isWhole: fragment?.more != true)
    case .icmpv6: readICMP(payload, version: .icmpv6, length: payloadLength, isWhole: fragment?.more != true)
    default: content = .other(ip.carried, length: payloadLength)
    }
  }

  private mutating func readTCP(_ bytes: WireBytes, length: Int, isWhole: Bool) {
    let view = TCPView(bytes)
    guard let (segment, defect) = TCPSegment.read(view, length: length) else {
      if let stated = view.headerLength, stated < TCPView.shortestHeader {
        note(.tcpHeader, .field(name: "header length", value: stated, least: TCPView.shortestHeader))
      } else {
        let needed = max(view.headerLength ?? 0, TCPView.shortestHeader)
        note(.tcpHeader, .short(present: bytes.count, needed: needed))
      }
      return
    }
    content = .tcp(segment)
    if let defect { defects.append(defect) }
    guard let ip, isWhole else { return }
    checksums.content = view.checksumState(source: ip.source, destination: ip.destination, length: length)
  }

  private mutating func readICMP(_ bytes: WireBytes, version: ICMPMessage.Version, length: Int, isWhole: Bool) {
    let view = ICMPView(bytes)
    guard let message = ICMPMessage(view, version: version) else {
      note(.icmpMessage, .short(present: bytes.count, needed: ICMPView.headerLength))
      return
    }
    content = .icmp(message)
    guard let ip, isWhole else { return }
    let addresses = version == .icmpv6 ? (ip.source, ip.destination) : nil
    checksums.content = view.checksumState(between: addresses, length: length)
  }
}
