extension Observation {
  /// The packet in one line: who to whom, what it says, and what it is.
  ///
  /// `kang:33226 → kodos:8080  PSH ACK  seq 1:23 ack 1 len 22 win 64512  retransmission 9`
  public func line(names: HostNames = HostNames()) -> String {
    var columns = [direction(names)] + content(names)
    var remarks: [String] = []
    if case .wrong? = packet.checksums.header { remarks.append("IPv4 header checksum wrong") }
    if case .wrong? = packet.checksums.content { remarks.append("checksum wrong") }
    remarks += packet.defects.map(\.description)
    if !remarks.isEmpty { columns.append("[" + remarks.joined(separator: "; ") + "]") }
    return columns.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// What the packet says besides flags and numbers: an ARP question, an ICMP message, TCP options that matter.
  public func saying(names: HostNames = HostNames()) -> String {
    switch packet.content {
    case .tcp(let segment):
      return (segment.options.compactMap(\.text) + sackBlocks.map { "sack \($0.lowerBound):\($0.upperBound)" })
        .joined(separator: " ")
    case .arp(let message): return message.text(names)
    case .icmp(let message):
      let about = kind == .icmpError ? about(message, names) : ""
      return [message.text(names), about].filter { !$0.isEmpty }.joined(separator: " ")
    case .fragment(_, let offset, _): return "fragment at \(offset)"
    case .unreadable: return "unreadable"
    case .other, .frame: return ""
    }
  }

  private func direction(_ names: HostNames) -> String {
    if let ip = packet.ip {
      guard let segment = packet.tcp else { return "\(names.name(of: ip.source)) → \(names.name(of: ip.destination))" }
      let source = Endpoint(ip.source, segment.sourcePort)
      let destination = Endpoint(ip.destination, segment.destinationPort)
      return "\(names.name(of: source)) → \(names.name(of: destination))"
    }
    if case .arp(let message) = packet.content, let ethernet = packet.ethernet {
      let target = ethernet.destination == .broadcast ? "all" : names.name(of: message.targetAddress)
      return "\(names.name(of: message.senderAddress)) → \(target)"
    }
    guard let ethernet = packet.ethernet else { return "" }
    return "\(names.name(of: ethernet.source)) → \(names.name(of: ethernet.destination))"
  }

  private func content(_ names: HostNames) -> [String] {
    switch packet.content {
    case .tcp(let segment): return [segment.flags.description, numbers(of: segment), saysMore ? phrase : ""]
    case .arp(let message): return ["ARP", message.text(names), phrase]
    case .icmp(let message):
      let name = message.version == .icmp ? "ICMP" : "ICMPv6"
      return [name, message.text(names), kind == .icmpError ? about(message, names) : phrase]
    case .fragment(let carried, let offset, let length): return ["\(carried)  fragment at \(offset), len \(length)"]
    case .other(let carried, let length): return ["\(carried)  len \(length)"]
    case .frame(let type, let length): return ["\(type)  len \(length)"]
    case .unreadable: return ["unreadable  len \(packet.length)"]
    }
  }

  /// Whether the phrase says more than the flags do.
  private var saysMore: Bool {
    switch kind {
    case .syn, .synAck, .ack, .other: false
    case .fin: (packet.tcp?.length ?? 0) > 0
    default: true
    }
  }

  private func numbers(of segment: TCPSegment) -> String {
    var words: [String] = []
    let start = sequence ?? Int(segment.sequence.value)
    words.append(segment.length > 0 ? "seq \(start):\(start + segment.length)" : "seq \(start)")
    if segment.flags.contains(.ack) {
      words.append("ack \(acknowledgment.map(String.init) ?? segment.acknowledgment.description)")
    }
    words.append("len \(segment.length)")
    if !segment.flags.contains(.rst) {
      words.append("win \(window ?? Int(segment.window))\(windowIsScaled ? "" : " unscaled")")
    }
    words += segment.options.compactMap(\.text)
    words += sackBlocks.map { "sack \($0.lowerBound):\($0.upperBound)" }
    return words.joined(separator: " ")
  }

  private func about(_ message: ICMPMessage, _ names: HostNames) -> String {
    guard let quoted = message.quoted else { return "" }
    guard let ports = quoted.ports else {
      return "about \(names.name(of: quoted.source)) → \(names.name(of: quoted.destination)) \(quoted.carried)"
    }
    let source = names.name(of: Endpoint(quoted.source, ports.source))
    let destination = names.name(of: Endpoint(quoted.destination, ports.destination))
    return "about \(source) → \(destination)" + (sequence.map { " seq \($0)" } ?? "")
  }
}

extension TCPOption {
  /// What the option says, where a reader wants to know it: those of SYNs, and unknown ones.
  fileprivate var text: String? {
    switch self {
    case .maximumSegmentSize(let size): "mss \(size)"
    case .windowScale(let shift): "wscale \(shift)"
    case .sackPermitted: "sackOK"
    case .fastOpen(let cookie): cookie.isEmpty ? "fast open?" : "fast open \(cookie.map(\.hexadecimal).joined())"
    case .unknown(let kind, let data): "option \(kind) (\(data.count) bytes)"
    case .end, .noOperation, .sack, .timestamps: nil
    }
  }
}

extension ARPMessage {
  fileprivate func text(_ names: HostNames) -> String {
    switch operation {
    case ARPMessage.request where !isAnnouncement: "who has \(targetAddress)?"
    case ARPMessage.request, ARPMessage.reply: "\(senderAddress) is at \(senderHardware)"
    default: "operation \(operation)"
    }
  }
}

extension ICMPMessage {
  fileprivate func text(_ names: HostNames) -> String {
    switch meaning {
    case .echoRequest(let identifier, let sequence): return "echo request \(sequence) of \(identifier)"
    case .echoReply(let identifier, let sequence): return "echo reply \(sequence) of \(identifier)"
    case .unreachable(let reason, _): return reason.text
    case .packetTooBig(let mtu, _): return mtu == 0 ? "packet too big" : "packet too big, at most \(mtu) bytes"
    case .timeExceeded(let reassembly, _): return reassembly ? "fragments missing" : "too many routers on the way"
    case .parameterProblem(let place, _): return "header wrong at byte \(place)"
    case .redirect(let router, _): return "redirect to " + (router.map { names.name(of: $0) } ?? "?")
    case .neighborSolicitation(let target, _): return "who has \(target?.description ?? "?")?"
    case .neighborAdvertisement(let target, let link, _):
      return "\(target?.description ?? "?") is at \(link?.description ?? "?")"
    case .routerSolicitation: return "router solicitation"
    case .routerAdvertisement: return "router advertisement"
    case .other: return "type \(type) code \(code)"
    }
  }
}
