// A failure can be another than the one that was meant. A packet that the sender's own stack refuses (a rule in its OUTPUT
// chain, a queueing discipline, a lost carrier) makes Linux's TCP retry every 500 ms and give up several times sooner
// than one that dies on the wire. The captures tell the two apart.

internal import LabScript
internal import Timeline

/// What the packets say against the lab's own statements.
func contradictions(between script: Script, and record: Record) -> [String] {
  let packets = record.events.compactMap { event -> Contradictions.Packet? in
    guard case .packet(let sample) = event.body, let host = event.host else { return nil }
    return Contradictions.Packet(time: event.time, host: host, sample: sample)
  }
  let hasGap = record.events.contains {
    if case .note(let text) = $0.body { text.contains(PacketSample.missedNote) } else { false }
  }
  // A timeline without packets, or with gaps, proves nothing.
  guard !packets.isEmpty, !hasGap else { return [] }
  let search = Contradictions(script: script, record: record, packets: packets)
  let found = search.refusedBySender + search.lostWithoutReason + search.passedNevertheless
  return found.map { "the lab did not do what it says: " + $0 }
}

extension SocketSample {
  /// Everything that was sent without being answered.
  ///
  /// Data that the own stack refused before they were under way are
  /// counted as zero-window probes: `tcp_check_probe_timer` arms that timer where nothing is in flight.
  fileprivate var unansweredCount: Int { (totalRetransmissions ?? 0) + (probes ?? 0) }
}

extension PacketSample {
  /// Whether it asks for a link address, as ARP does: ICMPv6 to the group of those who may have the address.
  fileprivate var isNeighbourSolicitation: Bool { carried == "ICMPv6" && destination.hasPrefix("ff02::1:ff") }
}

/// The search for what contradicts the lab.
private struct Contradictions {
  struct Packet {
    var time: Moment
    var host: String
    var sample: PacketSample
  }

  let script: Script
  let record: Record
  let packets: [Packet]

  /// Hosts whose kernel says that it sends again what its own interface never saw.
  var refusedBySender: [String] {
    // A sample may be older than its time by as long as its reader was put aside, so what is counted between two samples
    // may have been sent before the first of them: it is looked for from the sample before that on, or from the beginning.
    let beginning = record.events.first?.time ?? .zero
    var last: [String: (earlier: Moment, time: Moment, count: Int)] = [:]
    var told: Set<String> = []
    var problems: [String] = []
    for event in record.events {
      guard let host = event.host, case .socket(let sample) = event.body, sample.state != .listen,
        !script.misleadingHosts.contains(host)
      else { continue }
      let count = sample.unansweredCount
      let connection = "\(host) \(sample.local) to \(sample.remote)"
      let before = last[connection]
      last[connection] = (before?.time ?? beginning, event.time, count)
      guard let before, count > before.count, !told.contains(connection) else { continue }
      guard !hasNoCarrier(host, between: before.earlier, and: event.time),
        !hasSent(host, sample, between: before.earlier, and: event.time)
      else { continue }
      told.insert(connection)
      problems.append(
        "\(connection) counts a retransmission or probe at \((event.time - .zero).text), and \(host)'s own interface saw none: "
          + "its own stack refused it"
      )
    }
    return problems
  }

  /// Whether the interface of `host` saw something of a connection, or a question for a link address that the
  /// connection waits for.
  private func hasSent(_ host: String, _ socket: SocketSample, between start: Moment, and end: Moment) -> Bool {
    packets.contains { packet in
      guard packet.host == host, packet.sample.direction == .out,
        (packet.time - start) + Tolerance.observer >= .zero, (end - packet.time) + Tolerance.observer >= .zero
      else { return false }
      if packet.sample.carried == "ARP" || packet.sample.isNeighbourSolicitation { return true }
      // What ends a handshake is sent once, and no timer counts it.
      if packet.sample.meaning == "handshake done" { return false }
      return packet.sample.source == socket.local && packet.sample.destination == socket.remote
    }
  }

  private func hasNoCarrier(_ host: String, between start: Moment, and end: Moment) -> Bool {
    spans { action in
      if case .wire(.unplug, host) = action { true } else { false }
    } endedBy: { action in
      switch action {
      case .wire(.plug, host), .power(_, host): true
      default: false
      }
    }.contains { $0.start <= end && start <= $0.end }
  }

  /// Packets that died although no statement says that they would.
  var lostWithoutReason: [String] {
    let lost = packets.filter { $0.sample.fate == .lost && $0.sample.line == nil }
    guard let first = lost.first else { return [] }
    let more = lost.count > 1 ? ", and \(lost.count - 1) more did" : ""
    return [
      "a packet from \(first.sample.source) to \(first.sample.destination) died \(first.sample.cause ?? "somewhere") at "
        + "\((first.time - .zero).text), and no statement of the lab explains it\(more)"
    ]
  }

  /// Packets that came through a wire that was cut, or from or to a host without power.
  var passedNevertheless: [String] {
    script.hosts.flatMap { host in
      let name = host.name
      let into = broken(name) { $0 == .cut || $0 == .cutInto || $0 == .unplug }
      let outOf = broken(name) { $0 == .cut || $0 == .cutOutOf || $0 == .unplug }
      return packets.filter { packet in
        guard packet.sample.fate == .arrived else { return false }
        let isInto = packet.sample.seen.last == "\(name):eth0"
        return (packet.host == name && outOf.contains { $0.start < packet.time && packet.time < $0.end })
          || (isInto && into.contains { $0.start < packet.time && packet.time < $0.end })
      }
      .prefix(1).map { packet in
        "a packet from \(packet.sample.source) to \(packet.sample.destination) arrived at \((packet.time - .zero).text), "
          + "when nothing could pass \(name)'s wire"
      }
    }
  }

  private func broken(_ host: String, _ isMeant: (WireFault) -> Bool) -> [(start: Moment, end: Moment)] {
    spans { action in
      switch action {
      case .wire(let fault, host): isMeant(fault)
      case .power(.off, host): true
      default: false
      }
    } endedBy: { action in
      switch action {
      case .wire(_, host), .power(_, host): true
      default: false
      }
    }
  }

  /// From when to when what a statement did was surely in force: from the next event of the laboratory's own course on.
  private func spans(_ begins: (Action) -> Bool, endedBy ends: (Action) -> Bool) -> [(start: Moment, end: Moment)] {
    var spans: [(start: Moment, end: Moment)] = []
    var (isPending, open): (Bool, Moment?) = (false, nil)
    for event in record.events {
      switch event.body {
      case .fault(let line, _):
        guard let action = script.steps.first(where: { $0.line == line })?.action else { continue }
        if ends(action), let start = open {
          spans.append((start, event.time))
          open = nil
        }
        isPending = begins(action)
      case .step, .waiting, .end:
        if isPending { open = event.time }
        isPending = false
      default: break
      }
    }
    if let open { spans.append((open, record.end)) }
    return spans
  }
}
