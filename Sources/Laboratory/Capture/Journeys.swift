internal import Packets

/// Follows each packet over the ends of the wires, from the sender's own interface to the receiver's.
///
/// A packet from kang to kodos passes four interfaces: `kang:eth0`, `switch:kang`, `switch:kodos`, `kodos:eth0`. Three
/// matchers a host pair up their captures by content: one for the way out over its wire, one for the way from any other
/// port to its own, one for the way in over its wire.
struct Journeys {
  /// A packet's way, as far as it was seen.
  struct Journey {
    /// The number of the capture it begins with.
    var start: Int
    /// The host that sent it; of a packet that no host sent, the one that it came to.
    var host: String
    /// Whether that host sent it.
    var isSent: Bool
    /// The host that it is for; `nil` if it is for none of the lab.
    var destination: String?
    /// When it was first seen, by the monotonic clock.
    var time: Int64
    /// The packet.
    var packet: Packet
    /// The captures of it, in the order of its way: number, interface and time.
    var marks: [Mark] = []

    /// Whether it came to the end of its way.
    var isWhole: Bool { destination != nil && marks.count == (isSent ? 4 : 2) }
  }

  /// One capture.
  struct Mark {
    var number: Int
    var interface: String
    var time: Int64
    fileprivate var next: Int?
  }

  private let hosts: [IPAddress: String]
  /// Addresses that a middle box translates into a host's.
  private let aliases: [IPAddress: String]
  /// How long a packet may be on its way between two interfaces, in nanoseconds.
  let grace: Int64
  /// From a host's own interface to its port in the switch.
  private var leaving: Stretch
  /// From any other port to the port of the host that a packet is for.
  private var between: Stretch
  /// From that port to the host's own interface.
  private var arriving: Stretch
  private var marks: [Int: Mark] = [:]
  /// Captures up to this number are forgotten.
  private(set) var oldestMark = 0
  private var number = 0
  private var open: [Journey] = []
  /// Captures at a port that may turn out to have been sent by no host.
  private var unexplained: [Int: Journey] = [:]

  /// - Parameter isTranslated: Whether addresses and ports are others behind the router.
  init(hosts: [IPAddress: String], aliases: [IPAddress: String] = [:], isTranslated: Bool = false, grace: Int64) {
    self.hosts = hosts
    self.aliases = aliases
    self.grace = grace
    leaving = Stretch(grace: grace)
    between = Stretch(grace: grace, isTranslated: isTranslated)
    arriving = Stretch(grace: grace)
  }

  /// When the oldest packet that is on its way was first seen.
  var oldest: Int64? {
    [open.first?.time, unexplained.values.map(\.time).min()].compactMap { $0 }.min()
  }

  /// Takes in a capture, and returns its number.
  mutating func take(_ sighting: Sighting) -> Int {
    number += 1
    marks[number] = Mark(number: number, interface: sighting.interface, time: sighting.time)
    let destination = destination(of: sighting.packet)
    let journey = Journey(
      start: number,
      host: sighting.host,
      isSent: sighting.isFromHost,
      destination: destination == sighting.host && sighting.isFromHost ? nil : destination,
      time: sighting.time,
      packet: sighting.packet
    )
    let isForHost = destination == sighting.host
    switch (sighting.end, sighting.isFromHost) {
    case (.host, true):
      open.append(journey)
      note(leaving.begin(sighting, of: sighting.host, number: number))
    case (.port, true):
      note(leaving.end(sighting, of: sighting.host, number: number))
      if let destination { note(between.begin(sighting, of: destination, number: number)) }
    case (.port, false) where isForHost:
      unexplained[number] = journey
      note(between.end(sighting, of: sighting.host, number: number))
      note(arriving.begin(sighting, of: sighting.host, number: number))
    case (.host, false) where isForHost: note(arriving.end(sighting, of: sighting.host, number: number))
    default: break
    }
    return number
  }

  /// Returns the packets that have come to the end of their way, and those that, at `now`, no longer can.
  ///
  /// Every capture must have been taken in up to `now`.
  mutating func settle(at now: Int64) -> [Journey] {
    for fate in leaving.settle(at: now) + between.settle(at: now) + arriving.settle(at: now) { note(fate) }
    var settled: [Journey] = []
    var underWay: [Journey] = []
    for journey in open {
      let seen = way(of: journey)
      if seen.isWhole || now - journey.time > grace { settled.append(seen) } else { underWay.append(journey) }
    }
    open = underWay
    // Older marks belong to no packet that is on its way.
    while let mark = marks[oldestMark + 1], now - mark.time > 4 * grace {
      oldestMark += 1
      marks[oldestMark] = nil
    }
    settled += strangers
    strangers = []
    return settled.sorted { ($0.time, $0.start) < ($1.time, $1.start) }
  }

  /// Returns all packets that are on their way: the run is over.
  mutating func finish() -> [Journey] {
    defer { open = [] }
    return open.map(way)
  }

  private var strangers: [Journey] = []

  private func destination(of packet: Packet) -> String? {
    guard let target = packet.target else { return nil }
    // A question for the router's own hardware address is for the router.
    return hosts[target] ?? (packet.tcp == nil ? nil : aliases[target])
  }

  private func way(of journey: Journey) -> Journey {
    var seen = journey
    var next: Int? = journey.start
    while let number = next, let mark = marks[number] {
      seen.marks.append(mark)
      next = mark.next
    }
    return seen
  }

  private mutating func note(_ fate: WireMatcher.Fate?) {
    switch fate {
    case .arrived(let sent, let received, _):
      marks[sent]?.next = received
      unexplained[received] = nil
    case .strange(let received):
      if let journey = unexplained.removeValue(forKey: received) { strangers.append(way(of: journey)) }
    case .lost, nil: break
    }
  }
}
