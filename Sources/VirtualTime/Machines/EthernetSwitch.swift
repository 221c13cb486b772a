internal import Laboratory
internal import LabScript

/// A switch, and a router between its segments where there are several: which frame goes where.
///
/// It only decides, and knows no descriptor.
struct EthernetSwitch {
  /// A frame on its way to a host.
  typealias Delivery = (host: String, frame: [UInt8])

  private struct Port {
    var wire: MachineWire
    var hardware: [UInt8]
    var address: [UInt8]
    /// Whether a frame may go into the host, and out of it.
    var passesInto = true
    var passesOutOf = true
    /// Whether the plug is in.
    var isPlugged = true
    /// Whether the host is on.
    var isOn = false
  }

  private var ports: [Port]
  /// Where each Ethernet address was seen last, by segment.
  private var learned: [[UInt8]: String] = [:]

  /// A switch with a port for each host, all of them off.
  init(_ wires: [MachineWire]) {
    ports = wires.map { wire in
      Port(
        wire: wire,
        hardware: wire.hardwareAddress.split(separator: ":").compactMap { UInt8($0, radix: 16) },
        address: EthernetSwitch.octets(wire.address)
      )
    }
  }

  /// A host's machine was switched on or off.
  mutating func switchPower(of host: String, on isOn: Bool) {
    change(host) { $0.isOn = isOn }
  }

  /// A wire was cut, mended, plugged in or pulled out.
  mutating func change(_ host: String, _ fault: WireFault) {
    change(host) { port in
      switch fault {
      case .cut: (port.passesInto, port.passesOutOf) = (false, false)
      case .cutInto: port.passesInto = false
      case .cutOutOf: port.passesOutOf = false
      case .restore: (port.passesInto, port.passesOutOf) = (true, true)
      case .unplug: port.isPlugged = false
      case .plug: port.isPlugged = true
      }
    }
  }

  private mutating func change(_ host: String, _ body: (inout Port) -> Void) {
    for index in ports.indices where ports[index].wire.host == host { body(&ports[index]) }
  }

  /// What becomes of a frame that `host` has sent.
  mutating func passOn(_ frame: [UInt8], from host: String) -> [Delivery] {
    guard frame.count >= 14, let port = ports.first(where: { $0.wire.host == host }), port.isOn, port.isPlugged,
      port.passesOutOf
    else { return [] }
    let (target, source) = (Array(frame[0..<6]), Array(frame[6..<12]))
    if source[0] & 1 == 0 { learned[source] = host }
    if let gateway = port.wire.gateway {
      let router = EthernetSwitch.routerHardware(of: port.wire.segment)
      if let answer = EthernetSwitch.answer(frame, for: EthernetSwitch.octets(gateway), router) {
        return deliveries(of: answer, to: [host])
      }
      if target == router { return route(frame, into: port.wire.segment) }
    }
    let others = ports.filter { $0.wire.segment == port.wire.segment && $0.wire.host != host }.map(\.wire.host)
    if let known = learned[target], others.contains(known) { return deliveries(of: frame, to: [known]) }
    return deliveries(of: frame, to: others)
  }

  private func deliveries(of frame: [UInt8], to hosts: [String]) -> [Delivery] {
    ports.filter { hosts.contains($0.wire.host) && $0.isOn && $0.isPlugged && $0.passesInto }
      .map { ($0.wire.host, frame) }
  }

  // MARK: The router

  /// Sends an IPv4 packet on to the host that it is for.
  ///
  /// The router knows every host's Ethernet address for good and never asks: a dead host behind it is silence.
  private func route(_ frame: [UInt8], into segment: String) -> [Delivery] {
    guard frame.count >= 34, frame[12] == 0x08, frame[13] == 0x00, frame[14] >> 4 == 4, frame[22] > 1,
      let port = ports.first(where: { $0.address == Array(frame[30..<34]) }), port.wire.segment != segment
    else { return [] }
    var frame = frame
    frame.replaceSubrange(0..<12, with: port.hardware + EthernetSwitch.routerHardware(of: port.wire.segment))
    frame[22] -= 1
    // The checksum of a header whose first byte of a word became smaller by one, RFC 1141.
    let sum = (UInt32(frame[24]) << 8 | UInt32(frame[25])) + 0x100
    let folded = sum & 0xFFFF + sum >> 16
    (frame[24], frame[25]) = (UInt8(folded >> 8), UInt8(folded & 0xFF))
    return deliveries(of: frame, to: [port.wire.host])
  }

  /// The answer to an ARP request (RFC 826) for the router's `address`; `nil` if the frame is none.
  private static func answer(_ frame: [UInt8], for address: [UInt8], _ hardware: [UInt8]) -> [UInt8]? {
    let request: [UInt8] = [0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1]
    guard frame.count >= 42, Array(frame[12..<22]) == request, Array(frame[38..<42]) == address else { return nil }
    let asker = Array(frame[22..<32])
    return Array(asker[0..<6]) + hardware + request.dropLast() + [2] + hardware + address + asker
  }

  /// The router's own Ethernet address on a segment.
  private static func routerHardware(of segment: String) -> [UInt8] {
    [2, 0, 0, 0, 0xFF, segment.utf8.last ?? 0]
  }

  private static func octets(_ address: String) -> [UInt8] {
    address.split(separator: ".").compactMap { UInt8($0) }
  }
}
