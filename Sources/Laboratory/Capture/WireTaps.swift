internal import Packets
internal import Sockets

/// The open captures: at both ends of the wire of every host that is on.
final class WireTaps {
  private struct Tap {
    var host: String
    var end: Sighting.End
    var ring: PacketRing
    var interface: Int32
  }

  /// What one reading of all rings gave.
  struct Harvest {
    /// The frames, the earlier first.
    var sightings: [Sighting] = []
    /// The hosts on whose own side something passed, on the loopback link too.
    var hosts: Set<String> = []
    /// How many frames were passed over: they came too fast.
    var passedOver = 0
    /// How many frames the kernel had no room for.
    var lost = 0
    /// How many frames there were in all.
    var count = 0
  }

  private var taps: [Tap] = []
  /// So many frames may be looked at: what has been saved up in quiet times is spent in lively ones.
  private var budget = WireTaps.largestBudget
  private var budgetTime = Clock.monotonic

  /// Handshakes of some thousand connections at once.
  private static let largestBudget = 20_000
  /// A frame takes some ten microseconds to look at: this bounds the share of a core that a bulk transfer costs.
  private static let budgetPerSecond = 400

  /// Opens the captures of a host that has been switched on.
  func open(_ place: Place, network: Network) throws(LaboratoryError) {
    taps.append(
      try network.inNamespace(place.host) { () throws(LaboratoryError) in try WireTaps.open(place.host, .host, "eth0") }
    )
    taps.append(
      try network.inNamespace("switch") { () throws(LaboratoryError) in
        try WireTaps.open(place.host, .port, place.host)
      }
    )
  }

  private static func open(_ host: String, _ end: Sighting.End, _ name: String) throws(LaboratoryError) -> Tap {
    do throws(SystemError) {
      guard let interface = PacketRing.interface(named: name) else {
        throw SystemError(call: "if_nametoindex", subject: name, errno: .last)
      }
      // The host's own side also tells of the loopback link, where programs may talk among themselves.
      let ring = try PacketRing(interface: end == .port ? interface : nil)
      return Tap(host: host, end: end, ring: ring, interface: interface)
    } catch {
      throw LaboratoryError("capturing the packets of \(host)", error)
    }
  }

  /// Closes the captures of a host that was switched off.
  func close(_ host: String) {
    taps.removeAll { $0.host == host }
  }

  /// The descriptors that are readable when something has passed.
  var descriptors: [CInt] { taps.map(\.ring.descriptor) }

  /// Reads all rings.
  func read() -> Harvest {
    var harvest = Harvest()
    // The wall clock may be set at any time: its distance is measured anew for each reading. It is off by at most half
    // of the time between the two readings of the monotonic clock, some hundred nanoseconds.
    let before = Clock.monotonic
    let realtime = Clock.realtime
    let after = Clock.monotonic
    let offset = realtime - (before + (after - before) / 2)
    refillBudget(at: after)
    for tap in taps {
      let isRead = budget > 0
      let count = tap.ring.drain(isRead: isRead) { frame in
        guard frame.interface == tap.interface else { return }
        let packet = Packet(frame.bytes, length: frame.length)
        harvest.sightings.append(
          Sighting(
            host: tap.host,
            end: tap.end,
            isFromHost: frame.isOutgoing == (tap.end == .host),
            time: frame.realtime - offset,
            realtime: frame.realtime,
            bytes: frame.bytes,
            length: frame.length,
            packet: packet
          )
        )
      }
      guard count > 0 else { continue }
      harvest.count += count
      if isRead { budget -= count } else { harvest.passedOver += count }
      if tap.end == .host { harvest.hosts.insert(tap.host) }
      harvest.lost += tap.ring.takeLossCount()
    }
    harvest.sightings.sort { $0.time < $1.time }
    return harvest
  }

  private func refillBudget(at now: Int64) {
    let earned = Int((now - budgetTime) * Int64(WireTaps.budgetPerSecond) / 1_000_000_000)
    guard earned > 0 else { return }
    budget = min(WireTaps.largestBudget, budget + earned)
    budgetTime = now
  }
}
