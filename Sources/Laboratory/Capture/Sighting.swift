internal import Packets

/// A frame that passed one end of a host's wire.
struct Sighting {
  /// The two ends of a host's wire.
  enum End: Hashable {
    /// `eth0` in the host.
    case host
    /// The port in the switch.
    case port
  }

  /// Whose wire it is.
  var host: String
  /// At which end.
  var end: End
  /// Whether the frame comes from the host, or goes to it.
  var isFromHost: Bool
  /// When, by the monotonic clock.
  var time: Int64
  /// When, in nanoseconds since 1970.
  var realtime: Int64
  /// Its first bytes.
  var bytes: [UInt8]
  /// Its whole length.
  var length: Int
  /// The frame, decoded.
  var packet: Packet

  /// The name of the interface: `kang:eth0`, or `switch:kang`.
  var interface: String { Sighting.interface(of: host, end) }

  /// The name of the interface at an end of a host's wire.
  static func interface(of host: String, _ end: End) -> String {
    switch end {
    case .host: "\(host):eth0"
    case .port: "switch:\(host)"
    }
  }
}

extension Packet {
  /// The address that the packet is for: of an ARP message, the one that is asked for or answered to.
  var target: IPAddress? {
    if case .arp(let message) = content { return message.targetAddress }
    return ip?.destination
  }
}
