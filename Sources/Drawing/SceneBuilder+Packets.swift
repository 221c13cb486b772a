internal import Timeline

extension SceneBuilder {
  /// Adds the arrow of a packet.
  mutating func add(_ packet: PacketSample, _ event: Event) {
    let own = lane(of: event)
    let isARP = packet.carried == "ARP"
    let other = addresses[packet.direction == .out ? address(of: packet.destination) : address(of: packet.source)]
    let isLost = packet.fate == .lost
    // A question that is answered is no part of the story; one that nobody answers is.
    let level: UInt8 = isARP && !isLost ? 1 : 0
    var item = Scene.Item(
      time: event.time,
      kind: isARP ? .arp : .packet,
      text: words(of: packet).shown,
      tone: isLost ? .failure : packet.flags?.contains("RST") == true ? .deed : .plain,
      level: level,
      lane: own,
      target: other == own ? nil : other,
      event: place
    )
    if packet.direction == .in {
      // Something between the hosts made it: its arrow comes from there.
      item.lane = nil
      item.target = own
    }
    // What is known of its flight is how long it took; a lost one died on the way, at a moment that nobody saw.
    item.until = packet.took.map { event.time + .nanoseconds(max(0, min($0, 3_600_000_000_000))) }
    if isLost {
      item.reach = reach(of: packet)
      item.cause = (packet.cause ?? "lost").shown
    }
    if own == nil && other == nil { item.kind = .note }
    scene.items.append(item)
  }

  /// How far a lost packet came: every interface that saw it is a quarter of its way.
  private func reach(of packet: PacketSample) -> Double {
    switch packet.seen.count {
    case ...1: 0.14
    case 2: 0.5
    default: 0.86
    }
  }

  private func address(of end: String) -> String {
    if end.hasPrefix("[") { return String(end.dropFirst().prefix { $0 != "]" }) }
    let parts = end.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 2 ? String(parts[0]) : end
  }

  /// The packet in a few words: `retransmission 5, 22 bytes`, `SYN`, `ACK of 23`.
  private func words(of packet: PacketSample) -> String {
    guard let flags = packet.flags else {
      let words = [packet.carried, packet.text ?? packet.meaning].compactMap { $0 }
      return words.joined(separator: ": ")
    }
    let bytes = packet.length > 0 ? "\(packet.length) \(packet.length == 1 ? "byte" : "bytes")" : nil
    let names = Set(flags.split(separator: " "))
    let meaning = packet.meaning ?? flags
    var shown = [meaning]
    // What ends or refuses a connection is named by its flag.
    for name in ["FIN", "RST"] where names.contains(Substring(name)) && !meaning.contains(name) {
      shown = [name] + shown
    }
    if packet.meaning == "handshake done" { shown = ["ACK, handshake done"] }
    return (shown + [bytes].compactMap { $0 }).joined(separator: ", ")
  }
}
